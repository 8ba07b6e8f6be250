"""What jwtcli knows about tokens and keys, with no idea of a command line."""
