"""Mint, read and judge JSON Web Tokens from the command line."""

__version__ = "0.1.0"
