#!/bin/sh
# Deploy only with a token that says so, and tell apart why not. The token comes on standard input.
#
# JWTCLI_KEY   the public key (PEM or JWK) of whoever hands out deployment tokens
set -eu

status=0
environment=$(jwtcli verify --aud deploy --require exp --max-age 1h --claim environment) || status=$?
case $status in
    0) printf 'deploying to %s\n' "$environment" ;;
    5) echo "the deployment token has expired: start the pipeline again" >&2 ;;
    4) echo "the deployment token is signed by somebody else: tell the security team" >&2 ;;
    *) echo "no deployment: jwtcli says why above" >&2 ;;
esac
exit "$status"
