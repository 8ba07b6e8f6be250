"""Why a signature does not verify: the neighbouring keys, secrets, algorithms and forms, each of them tried."""

import hmac
from collections.abc import Iterator
from dataclasses import replace

from jwtcli.core import signature_findings
from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.choice import to_verify
from jwtcli.core.der import INTEGER, SEQUENCE, value, values
from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.findings import Finding
from jwtcli.core.keyfiles import public_texts
from jwtcli.core.keys import Key, kind_algorithms, signature_bytes
from jwtcli.core.keysets import KeySet
from jwtcli.core.near_secrets import Near, neighbours
from jwtcli.core.signatures import matches
from jwtcli.core.strict import base64url_decode, base64url_encode
from jwtcli.core.tokens import Token

_HASHES = {name: f"sha{alg.hash_bits}" for name, alg in ALGORITHMS.items() if alg.kty == "oct"}
_BY_LOWER_CASE = {name.lower(): name for name in ALGORITHMS}
_PADDINGS = {
    f"{one}{bits}": f"{other}{bits}" for one, other in (("RS", "PS"), ("PS", "RS")) for bits in (256, 384, 512)
}
# An HMAC that begins as the signature does tells something only where this many characters agree.
_TELLING = 16
# Bytes of whole signatures, by RSA keys of the usual sizes among them: one of these sizes was hardly cut short.
_WHOLE = frozenset((128, 256, 384, 512, 1024, *(alg.signature_bytes for alg in ALGORITHMS.values()))) - {0}
# A trial reads the whole token: a large one with thousands of keys would take minutes.
_MOST_TRIALS = 20_000
_MOST_BYTES = 1 << 30


def find(token: Token, segment: str, keys: KeySet) -> tuple[Finding, ...]:
    """Return what keeps the signature from verifying; nothing where no neighbour verifies either.

    ``segment`` is the signature as text, which may be cut short. The chosen key is tried first, in
    all its neighbourhood, then the others of the set, as many as time allows. A name of an algorithm in
    another case is told, and what else there is to find is then sought by the right one.
    """
    alg = token.alg
    if not isinstance(alg, str) or alg in ALGORITHMS:
        return _find(token, segment, keys)
    if alg.lower() == "none":
        return (signature_findings.unsigned(alg),)
    meant = _BY_LOWER_CASE.get(alg.lower()) if alg.isascii() else None  # the Kelvin sign is no K
    if meant is None:
        return _find(token, segment, keys)
    found = _find(token._replace(header={**token.header, "alg": meant}), segment, keys)
    return (signature_findings.alg_spelling(alg, meant), *found)


