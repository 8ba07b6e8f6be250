#!/bin/sh
# What a newcomer types first, and what a script does next; tests/test_newcomer.py runs it with each way of giving a key.
set -eu

if [ "${1-}" = keygen ]; then
    jwtcli keygen
fi
jwtcli encode --sub alice --ttl 1h > token.txt
jwtcli verify < token.txt

user=$(jwtcli verify --claim sub < token.txt)
echo "user: $user"

jwtcli encode --sub alice --at -2h --ttl 1h > expired.txt
if jwtcli verify < expired.txt > /dev/null; then
    echo "an expired token was accepted"
    exit 1
else
    status=$?
fi
case $status in
    5) echo "expired: log in again" ;;
    *) exit "$status" ;;
esac

# A claim of a token that is refused is no claim: nothing is printed, and the script can tell.
if nobody=$(jwtcli verify -q --claim sub < expired.txt); then
    exit 1
fi
echo "nobody: '${nobody}'"
