"""Make, read and verify JSON Web Tokens on the command line."""

__version__ = "0.1.0"
