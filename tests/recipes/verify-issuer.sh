#!/bin/sh
# Who calls? Verify a token of GitHub Actions or Kubernetes against the keys that its issuer publishes.
# The token comes on standard input.
#
# ISSUER_URL   https://token.actions.githubusercontent.com, or the URL of the cluster's issuer
# AUDIENCE     whom the token must be for
# SUBJECT      whom it must be about, such as repo:octo/app:ref:refs/heads/main
# ALLOW_HTTP   --allow-http for an issuer on this machine, else nothing
set -eu

# shellcheck disable=SC2086 # no option at all where ALLOW_HTTP is empty
jwtcli verify --issuer-url "$ISSUER_URL" ${ALLOW_HTTP-} --aud "$AUDIENCE" --sub "$SUBJECT" --require exp --claim sub
