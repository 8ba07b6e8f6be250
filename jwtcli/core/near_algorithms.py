"""Which algorithms somebody means who writes the name of one nearly right, or that of its family, curve or hash."""

import re
from collections.abc import Collection

_FAMILIES = {
    "HS": ("hs", "hmac", "oct"),
    "RS": ("rs", "rsa", "pkcs1"),
    "PS": ("ps", "rsa", "pss", "rsapss", "rsassapss"),
    "ES": ("es", "ec", "ecdsa"),
    "Ed": ("ed", "okp"),
    "ML-DSA": ("mldsa", "dilithium", "akp"),
}
_CURVES = {
    "ES256": ("p256", "secp256r1", "prime256v1"),
    "ES384": ("p384", "secp384r1"),
    "ES512": ("p521", "secp521r1", "es521"),
    "ES256K": ("k256", "secp256k1"),
}


def meant(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known names that ``name`` may stand for, the likeliest alone where there is one."""
    bare = re.sub("[^a-z0-9]", "", name.lower())
    spelled = {re.sub("[^a-z0-9]", "", one.lower()): one for one in known}
    if bare in spelled:
        return (spelled[bare],)
    for curve, names in _CURVES.items():
        if bare in names:
            return (curve,)
    families = tuple(family for family, names in _FAMILIES.items() if bare in names)
    if families:
        return tuple(one for one in known if one.startswith(families))
    if re.fullmatch("sha(256|384|512)", bare):
        return tuple(one for one in known if one.endswith(bare[3:]))
    from difflib import get_close_matches

    return tuple(spelled[close] for close in get_close_matches(bare, spelled, n=1, cutoff=0.6))
