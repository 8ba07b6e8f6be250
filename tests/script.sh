#!/bin/sh
# What a newcomer types and what a CI job scripts, with the installed jwtcli and an empty JWTCLI_HOME.
set -eu
cd "$1"

echo "== the three lines"
jwtcli keygen
jwtcli encode --sub alice --ttl 1h > token.txt
jwtcli verify < token.txt

echo "== a job that mints, verifies, branches and reads a claim"
job() {
    jwtcli encode --quiet --sub alice --aud api > token.txt
    jwtcli verify --quiet --aud api < token.txt

    jwtcli encode --quiet --sub alice --at -2h --ttl 1h > expired.txt
    status=0
    jwtcli verify --quiet < expired.txt 2> why.txt || status=$?
    case $status in
        5) echo "expired, as it should be" ;;
        *) echo "status $status where 5 was expected" >&2; exit 1 ;;
    esac
    grep -q '^jwtcli: error: refused: exp: expired 1h' why.txt

    if jwtcli verify --quiet --aud another < token.txt 2> /dev/null; then
        echo "a token for the api was accepted elsewhere" >&2; exit 1
    fi

    user=$(jwtcli verify --claim sub --aud api < token.txt)
    test "$user" = alice
    if user=$(jwtcli verify --claim sub < expired.txt 2> /dev/null); then
        echo "a claim of an expired token was printed" >&2; exit 1
    fi
    test -z "$user"
}
job

echo "== the same with nothing but a key file"
jwtcli keygen --quiet --alg ES256 -f pem -o private.pem
rm "$JWTCLI_HOME/key.jwk"
(export JWTCLI_KEY_FILE=private.pem; job)

echo "== the same with nothing but a secret"
(JWTCLI_SECRET=$(jwtcli keygen --quiet -f hex -o -); export JWTCLI_SECRET; job)

echo "== and with none of them nothing is minted"
status=0
jwtcli encode --quiet --sub alice > none.txt 2> /dev/null || status=$?
test "$status" = 8
test ! -s none.txt