def _find(token: Token, segment: str, keys: KeySet) -> tuple[Finding, ...]:
    chosen = _chosen(token, keys)
    others = [key for key in keys.keys if key is not chosen]
    in_turn = others if chosen is None else [chosen, *others]
    most, trials = min(_MOST_TRIALS, _MOST_BYTES // (len(token.signing_input) + len(segment))), 0
    for tried, key in enumerate(in_turn):
        if trials >= most:
            return (*_untold(token, segment, chosen, others), signature_findings.untried(tried, len(in_turn)))
        for found in _trials(token, segment, key, keys):
            trials += 1
            if found is not None:
                chosen_otherwise = () if key is chosen else (signature_findings.other_key(token, key),)
                return (*signature_findings.purpose(key), *chosen_otherwise, *found)
    return _untold(token, segment, chosen, others) or _unfit_set(token, chosen, others)


def _untold(token: Token, segment: str, chosen: Key | None, others: list[Key]) -> tuple[Finding, ...]:
    """Tell what needs no trial."""
    algorithm = ALGORITHMS.get(str(token.alg))
    meant = chosen or next((key for key in others if token.alg in kind_algorithms(key)), None)
    if meant is None:
        return ()
    purpose = () if chosen is None else signature_findings.purpose(chosen)
    if algorithm is not None and algorithm.name not in kind_algorithms(meant):
        return (*purpose, signature_findings.other_kind(algorithm, meant))
    return (*purpose, *_too_short(token, segment, meant))


def _unfit_set(token: Token, chosen: Key | None, others: list[Key]) -> tuple[Finding, ...]:
    """Tell of a set, tried to its end, without a key of the kind that the algorithm takes."""
    algorithm = ALGORITHMS.get(str(token.alg))
    if chosen is not None or algorithm is None or any(algorithm.name in kind_algorithms(key) for key in others):
        return ()
    return (signature_findings.other_kind(algorithm, *others),)


def _chosen(token: Token, keys: KeySet) -> Key | None:
    try:
        return to_verify(keys, token.kid, token.alg)
    except JwtcliError:
        return None


def _trials(token: Token, segment: str, key: Key, keys: KeySet) -> Iterator[tuple[Finding, ...] | None]:
    """Try one signature a step; yield what has to change besides the choice of this key, None where that fails."""
    if str(token.alg) in _HASHES:
        yield from _hmac_trials(token, segment, key, keys)
        return
    for alg, padding in _algorithms(token, key, keys):
        for signature, form in _signatures(segment, key, alg):
            yield (*padding, *form) if _verifies(token, signature, key, alg) else None


def _signatures(segment: str, key: Key, alg: str) -> Iterator[tuple[bytes, tuple[Finding, ...]]]:
    """Yield the signature as it stands, as DER, and without what is too long of it, each with what that tells."""
    whole = _octets(segment)
    if whole is not None:
        yield whole, ()
        raw = _raw_of_der(whole, key)
        if raw is not None:
            yield raw, (signature_findings.der(alg, len(whole)),)
    expected = _characters(signature_bytes(key, alg))
    beginning = _octets(segment[:expected]) if len(segment) > expected else None
    if beginning is not None:
        yield beginning, (signature_findings.overlong(alg, len(segment), expected),)


def _octets(segment: str) -> bytes | None:
    try:
        return base64url_decode(segment.encode("utf-8", "replace"))
    except ValueError:
        return None


def _hmac_trials(token: Token, segment: str, key: Key, keys: KeySet) -> Iterator[tuple[Finding, ...] | None]:
    alg = str(token.alg)
    for near in _secrets(key, alg, keys):
        expected = base64url_encode(hmac.digest(near.secret, token.signing_input, _HASHES[alg]))
        if hmac.compare_digest(expected.encode(), segment.encode("utf-8", "replace")):
            yield near.findings
        elif len(segment) >= _TELLING and expected.startswith(segment):
            yield (*near.findings, signature_findings.truncated(alg, len(segment), len(expected)))
        elif segment.startswith(expected):
            yield (*near.findings, signature_findings.overlong(alg, len(segment), len(expected)))
        else:
            yield None


def _secrets(key: Key, alg: str, keys: KeySet) -> Iterator[Near]:
    if not key.symmetric:
        forged = (signature_findings.forged(key),)
        as_it_came = (keys.text,) if key is keys.keys[0] else ()  # one text of all keys needs trying once
        for text in (*as_it_came, *public_texts(key)):
            yield from (Near(spelled, forged) for spelled in _spellings(text))
        return
    for near in neighbours(key.native, from_text=keys.encoded):
        weak = len(near.secret) * 8 < ALGORITHMS[alg].hash_bits and not keys.allow_weak
        yield Near(near.secret, tuple(_with_weak_key(one, alg) for one in near.findings) if weak else near.findings)


def _spellings(text: bytes) -> Iterator[bytes]:
    bare = text.strip()
    crlf, lf = text.replace(b"\n", b"\r\n"), text.replace(b"\r\n", b"\n")
    yield from (spelled for spelled in dict.fromkeys((text, bare, bare + b"\n", lf, crlf)) if spelled)


def _with_weak_key(finding: Finding, alg: str) -> Finding:
    return replace(finding, remedy=f"{finding.remedy}; that secret is too short for {alg}, so --allow-weak-key as well")


def _algorithms(token: Token, key: Key, keys: KeySet) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Yield the algorithm that the token names, and for RSA the one with the other padding."""
    able = kind_algorithms(key)
    alg, twin = token.alg, _PADDINGS.get(str(token.alg))
    if isinstance(alg, str) and alg in able:
        allowed = keys.allowed(key)
        left_out = alg not in allowed and twin in allowed
        yield alg, ((signature_findings.padding_not_allowed(alg, str(twin)),) if left_out else ())
    if twin in able:
        yield str(twin), (signature_findings.padding_mislabelled(str(alg), str(twin)),)


def _verifies(token: Token, signature: bytes, key: Key, alg: str) -> bool:
    try:
        return matches(token.signing_input, signature, key, alg)
    except UnusableKeyError:
        return False


def _raw_of_der(signature: bytes, key: Key) -> bytes | None:
    """Turn an ECDSA-Sig-Value (RFC 3279 section 2.2.3) into the two raw numbers of RFC 7518 section 3.4."""
    if key.kty != "EC":
        return None
    try:
        whole = value(signature, 0)
        inside = list(values(signature, whole))
    except ValueError:
        return None
    tags = [whole.tag, *(one.tag for one in inside)]
    if tags != [SEQUENCE, INTEGER, INTEGER] or whole.end != len(signature):
        return None
    size = (key.bits + 7) // 8
    numbers = [signature[one.start : one.end].lstrip(b"\0").rjust(size, b"\0") for one in inside]
    return b"".join(numbers) if {len(number) for number in numbers} == {size} else None


def _too_short(token: Token, segment: str, key: Key) -> tuple[Finding, ...]:
    """Tell of a signature below the one size that the algorithm has with this key: a fact that needs no trial."""
    expected = _characters(signature_bytes(key, str(token.alg))) if token.alg in kind_algorithms(key) else 0
    if len(segment) >= expected or len(segment) in map(_characters, _WHOLE):
        return ()
    return (signature_findings.truncated(str(token.alg), len(segment), expected),)


def _characters(octets: int) -> int:
    return (octets * 4 + 2) // 3
