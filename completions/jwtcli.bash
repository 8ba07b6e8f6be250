# Completion of jwtcli in bash, made by 'jwtcli completion bash'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

_jwtcli() {
    local IFS=$' \t\n' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command="" option="" prefix="" words="" ended="" index
    COMPREPLY=()

    # behind < and > bash asks here too, and takes a command that answers for one that has no files to offer
    if [[ $prev == *[\<\>] ]]; then
        _jwtcli_files
        return
    fi

    for ((index = 1; index < COMP_CWORD; index++)); do
        if [[ ${COMP_WORDS[index]} == -- ]]; then
            ended=1
            break
        fi
        case "${command:+$command }${COMP_WORDS[index]}" in
            "keygen" | "encode" | "decode" | "verify" | "lint" | "key" | "key convert" | "key show" | "key thumbprint" | "jwks" | "serve" | "fixtures" | "completion") command=${command:+$command }${COMP_WORDS[index]} ;;
        esac
    done

    # bash takes --alg=ES apart at the =, unless COMP_WORDBREAKS says otherwise
    if [[ $cur == = ]]; then
        option=$prev cur=
    elif [[ $prev == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $cur == --*=* ]]; then
        option=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
    elif [[ $prev == -* ]]; then
        option=$prev
    fi
    if [[ -n $ended ]]; then
        option=
    fi

    case "$command $option" in
        "keygen -a" | "keygen --alg" | "encode -a" | "encode --alg" | "verify -a" | "verify --alg" | "serve -a" | "serve --alg" | "fixtures -a" | "fixtures --alg") words="HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448 ML-DSA-44 ML-DSA-65 ML-DSA-87" ;;
        "keygen --bits" | "encode --sub" | "encode --iss" | "encode --aud" | "encode --ttl" | "encode --exp" | "encode --nbf" | "encode --iat" | "encode --jti" | "encode -c" | "encode --set" | "encode -H" | "encode --typ" | "encode --jobs" | "encode --count" | "encode --at" | "decode --jobs" | "decode --at" | "verify --iss" | "verify --aud" | "verify --sub" | "verify --typ" | "verify --expect" | "verify --leeway" | "verify --max-age" | "verify --issuer-url" | "verify --jobs" | "verify --at" | "lint --max-lifetime" | "lint --at" | "serve --host" | "serve --port" | "serve --issuer" | "serve --ttl" | "serve -c" | "serve --set" | "fixtures --iss" | "fixtures --aud" | "fixtures --ttl" | "fixtures --at") return ;;
        "keygen --kid") words="auto none" ;;
        "keygen -o" | "keygen --output" | "keygen --public" | "keygen --passphrase-file" | "encode -k" | "encode --key" | "encode --secret-file" | "encode --passphrase-file" | "verify -k" | "verify --key" | "verify --secret-file" | "verify --passphrase-file" | "verify --jwks" | "key convert -o" | "key convert --output" | "key convert --passphrase-file" | "key show --passphrase-file" | "key thumbprint --passphrase-file" | "jwks --passphrase-file" | "serve -k" | "serve --key" | "serve --passphrase-file" | "serve --users-file" | "fixtures -k" | "fixtures --key" | "fixtures --passphrase-file") _jwtcli_files; return ;;
        "keygen -f" | "keygen --format") words="jwk pem der hex base64" ;;
        "keygen --color" | "encode --color" | "decode --color" | "verify --color" | "lint --color" | "key convert --color" | "key show --color" | "key thumbprint --color" | "jwks --color" | "serve --color" | "fixtures --color" | "completion --color") words="auto always never" ;;
        "encode --secret-encoding" | "verify --secret-encoding") words="utf8 base64 base64url hex raw" ;;
        "encode --kid" | "key convert --kid" | "key thumbprint --kid") _jwtcli_kids "$1" ;;
        "encode --break") words="expired not-yet bad-signature wrong-key unknown-kid alg-none wrong-aud wrong-iss no-exp" ;;
        "encode --as") words="token bearer header curl env" ;;
        "decode --claim" | "verify --require" | "verify --claim") words="iss sub aud exp nbf iat jti azp nonce auth_time acr amr sid name email email_verified preferred_username client_id scope roles groups act cnf" ;;
        "verify --only") words="accepted refused" ;;
        "lint --fail-on") words="low medium high critical never" ;;
        "key convert --to") words="jwk pem der hex base64 openssh" ;;
        *)
            if [[ -n $ended || $cur != -* ]]; then
                _jwtcli_argument "$1"
                return
            fi
            case $command in
                "") words="--version --help" ;;
                "keygen") words="--alg --bits --kid --output --format --public --encrypt --passphrase-file --force --json --quiet --color --help" ;;
                "encode") words="--sub --iss --aud --ttl --exp --no-exp --nbf --iat --no-iat --jti --new-jti --set -H --typ --key --secret-file --secret-encoding --secret-prompt --passphrase-file --allow-weak-key --kid --alg --break --as --mask --lines --jobs --count --at --json --quiet --color --help" ;;
                "decode") words="--claim --header --lines --jobs --find --at --json --quiet --color --help" ;;
                "verify") words="--iss --aud --any-aud --sub --typ --expect --require --leeway --max-age --claim --explain --key --secret-file --secret-encoding --secret-prompt --passphrase-file --allow-weak-key --jwks --issuer-url --allow-http --no-cache --offline --alg --lines --jobs --find --full --only --at --json --quiet --color --help" ;;
                "lint") words="--fail-on --max-lifetime --sarif --rules --at --json --quiet --color --help" ;;
                "key") words="--help" ;;
                "key convert") words="--to --public --output --encrypt --force --kid --passphrase-file --json --quiet --color --help" ;;
                "key show") words="--passphrase-file --json --quiet --color --help" ;;
                "key thumbprint") words="--kid --passphrase-file --json --quiet --color --help" ;;
                "jwks") words="--passphrase-file --json --quiet --color --help" ;;
                "serve") words="--host --port --key --passphrase-file --alg --issuer --ttl --users-file --set --open --json --quiet --color --help" ;;
                "fixtures") words="--key --passphrase-file --alg --iss --aud --ttl --force --at --json --quiet --color --help" ;;
                "completion") words="--json --quiet --color --help" ;;
            esac
            ;;
    esac
    COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$cur"))
}

