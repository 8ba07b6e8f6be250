"""The commands: each one a thin layer of options over a single call into the core."""
