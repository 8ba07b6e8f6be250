#!/bin/sh
# A pre-commit hook: no token that still works goes into the repository. Expired ones, as tests have them, may.
# To use it: cp no-live-tokens.sh .git/hooks/pre-commit
set -eu

git grep --cached -aoE 'eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+' | sort -u | {
    live=0
    while IFS= read -r line; do
        lifetime=$(printf '%s\n' "${line##*:}" | jwtcli decode --json 2> /dev/null | jq -r .lifetime.status) || continue
        case $lifetime in
            active | no_expiry | not_yet_valid)
                echo "a token that is alive stands in ${line%:*}" >&2
                live=1
                ;;
        esac
    done
    exit "$live"
}
