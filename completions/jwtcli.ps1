# Completion of jwtcli in PowerShell, made by 'jwtcli completion powershell'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

Register-ArgumentCompleter -Native -CommandName jwtcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $known = @{
        '' = @{
            'keygen' = 'Make a key, where encode and verify find it, and print the path'
            'encode' = 'Make a signed token and print it'
            'decode' = 'Show what is in a token, without verifying it: anyone can write one that reads like this'
            'verify' = 'Accept or refuse a token, and show every check with its reason'
            'lint' = 'Say what is unwise about a token: RFC 8725, RFC 7519, no key needed'
            'key' = 'Look at a key, put it into another form, name it'
            'jwks' = 'Print the JWK Set of the public halves of keys, ready to publish'
            'serve' = 'Run a local issuer for tests, with a page to look into tokens, until Ctrl-C'
            'fixtures' = 'Write one good token and every bad one into a folder, with the JWK Set to verify them by'
            'completion' = 'Print the completion script for a shell'
            '--version' = 'Show the version'
            '--help' = 'Show this message and exit'
        }
        'keygen' = @{
            '--alg' = 'Algorithm the key is for (default: HS256)'
            '--bits' = 'Size of an RSA key (2048 to 8192) or of a secret'
            '--kid' = 'Key ID in a JWK (default: auto, the thumbprint; random for a secret)'
            '--output' = 'File to write, - for stdout (default: key.jwk in your configuration directory)'
            '--format' = 'Format of the file (default: jwk; hex and base64 are for secrets)'
            '--public' = 'Write the public half here (not for secrets)'
            '--encrypt' = 'Lock a private key (pem or der) with a passphrase'
            '--passphrase-file' = 'File with the passphrase for --encrypt'
            '--force' = 'Replace files that are already there'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'encode' = @{
            '--sub' = 'Subject: whom the token is about'
            '--iss' = 'Issuer: who makes the token'
            '--aud' = 'Audience: whom it is for (repeatable)'
            '--ttl' = 'Lifetime, such as 90s, 15m, 1h30m, 7d (default: 1h)'
            '--exp' = 'Moment of expiry, instead of --ttl'
            '--no-exp' = 'Make a token that never expires'
            '--nbf' = 'Moment from which it is valid'
            '--iat' = 'Moment of issue (default: now)'
            '--no-iat' = 'Leave iat out'
            '--jti' = 'ID of the token'
            '--new-jti' = 'Make a random ID'
            '--set' = 'Any claim: NAME=TEXT or NAME:=JSON (repeatable)'
            '-H' = 'Any header parameter: NAME=TEXT or NAME:=JSON (repeatable)'
            '--typ' = 'Type in the header (default: JWT)'
            '--key' = 'Key file: PEM, DER, OpenSSH, JWK or JWK Set, by content'
            '--secret-file' = 'File with an HMAC secret; a line break at its end does not count'
            '--secret-encoding' = 'How the secret is written (default: utf8)'
            '--secret-prompt' = 'Ask for the secret on the terminal'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--allow-weak-key' = 'Take a key that is too short by RFC 7518'
            '--kid' = 'Key ID to write; chooses a key of a set'
            '--alg' = 'Algorithm (default: by the key): HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, Ed448, ML-DSA-44, ML-DSA-65, ML-DSA-87'
            '--break' = 'Make it wrong in one way: expired, not-yet, bad-signature, wrong-key, unknown-kid, alg-none, wrong-aud, wrong-iss, no-exp'
            '--as' = 'Form of the token: alone, as the value of a header, a header, a line for curl -K -, or NAME=VALUE'
            '--mask' = 'In GitHub Actions, have the token masked in the log of the run'
            '--lines' = 'A stream: one a line in, one result a line out'
            '--jobs' = 'Processes (default: the cores)'
            '--count' = 'Make so many tokens'
            '--at' = 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'decode' = @{
            '--claim' = 'This one claim and nothing else'
            '--header' = 'The header and nothing else'
            '--lines' = 'A stream: one a line in, one result a line out'
            '--jobs' = 'Processes (default: the cores)'
            '--find' = 'Take tokens out of any text around them'
            '--at' = 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'verify' = @{
            '--iss' = 'Accept only this issuer (repeatable: any of them)'
            '--aud' = 'Accept only this audience (repeatable: any of them)'
            '--any-aud' = 'Accept any audience'
            '--sub' = 'Accept only this subject'
            '--typ' = 'Accept only this type, such as at+jwt'
            '--expect' = 'Accept only this claim, NAME=TEXT or NAME:=JSON (repeatable: all of them)'
            '--require' = 'Accept only with this claim (repeatable: all of them)'
            '--leeway' = 'Let clocks differ by this much, such as 30s (default: 0)'
            '--max-age' = 'Accept only if issued within this time, such as 1h'
            '--claim' = 'This one claim of an accepted token and nothing else'
            '--explain' = 'Look for the cause of a refusal, and for its remedy'
            '--key' = 'Key file: PEM, DER, OpenSSH, JWK or JWK Set, by content'
            '--secret-file' = 'File with an HMAC secret; a line break at its end does not count'
            '--secret-encoding' = 'How the secret is written (default: utf8)'
            '--secret-prompt' = 'Ask for the secret on the terminal'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--allow-weak-key' = 'Take a key that is too short by RFC 7518'
            '--jwks' = 'JWK Set; the token''s kid chooses the key'
            '--issuer-url' = 'OpenID Connect issuer: its keys, its tokens alone'
            '--allow-http' = 'Fetch keys over plain http too'
            '--no-cache' = 'Fetch keys anew and keep none of them'
            '--offline' = 'Fetch nothing: keys come from the cache, however old'
            '--alg' = 'Allow only this algorithm (repeatable)'
            '--lines' = 'A stream: one a line in, one result a line out'
            '--jobs' = 'Processes (default: the cores)'
            '--find' = 'Take tokens out of any text around them'
            '--full' = 'With --json: the whole verdict for each line'
            '--only' = 'Print these alone'
            '--at' = 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'lint' = @{
            '--fail-on' = 'Exit with status 7 from this severity on (default: high)'
            '--max-lifetime' = 'Longest lifetime (default: 1d)'
            '--sarif' = 'Print SARIF 2.1.0, for code scanning'
            '--rules' = 'Alone or with --json: list the rules, judge no token'
            '--at' = 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'key' = @{
            'convert' = 'Put a key into another form'
            'show' = 'Say what a key is and what it can do'
            'thumbprint' = 'Print a key''s RFC 7638 thumbprint'
            '--help' = 'Show this message and exit'
        }
        'key convert' = @{
            '--to' = 'Form to write (default: jwk)'
            '--public' = 'Write the public half alone'
            '--output' = 'Where to write it; a public key goes to stdout by default'
            '--encrypt' = 'Encrypt the private key (pem and der); --passphrase-file is for it too'
            '--force' = 'Replace a file that is already there'
            '--kid' = 'Choose this member of a set'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'key show' = @{
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'key thumbprint' = @{
            '--kid' = 'Choose this member of a set'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'jwks' = @{
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'serve' = @{
            '--host' = 'Address to listen on (default: 127.0.0.1)'
            '--port' = 'Port (default: one that is free)'
            '--key' = 'Sign with this private key (repeatable: rotation)'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--alg' = 'Algorithm to sign with (default: ES256, or the key''s)'
            '--issuer' = 'Name of the issuer (default: its address)'
            '--ttl' = 'Lifetime of tokens (default: 1h)'
            '--users-file' = 'Users as name:password lines (default: every name and password is let in)'
            '--set' = 'A claim in every token (repeatable)'
            '--open' = 'Open the inspector page in a browser'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'fixtures' = @{
            '--key' = 'Sign with this private key (default: one made for this run)'
            '--passphrase-file' = 'File with the passphrase of an encrypted private key'
            '--alg' = 'Algorithm (default: ES256, or the key''s)'
            '--iss' = 'Issuer (default: https://issuer.example)'
            '--aud' = 'Audience (default: https://api.example)'
            '--ttl' = 'Lifetime (default: ten years)'
            '--force' = 'Replace files that are already there'
            '--at' = 'Take this moment for now, such as -5m or 2026-01-31T12:00:00Z'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'completion' = @{
            'bash' = 'bash'
            'zsh' = 'zsh'
            'fish' = 'fish'
            'powershell' = 'powershell'
            '--json' = 'Print the result as JSON'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
    }
    $values = @{
        'keygen -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'keygen --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'keygen --bits' = 'text'
        'keygen --kid' = @('auto', 'none')
        'keygen -o' = 'file'
        'keygen --output' = 'file'
        'keygen -f' = @('jwk', 'pem', 'der', 'hex', 'base64')
        'keygen --format' = @('jwk', 'pem', 'der', 'hex', 'base64')
        'keygen --public' = 'file'
        'keygen --passphrase-file' = 'file'
        'keygen --color' = @('auto', 'always', 'never')
        'encode --sub' = 'text'
        'encode --iss' = 'text'
        'encode --aud' = 'text'
        'encode --ttl' = 'text'
        'encode --exp' = 'text'
        'encode --nbf' = 'text'
        'encode --iat' = 'text'
        'encode --jti' = 'text'
        'encode -c' = 'text'
        'encode --set' = 'text'
        'encode -H' = 'text'
        'encode --typ' = 'text'
        'encode -k' = 'file'
        'encode --key' = 'file'
        'encode --secret-file' = 'file'
        'encode --secret-encoding' = @('utf8', 'base64', 'base64url', 'hex', 'raw')
        'encode --passphrase-file' = 'file'
        'encode --kid' = 'kid'
        'encode -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'encode --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'encode --break' = @('expired', 'not-yet', 'bad-signature', 'wrong-key', 'unknown-kid', 'alg-none', 'wrong-aud', 'wrong-iss', 'no-exp')
        'encode --as' = @('token', 'bearer', 'header', 'curl', 'env')
        'encode --jobs' = 'text'
        'encode --count' = 'text'
        'encode --at' = 'text'
        'encode --color' = @('auto', 'always', 'never')
        'decode --claim' = @('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'name', 'email', 'email_verified', 'preferred_username', 'client_id', 'scope', 'roles', 'groups', 'act', 'cnf')
        'decode --jobs' = 'text'
        'decode --at' = 'text'
        'decode --color' = @('auto', 'always', 'never')
        'verify --iss' = 'text'
        'verify --aud' = 'text'
        'verify --sub' = 'text'
        'verify --typ' = 'text'
        'verify --expect' = 'text'
        'verify --require' = @('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'name', 'email', 'email_verified', 'preferred_username', 'client_id', 'scope', 'roles', 'groups', 'act', 'cnf')
        'verify --leeway' = 'text'
        'verify --max-age' = 'text'
        'verify --claim' = @('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'name', 'email', 'email_verified', 'preferred_username', 'client_id', 'scope', 'roles', 'groups', 'act', 'cnf')
        'verify -k' = 'file'
        'verify --key' = 'file'
        'verify --secret-file' = 'file'
        'verify --secret-encoding' = @('utf8', 'base64', 'base64url', 'hex', 'raw')
        'verify --passphrase-file' = 'file'
        'verify --jwks' = 'file'
        'verify --issuer-url' = 'text'
        'verify -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'verify --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'verify --jobs' = 'text'
        'verify --only' = @('accepted', 'refused')
        'verify --at' = 'text'
        'verify --color' = @('auto', 'always', 'never')
        'lint --fail-on' = @('low', 'medium', 'high', 'critical', 'never')
        'lint --max-lifetime' = 'text'
        'lint --at' = 'text'
        'lint --color' = @('auto', 'always', 'never')
        'key convert --to' = @('jwk', 'pem', 'der', 'hex', 'base64', 'openssh')
        'key convert -o' = 'file'
        'key convert --output' = 'file'
        'key convert --kid' = 'kid'
        'key convert --passphrase-file' = 'file'
        'key convert --color' = @('auto', 'always', 'never')
        'key show --passphrase-file' = 'file'
        'key show --color' = @('auto', 'always', 'never')
        'key thumbprint --kid' = 'kid'
        'key thumbprint --passphrase-file' = 'file'
        'key thumbprint --color' = @('auto', 'always', 'never')
        'jwks --passphrase-file' = 'file'
        'jwks --color' = @('auto', 'always', 'never')
        'serve --host' = 'text'
        'serve --port' = 'text'
        'serve -k' = 'file'
        'serve --key' = 'file'
        'serve --passphrase-file' = 'file'
        'serve -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'serve --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'serve --issuer' = 'text'
        'serve --ttl' = 'text'
        'serve --users-file' = 'file'
        'serve -c' = 'text'
        'serve --set' = 'text'
        'serve --color' = @('auto', 'always', 'never')
        'fixtures -k' = 'file'
        'fixtures --key' = 'file'
        'fixtures --passphrase-file' = 'file'
        'fixtures -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'fixtures --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87')
        'fixtures --iss' = 'text'
        'fixtures --aud' = 'text'
        'fixtures --ttl' = 'text'
        'fixtures --at' = 'text'
        'fixtures --color' = @('auto', 'always', 'never')
        'completion --color' = @('auto', 'always', 'never')
    }

    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $path = ''
    foreach ($word in $before) {
        $longer = "$path $word".Trim()
        if ($known.ContainsKey($longer)) { $path = $longer }
    }

    $prefix = ''
    $text = $wordToComplete
    $option = if ($before.Count -gt 0) { $before[-1] } else { '' }
    if ($wordToComplete -match '^(--[^=]+)=(.*)$') {
        $option = $Matches[1]
        $prefix = "$option="
        $text = $Matches[2]
    }

    $found = @{}
    $value = $values["$path $option"]
    if ($before -contains '--') {
        return
    } elseif ($value -eq 'kid') {
        $saved = $env:_JWTCLI_COMPLETE, $env:COMP_WORDS, $env:COMP_CWORD
        try {
            $env:_JWTCLI_COMPLETE = 'powershell_complete'
            $env:COMP_WORDS = (@('jwtcli') + $before + @($text)) -join ' '
            $env:COMP_CWORD = $before.Count + 1
            $answer = @(& jwtcli 2> $null)
        } finally {
            $env:_JWTCLI_COMPLETE, $env:COMP_WORDS, $env:COMP_CWORD = $saved
        }
        for ($line = 0; $line + 2 -lt $answer.Count; $line += 3) {
            if ($answer[$line] -eq 'plain') { $found[$answer[$line + 1]] = $answer[$line + 1] }
        }
    } elseif ($value -is [array]) {
        foreach ($word in $value) { $found[$word] = $word }
    } elseif ($null -ne $value) {
        return # a file, which PowerShell completes itself, or text that nobody knows
    } else {
        $found = $known[$path]
    }

    $found.GetEnumerator() | Where-Object { $_.Key -like "$([WildcardPattern]::Escape($text))*" } | Sort-Object Key |
        ForEach-Object {
            [System.Management.Automation.CompletionResult]::new(
                "$prefix$($_.Key)", $_.Key, 'ParameterValue', $_.Value)
        }
}
