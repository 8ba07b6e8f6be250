"""What the registered header parameters and claims mean, one plain sentence each."""

HEADER = {
    "alg": "The algorithm that the token says it was signed with (RFC 7515 section 4.1.1).",
    "typ": "What kind of token this is (RFC 7515 section 4.1.9).",
    "cty": "What the payload is: JWT for a token inside this one (RFC 7519 section 5.2).",
    "kid": "Which of the issuer's keys signed it (RFC 7515 section 4.1.4).",
    "jku": "Where the token says its keys are; never to be followed (RFC 7515 section 4.1.2).",
    "jwk": "A key that the token brings along; never to be trusted (RFC 7515 section 4.1.3).",
    "x5u": "Where the token says its certificate is; never to be followed (RFC 7515 section 4.1.5).",
    "x5c": "Certificates that the token brings along (RFC 7515 section 4.1.6).",
    "crit": "Extensions that a verifier must know or refuse (RFC 7515 section 4.1.11).",
}
CLAIMS = {
    "iss": "Who issued the token (RFC 7519 section 4.1.1).",
    "sub": "Whom the token is about (RFC 7519 section 4.1.2).",
    "aud": "Whom the token is for; anyone else must refuse it (RFC 7519 section 4.1.3).",
    "exp": "From this moment on it must be refused (RFC 7519 section 4.1.4).",
    "nbf": "Before this moment it must be refused (RFC 7519 section 4.1.5).",
    "iat": "When it was issued (RFC 7519 section 4.1.6).",
    "jti": "An identifier of this one token (RFC 7519 section 4.1.7).",
    "scope": "What the bearer may do (RFC 8693 section 4.2).",
    "client_id": "The client that asked for the token (RFC 8693 section 4.3).",
    "azp": "The client that the token was issued to (OpenID Connect Core section 2).",
    "nonce": "Ties an ID token to the request for it (OpenID Connect Core section 2).",
    "auth_time": "When the person logged in (OpenID Connect Core section 2).",
    "acr": "How strongly the person was authenticated (OpenID Connect Core section 2).",
    "amr": "By which methods the person was authenticated (OpenID Connect Core section 2).",
    "email": "The person's e-mail address (OpenID Connect Core section 5.1).",
    "name": "The person's full name (OpenID Connect Core section 5.1).",
    "cnf": "The key that the bearer must prove to hold (RFC 7800 section 3.1).",
    "act": "Who acts for the subject (RFC 8693 section 4.1).",
}
