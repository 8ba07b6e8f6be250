#!/bin/sh
# A key for a new one, while no token is refused that was good a moment before.
#
# current.jwk   the private key that signs today (made here if there is none)
# jwks.json     what verifiers read
set -eu

publish() { # the public halves in one JWK Set, put in place at once
    jwtcli jwks "$@" > jwks.json.new
    mv jwks.json.new jwks.json
}

[ -e current.jwk ] || jwtcli keygen -q --alg ES256 -o current.jwk --public current.public.jwk
publish current.public.jwk
jwtcli encode --sub alice --ttl 10m --key current.jwk > before.txt

# 1. A new key. Verifiers learn of it before it signs anything.
jwtcli keygen -q --alg ES256 -o next.jwk --public next.public.jwk
publish current.public.jwk next.public.jwk

# 2. The new key signs. Tokens of both are accepted, each by the key that its kid names.
jwtcli encode --sub alice --ttl 10m --key next.jwk > after.txt
jwtcli verify -q --jwks jwks.json < before.txt
jwtcli verify -q --jwks jwks.json < after.txt

# 3. Once the last token of the old key has expired (here: after ten minutes), the old key is dropped.
publish next.public.jwk
mv next.jwk current.jwk
mv next.public.jwk current.public.jwk
