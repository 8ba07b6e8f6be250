# Completion of jwtcli in PowerShell, made by 'jwtcli completion powershell'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

Register-ArgumentCompleter -Native -CommandName jwtcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $known = @{
        '' = @{
            'keygen' = 'Make a key and write it where encode and verify find it.'
            'encode' = 'Mint a signed token and print it.'
            'decode' = 'Read a token without verifying it: anyone can write one that reads like this.'
            'verify' = 'Judge a token: exit status 0 if and only if it is accepted.'
            'completion' = 'Print the completion script of a shell.'
            '--version' = 'Show the version'
            '--help' = 'Show this message and exit'
        }
        'keygen' = @{
            '--alg' = 'Algorithm that the key is for (default: HS256)'
            '--bits' = 'Size of an RSA key (2048 to 8192) or a secret'
            '--kid' = 'Key ID (default: thumbprint, random for HMAC)'
            '--output' = 'Where to write it (default: the default key file)'
            '--format' = 'Form of the file (default: jwk)'
            '--public' = 'Write the public half of a pair here'
            '--encrypt' = 'Encrypt the private key (pem and der)'
            '--passphrase-file' = 'Passphrase for --encrypt'
            '--force' = 'Replace files that are already there'
            '--json' = 'Print JSON, for scripts'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'encode' = @{
            '--sub' = 'Subject'
            '--iss' = 'Issuer'
            '--aud' = 'Audience (repeatable)'
            '--ttl' = 'Lifetime, such as 90s, 15m, 1h30m, 7d'
            '--exp' = 'Moment of expiry'
            '--no-exp' = 'Mint a token that never expires'
            '--nbf' = 'Not valid before this moment'
            '--iat' = 'Moment of issue (default: the clock)'
            '--no-iat' = 'Leave iat out'
            '--jti' = 'Token ID'
            '--new-jti' = 'Make a random token ID'
            '--set' = 'Any claim: NAME=TEXT or NAME:=JSON (repeatable)'
            '-H' = 'A header parameter: NAME=TEXT or NAME:=JSON (repeatable)'
            '--typ' = 'The header''s typ (default: JWT)'
            '--key' = 'Key file: PEM, JWK or JWK Set, told apart by content'
            '--secret-file' = 'HMAC secret; one trailing line break is not part of it'
            '--secret-encoding' = 'How the secret is written (default: utf8)'
            '--secret-prompt' = 'Ask for the secret on the terminal'
            '--passphrase-file' = 'Passphrase of an encrypted private key'
            '--allow-weak-key' = 'Take a key below the minimum of RFC 7518'
            '--kid' = 'Write this kid, or choose this member of a set'
            '--alg' = 'Sign with this: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, Ed25519, Ed448'
            '--as' = 'Form of the token: alone, as the value of a header, a header, a line for curl -K -, or NAME=VALUE'
            '--mask' = 'In GitHub Actions, have the token masked in the log of the run'
            '--at' = 'The clock of this run (default: now)'
            '--json' = 'Print JSON, for scripts'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'decode' = @{
            '--claim' = 'This one claim and nothing else'
            '--header' = 'The header and nothing else'
            '--at' = 'The clock of this run (default: now)'
            '--json' = 'Print JSON, for scripts'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'verify' = @{
            '--iss' = 'The issuer must be this (repeatable: any of them)'
            '--aud' = 'It must be for this audience (repeatable: any of them)'
            '--any-aud' = 'Take a token for whatever audience'
            '--sub' = 'The subject must be this'
            '--typ' = 'The header''s typ must be this, such as at+jwt'
            '--expect' = 'A claim must have this value: NAME=TEXT or NAME:=JSON (repeatable: all)'
            '--require' = 'This claim must be there (repeatable: all)'
            '--leeway' = 'Forgive clocks this much (default: 0)'
            '--max-age' = 'It must have been issued within this time'
            '--claim' = 'This one claim of an accepted token, nothing else'
            '--key' = 'Key file: PEM, JWK or JWK Set, told apart by content'
            '--secret-file' = 'HMAC secret; one trailing line break is not part of it'
            '--secret-encoding' = 'How the secret is written (default: utf8)'
            '--secret-prompt' = 'Ask for the secret on the terminal'
            '--passphrase-file' = 'Passphrase of an encrypted private key'
            '--allow-weak-key' = 'Take a key below the minimum of RFC 7518'
            '--jwks' = 'JWK Set; the token''s kid chooses'
            '--alg' = 'Allow only this algorithm (repeatable)'
            '--at' = 'The clock of this run (default: now)'
            '--json' = 'Print JSON, for scripts'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
        'completion' = @{
            'bash' = 'bash'
            'zsh' = 'zsh'
            'fish' = 'fish'
            'powershell' = 'powershell'
            '--json' = 'Print JSON, for scripts'
            '--quiet' = 'No notes and hints on stderr'
            '--color' = 'Colour the text (default: on a terminal)'
            '--help' = 'Show this message and exit'
        }
    }
    $values = @{
        'keygen -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
        'keygen --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
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
        'encode -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
        'encode --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
        'encode --as' = @('token', 'bearer', 'header', 'curl', 'env')
        'encode --at' = 'text'
        'encode --color' = @('auto', 'always', 'never')
        'decode --claim' = @('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'name', 'email', 'email_verified', 'preferred_username', 'client_id', 'scope', 'roles', 'groups', 'act', 'cnf')
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
        'verify -a' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
        'verify --alg' = @('HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448')
        'verify --at' = 'text'
        'verify --color' = @('auto', 'always', 'never')
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
