"""A local issuer for tests, over HTTP: the optional extra ``jwtcli[serve]``."""
