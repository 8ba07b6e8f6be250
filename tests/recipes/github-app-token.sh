#!/bin/sh
# The token by which a GitHub App says who it is: RS256, issued a minute back since clocks differ, good for ten minutes.
#
# JWTCLI_KEY   the App's private key (PEM), as GitHub gave it
# APP_ID       the App's client ID
set -eu

header=$(mktemp)
trap 'rm -f "$header"' EXIT
jwtcli encode --mask --alg RS256 --iss "$APP_ID" --iat -60s --ttl 10m --as header > "$header"
curl --fail --silent --show-error --header "@$header" "${GITHUB_API_URL:-https://api.github.com}/app"
