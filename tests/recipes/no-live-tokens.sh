#!/bin/sh
# A pre-commit hook: no token that still works goes into the repository. Expired ones, as tests have them, may.
# To use it: cp no-live-tokens.sh .git/hooks/pre-commit
# It looks for tokens as they are sent. One in another spelling is not found: in UTF-16, with %2E for its dots, in an archive.
set -eu
export LC_ALL=C # bytes are compared, which takes time in proportion to their number

fail() {
    printf 'no-live-tokens.sh: %s\n' "$1" >&2
    exit 1
}

for program in git jq jwtcli; do
    command -v "$program" > /dev/null || fail "$program is not installed, so nothing was looked at"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Lines of the index that could hold a token: jwtcli tells whether they do. No such line at all is status 1.
lines() {
    git grep --cached --text --no-color "$@" -E '[A-Za-z0-9_-]{10}\.[A-Za-z0-9_-]{2,}\.' || [ $? -eq 1 ]
}
lines -h > "$work/lines"
lines --count > "$work/files"
# Once more without what reads on behind a token and makes another one of it: a full stop, '=', the rest of an SD-JWT.
sed -E 's/([A-Za-z0-9_-]{10}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*)[.=~+]/\1 /g' "$work/lines" > "$work/cut"

for text in lines cut; do
    status=0
    jwtcli decode --lines --find --json < "$work/$text" 2> /dev/null || status=$?
    case $status in
        0 | 3) ;; # 3: what is no token was among them, or nothing else
        *) fail "jwtcli ended with status $status, so nothing is known" ;;
    esac
done > "$work/tokens"
# What cannot be told to be dead may be alive: a token in a token, one whose times are no numbers.
jq '
    if .error.code == "too_large" then error("a line is too large to be looked at") else . end
    | select((.lifetime.status == ("active", "no_expiry", "not_yet_valid", "invalid"))
        or (.error.code == ("nested_jwt", "b64"))).line
' "$work/tokens" > "$work/alive" || fail "so nothing is known"

# The lines of each file follow one another, so their counts tell in which a line stands.
awk '
    FILENAME == ARGV[1] { alive[$1]; next }
    {
        match($0, /:[0-9]+$/)
        name = substr($0, 1, RSTART - 1)
        told = 0
        for (count = substr($0, RSTART + 1); count > 0; count--)
            if (++line in alive && !told++) print "a token that is alive stands in " name
        found = found || told
    }
    END { exit found }
' "$work/alive" "$work/files" >&2
