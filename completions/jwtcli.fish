# Completion of jwtcli in fish, made by 'jwtcli completion fish'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

function __jwtcli_at --description 'Tell whether this command of jwtcli is being typed'
    set -l path
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$path $word")
        if contains -- "$longer" 'keygen' 'encode' 'decode' 'verify' 'lint' 'completion'
            set path $longer
        end
    end
    test "$path" = "$argv"
end

function __jwtcli_text_or_file
    set -l word (commandline -ct)
    if string match -q -- '@*' $word
        printf '@%s\n' (__fish_complete_path (string sub -s 2 -- $word))
    end
end

function __jwtcli_kids
    for line in (env COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -ct) _JWTCLI_COMPLETE=fish_complete \
            jwtcli 2> /dev/null)
        string replace -f -r '^plain,' '' -- $line
    end
end

complete -c jwtcli -f
complete -c jwtcli -n '__jwtcli_at' -a keygen -d 'Make a key, where encode and verify find it, and print the path'
complete -c jwtcli -n '__jwtcli_at' -a encode -d 'Make a signed token and print it'
complete -c jwtcli -n '__jwtcli_at' -a decode -d 'Show what is in a token, without verifying it: anyone can write one that reads like this'
complete -c jwtcli -n '__jwtcli_at' -a verify -d 'Accept or refuse a token, and show every check with its reason'
complete -c jwtcli -n '__jwtcli_at' -a lint -d 'Say what is unwise about a token: RFC 8725, RFC 7519, no key needed'
complete -c jwtcli -n '__jwtcli_at' -a completion -d 'Print the completion script for a shell'
complete -c jwtcli -n '__jwtcli_at' -s V -l version -d 'Show the version'
complete -c jwtcli -n '__jwtcli_at' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at keygen' -s a -l alg -r -f -k -a 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Algorithm the key is for (default: HS256)'
complete -c jwtcli -n '__jwtcli_at keygen' -l bits -r -f -d 'Size of an RSA key (2048 to 8192) or of a secret'
complete -c jwtcli -n '__jwtcli_at keygen' -l kid -r -f -k -a 'auto none' -d 'Key ID in a JWK (default: auto, the thumbprint; random for a secret)'
complete -c jwtcli -n '__jwtcli_at keygen' -s o -l output -r -F -d 'File to write, - for stdout (default: key.jwk in your configuration directory)'
complete -c jwtcli -n '__jwtcli_at keygen' -s f -l format -r -f -k -a 'jwk pem der hex base64' -d 'Format of the file (default: jwk; hex and base64 are for secrets)'
complete -c jwtcli -n '__jwtcli_at keygen' -l public -r -F -d 'Write the public half here (not for secrets)'
complete -c jwtcli -n '__jwtcli_at keygen' -l encrypt -d 'Lock a private key (pem or der) with a passphrase'
complete -c jwtcli -n '__jwtcli_at keygen' -l passphrase-file -r -F -d 'File with the passphrase for --encrypt'
complete -c jwtcli -n '__jwtcli_at keygen' -l force -d 'Replace files that are already there'
complete -c jwtcli -n '__jwtcli_at keygen' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at keygen' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at keygen' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at keygen' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at encode' -f -a '(__jwtcli_text_or_file)'
complete -c jwtcli -n '__jwtcli_at encode' -l sub -r -f -d 'Subject: whom the token is about'
complete -c jwtcli -n '__jwtcli_at encode' -l iss -r -f -d 'Issuer: who makes the token'
complete -c jwtcli -n '__jwtcli_at encode' -l aud -r -f -d 'Audience: whom it is for (repeatable)'
complete -c jwtcli -n '__jwtcli_at encode' -l ttl -r -f -d 'Lifetime, such as 90s, 15m, 1h30m, 7d (default: 1h)'
complete -c jwtcli -n '__jwtcli_at encode' -l exp -r -f -d 'Moment of expiry, instead of --ttl'
complete -c jwtcli -n '__jwtcli_at encode' -l no-exp -d 'Make a token that never expires'
complete -c jwtcli -n '__jwtcli_at encode' -l nbf -r -f -d 'Moment from which it is valid'
complete -c jwtcli -n '__jwtcli_at encode' -l iat -r -f -d 'Moment of issue (default: now)'
complete -c jwtcli -n '__jwtcli_at encode' -l no-iat -d 'Leave iat out'
complete -c jwtcli -n '__jwtcli_at encode' -l jti -r -f -d 'ID of the token'
complete -c jwtcli -n '__jwtcli_at encode' -l new-jti -d 'Make a random ID'
complete -c jwtcli -n '__jwtcli_at encode' -s c -l set -r -f -d 'Any claim: NAME=TEXT or NAME:=JSON (repeatable)'
complete -c jwtcli -n '__jwtcli_at encode' -s H -r -f -d 'Any header parameter: NAME=TEXT or NAME:=JSON (repeatable)'
complete -c jwtcli -n '__jwtcli_at encode' -l typ -r -f -d 'Type in the header (default: JWT)'
complete -c jwtcli -n '__jwtcli_at encode' -s k -l key -r -F -d 'Key file: PEM, JWK or JWK Set, told apart by content'
complete -c jwtcli -n '__jwtcli_at encode' -l secret-file -r -F -d 'File with an HMAC secret; a line break at its end does not count'
complete -c jwtcli -n '__jwtcli_at encode' -l secret-encoding -r -f -k -a 'utf8 base64 base64url hex raw' -d 'How the secret is written (default: utf8)'
complete -c jwtcli -n '__jwtcli_at encode' -l secret-prompt -d 'Ask for the secret on the terminal'
complete -c jwtcli -n '__jwtcli_at encode' -l passphrase-file -r -F -d 'File with the passphrase of an encrypted private key'
complete -c jwtcli -n '__jwtcli_at encode' -l allow-weak-key -d 'Take a key that is too short by RFC 7518'
complete -c jwtcli -n '__jwtcli_at encode' -l kid -r -f -a '(__jwtcli_kids)' -d 'Key ID to write; chooses a key of a set'
complete -c jwtcli -n '__jwtcli_at encode' -s a -l alg -r -f -k -a 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Algorithm (default: by the key): HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, Ed448'
complete -c jwtcli -n '__jwtcli_at encode' -l as -r -f -k -a 'token bearer header curl env' -d 'Form of the token: alone, as the value of a header, a header, a line for curl -K -, or NAME=VALUE'
complete -c jwtcli -n '__jwtcli_at encode' -l mask -d 'In GitHub Actions, have the token masked in the log of the run'
complete -c jwtcli -n '__jwtcli_at encode' -l at -r -f -d 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
complete -c jwtcli -n '__jwtcli_at encode' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at encode' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at encode' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at encode' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at decode' -f -a '(__jwtcli_text_or_file)'
complete -c jwtcli -n '__jwtcli_at decode' -l claim -r -f -k -a 'iss sub aud exp nbf iat jti azp nonce auth_time acr amr sid name email email_verified preferred_username client_id scope roles groups act cnf' -d 'This one claim and nothing else'
complete -c jwtcli -n '__jwtcli_at decode' -l header -d 'The header and nothing else'
complete -c jwtcli -n '__jwtcli_at decode' -l at -r -f -d 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
complete -c jwtcli -n '__jwtcli_at decode' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at decode' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at decode' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at decode' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at verify' -f -a '(__jwtcli_text_or_file)'
complete -c jwtcli -n '__jwtcli_at verify' -l iss -r -f -d 'Accept only this issuer (repeatable: any of them)'
complete -c jwtcli -n '__jwtcli_at verify' -l aud -r -f -d 'Accept only this audience (repeatable: any of them)'
complete -c jwtcli -n '__jwtcli_at verify' -l any-aud -d 'Accept any audience'
complete -c jwtcli -n '__jwtcli_at verify' -l sub -r -f -d 'Accept only this subject'
complete -c jwtcli -n '__jwtcli_at verify' -l typ -r -f -d 'Accept only this type, such as at+jwt'
complete -c jwtcli -n '__jwtcli_at verify' -l expect -r -f -d 'Accept only this claim, NAME=TEXT or NAME:=JSON (repeatable: all of them)'
complete -c jwtcli -n '__jwtcli_at verify' -l require -r -f -k -a 'iss sub aud exp nbf iat jti azp nonce auth_time acr amr sid name email email_verified preferred_username client_id scope roles groups act cnf' -d 'Accept only with this claim (repeatable: all of them)'
complete -c jwtcli -n '__jwtcli_at verify' -l leeway -r -f -d 'Let clocks differ by this much, such as 30s (default: 0)'
complete -c jwtcli -n '__jwtcli_at verify' -l max-age -r -f -d 'Accept only if issued within this time, such as 1h'
complete -c jwtcli -n '__jwtcli_at verify' -l claim -r -f -k -a 'iss sub aud exp nbf iat jti azp nonce auth_time acr amr sid name email email_verified preferred_username client_id scope roles groups act cnf' -d 'This one claim of an accepted token and nothing else'
complete -c jwtcli -n '__jwtcli_at verify' -l explain -d 'Look for the cause of a refusal, and for its remedy'
complete -c jwtcli -n '__jwtcli_at verify' -s k -l key -r -F -d 'Key file: PEM, JWK or JWK Set, told apart by content'
complete -c jwtcli -n '__jwtcli_at verify' -l secret-file -r -F -d 'File with an HMAC secret; a line break at its end does not count'
complete -c jwtcli -n '__jwtcli_at verify' -l secret-encoding -r -f -k -a 'utf8 base64 base64url hex raw' -d 'How the secret is written (default: utf8)'
complete -c jwtcli -n '__jwtcli_at verify' -l secret-prompt -d 'Ask for the secret on the terminal'
complete -c jwtcli -n '__jwtcli_at verify' -l passphrase-file -r -F -d 'File with the passphrase of an encrypted private key'
complete -c jwtcli -n '__jwtcli_at verify' -l allow-weak-key -d 'Take a key that is too short by RFC 7518'
complete -c jwtcli -n '__jwtcli_at verify' -l jwks -r -F -d 'File with a JWK Set; the token\'s kid chooses the key'
complete -c jwtcli -n '__jwtcli_at verify' -s a -l alg -r -f -k -a 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Allow only this algorithm (repeatable)'
complete -c jwtcli -n '__jwtcli_at verify' -l at -r -f -d 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
complete -c jwtcli -n '__jwtcli_at verify' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at verify' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at verify' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at verify' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at lint' -f -a '(__jwtcli_text_or_file)'
complete -c jwtcli -n '__jwtcli_at lint' -l fail-on -r -f -k -a 'low medium high critical never' -d 'Exit with status 7 from this severity on (default: high)'
complete -c jwtcli -n '__jwtcli_at lint' -l max-lifetime -r -f -d 'Longest lifetime (default: 1d)'
complete -c jwtcli -n '__jwtcli_at lint' -l sarif -d 'Print SARIF 2.1.0, for code scanning'
complete -c jwtcli -n '__jwtcli_at lint' -l rules -d 'Alone or with --json: list the rules, judge no token'
complete -c jwtcli -n '__jwtcli_at lint' -l at -r -f -d 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
complete -c jwtcli -n '__jwtcli_at lint' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at lint' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at lint' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at lint' -s h -l help -d 'Show this message and exit'
complete -c jwtcli -n '__jwtcli_at completion' -f -k -a 'bash zsh fish powershell'
complete -c jwtcli -n '__jwtcli_at completion' -l json -d 'Print the result as JSON'
complete -c jwtcli -n '__jwtcli_at completion' -s q -l quiet -d 'No notes and hints on stderr'
complete -c jwtcli -n '__jwtcli_at completion' -l color -r -f -k -a 'auto always never' -d 'Colour the text (default: on a terminal)'
complete -c jwtcli -n '__jwtcli_at completion' -s h -l help -d 'Show this message and exit'
