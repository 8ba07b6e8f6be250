#!/bin/sh
# An integration test that calls a service as the service's own clients do: with a short-lived token.
#
# JWTCLI_SECRET   the HMAC secret that the service verifies with
# SERVICE_URL     what to call
set -eu

header=$(mktemp)
trap 'rm -f "$header"' EXIT
jwtcli encode --mask --sub integration-test --aud api --ttl 5m -c role=tester --as header > "$header"
curl --fail --silent --show-error --header "@$header" "$SERVICE_URL"
