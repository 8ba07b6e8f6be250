"""Findings about keys and signatures, in words: what is wrong, what mends it, and what may be logged of it."""

import re

from jwtcli.core.algorithms import Algorithm
from jwtcli.core.findings import Finding
from jwtcli.core.jwk import thumbprint
from jwtcli.core.keys import Key
from jwtcli.core.rulings import quoted
from jwtcli.core.tokens import Token

_ENCRYPTION = re.compile(r"RSA-OAEP.*|RSA1_5|ECDH-ES.*|PBES2-.*|A\d{3}(?:GCM)?KW|dir")


def unsigned(alg: str) -> Finding:
    """Tell of a token whose header says that nobody signed it (RFC 7518 section 3.6)."""
    return Finding(
        "unsigned",
        f"the header's alg is {quoted(alg)}: nobody signed this token, and anyone could have made it",
        "go on refusing it, and have the issuer sign",
        {"alg": alg},
    )


def alg_spelling(alg: str, meant: str) -> Finding:
    """Tell of an algorithm's name in another case than its own."""
    return Finding(
        "alg_spelling",
        f"the header's alg is {quoted(alg)} where {meant} is the name: case counts (RFC 7515 section 4.1.1)",
        f"have the issuer write {meant} into the header",
        {"alg": alg, "meant": meant},
    )


def purpose(key: Key) -> tuple[Finding, ...]:
    """Tell of a key that its own ``use``, ``key_ops`` or ``alg`` keeps for encryption."""
    said = {"use": key.use, "key_ops": key.key_ops, "alg": key.alg}
    meant = {
        "use": key.use == "enc",
        "key_ops": not (key.allows("sign") or key.allows("verify")),
        "alg": _ENCRYPTION.fullmatch(key.alg or "") is not None,
    }
    telling = {name: said[name] for name in said if meant[name]}
    if not telling:
        return ()
    return (
        Finding(
            "key_for_encryption",
            f"the key is meant for encryption, as its {' and '.join(telling)} says",
            "give the issuer's key for signatures, the one whose use is sig",
            {**telling, "kid": key.kid},
        ),
    )


def other_key(token: Token, key: Key) -> Finding:
    """Tell that a key of the set verifies which the token did not name, or names by its thumbprint."""
    name = "a key without a kid" if key.kid is None else f"the key '{key.kid}'"
    evidence = {"token_kid": token.kid, "kid": key.kid, "thumbprint": thumbprint(key)}
    if token.kid is not None and token.kid == thumbprint(key):
        return Finding(
            "kid_is_thumbprint",
            f"the token's kid is the RFC 7638 thumbprint of {name} of the set",
            "have issuer and key set use one name: the thumbprint as the key's kid, or the key's kid in the header",
            evidence,
        )
    said = "the token names no kid" if token.kid is None else f"the token's kid is '{token.kid}'"
    return Finding(
        "other_key",
        f"{said}, and {name} of the set verifies it",
        "have the issuer write that key's kid into the header; --key with that key alone judges by it now",
        evidence,
    )


def other_kind(algorithm: Algorithm, *keys: Key) -> Finding:
    """Tell that the token's algorithm takes another kind of key than the one, or all, that were given and tried."""
    given = " and ".join(sorted({key.kty for key in keys}))
    alone = keys[0] if len(keys) == 1 else None
    message = f"{algorithm.name} takes {_takes(algorithm)}, and {alone or f'a set of {given} keys'} was given"
    remedy = f"give the issuer's public key for {algorithm.name}: --key, --jwks or --issuer-url"
    if algorithm.kty == "oct":
        message += ", of which no usual text made this HMAC"
        remedy = (
            "give the secret if the issuer signs with one: --secret-file; if its key is the one given, go on refusing: "
            "an HMAC in its place is how public keys are turned into forgeries"
        )
    evidence = {"alg": algorithm.name, "takes": algorithm.kty, "given": given, "kid": alone and alone.kid}
    return Finding("other_kind_of_key", message, remedy, evidence)


def _takes(algorithm: Algorithm) -> str:
    if algorithm.kty == "oct":
        return "a secret"
    name = "RSA" if algorithm.kty == "RSA" else algorithm.curve or "Ed25519 or Ed448"
    return f"{'a' if algorithm.kty == 'EC' else 'an'} {name} key"


def forged(key: Key) -> Finding:
    """Tell of the classic forgery (RFC 8725 section 2.1)."""
    return Finding(
        "forged_with_public_key",
        "the token is an HMAC made with the text of the public key, which anyone can make",
        "treat it as an attack, or as a signer that took the wrong key; see that every verifier pins its algorithms",
        {"kid": key.kid, "thumbprint": thumbprint(key)},
    )


def padding_mislabelled(named: str, used: str) -> Finding:
    """Tell of RSA paddings that were taken for one another by the signer."""
    return Finding(
        "rsa_padding",
        f"the header names {named}, but the signature was made with {used}",
        f"have the issuer write {used} into the header, or sign with {named}",
        {"named": named, "used": used},
    )


def padding_not_allowed(used: str, allowed: str) -> Finding:
    """Tell of a good signature whose padding the allow-list leaves out."""
    return Finding(
        "rsa_padding",
        f"the signature is a good {used}, and only {allowed} is allowed",
        f"if the issuer is meant to use {used}, allow it: with --alg {used}, or as the alg of the JWK",
        {"allowed": allowed, "used": used},
    )


def der(alg: str, size: int) -> Finding:
    """Tell of a signature in the form of RFC 3279, of ``size`` bytes."""
    return Finding(
        "der_signature",
        "the signature is DER (ASN.1), JOSE wants the two raw numbers one after the other (RFC 7518 section 3.4)",
        "have the signer convert it, such as dsaEncoding 'ieee-p1363' in Node or SHA256withECDSAinP1363Format in Java",
        {"alg": alg, "bytes": size},
    )


def truncated(alg: str, have: int, expected: int) -> Finding:
    """Tell how many characters of a signature are missing."""
    missing = expected - have
    lost = "is missing altogether" if not have else "is cut short"
    return Finding(
        "signature_truncated",
        f"the signature {lost}: {missing} of the {expected} characters of {alg} are not there",
        "copy the token once more, to its very end; a column, log or cookie may have cut it",
        {"alg": alg, "characters": have, "expected_characters": expected, "missing_characters": missing},
    )


def overlong(alg: str, have: int, expected: int) -> Finding:
    """Tell how many characters stand behind a signature that is right without them."""
    extra = have - expected
    stand = "1 character stands" if extra == 1 else f"{extra} characters stand"
    return Finding(
        "signature_overlong",
        f"{stand} behind the signature, which ends after the {expected} characters of {alg} and is right so far",
        "copy the token once more, to its end and no further, or have whoever adds to it leave it as it is",
        {"alg": alg, "characters": have, "expected_characters": expected, "extra_characters": extra},
    )


def untried(tried: int, keys: int) -> Finding:
    """Tell that the search ended before all keys were tried, so that its silence proves nothing."""
    return Finding(
        "keys_not_tried",
        f"only {tried} of the {keys} keys were tried: the others would take too long with a token of this size",
        "--key with the one key that is meant has that one tried",
        {"tried": tried, "keys": keys},
    )