_jwtcli_argument() {
    # @FILE; bash takes the @ for a word of its own, and replaces it all the same
    if [[ $prev == @ || $cur == @* ]]; then
        cur=${cur#@} prefix=@
        _jwtcli_files
        return
    fi
    case $command in
        "") words="keygen encode decode verify lint key jwks serve fixtures completion" ;;
        "key") words="convert show thumbprint" ;;
        "key convert") _jwtcli_files; return ;;
        "key show") _jwtcli_files; return ;;
        "key thumbprint") _jwtcli_files; return ;;
        "jwks") _jwtcli_files; return ;;
        "fixtures") _jwtcli_files; return ;;
        "completion") words="bash zsh fish powershell" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

_jwtcli_files() {
    local IFS= name quoted bare=""
    if [[ -z $prefix ]] && compopt -o filenames 2> /dev/null; then
        bare=1 # bash quotes what it knows for the name of a file
    fi
    while read -r name; do
        # half of a name with a line break in it is no name: bash would not quote what two of them have in common
        if [[ $name != \~* && ! -e $name && ! -L $name ]]; then
            continue
        fi
        if [[ -n $bare ]]; then
            COMPREPLY+=("$name")
            continue
        fi
        printf -v quoted %q "$name"
        if [[ -d $name ]]; then
            quoted+=/
            compopt -o nospace 2> /dev/null
        fi
        COMPREPLY+=("$prefix$quoted")
    done < <(compgen -f -- "$cur")
}

_jwtcli_kids() {
    local IFS=$'\n' line
    while read -r line; do
        if [[ $line == plain,* ]]; then
            words+="${line#plain,} "
        fi
    done < <(
        env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" _JWTCLI_COMPLETE=bash_complete "$1" 2> /dev/null
    )
}

complete -F _jwtcli jwtcli
