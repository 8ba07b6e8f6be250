"""The members of a JWK Set (RFC 7517 section 5): read, left out with a note, or refused as a whole."""

from typing import Any

from jwtcli.core.algorithms import PRIVATE_MEMBERS
from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.keyfiles import from_member, read_json
from jwtcli.core.keys import RSA_MAXIMUM_BITS, Key
from jwtcli.core.printable import cut

MOST_MEMBERS = 1000
"""So many keys of a set are read: no issuer has more, and every one takes time."""

_PATIENCE = 3 * 8192**3
"""What testing primes may cost: three keys of 8192 bits or 192 of 2048, some ten seconds either way."""

_NOTES = 10
"""Notes on members left out, of which whoever wrote the set can make half a million."""


def set_document(content: bytes) -> dict[str, Any] | None:
    """Return the JWK Set that a file is, or None for a file of another kind."""
    text = content.strip()
    document = read_json(text) if text[:1] == b"{" else {}
    return document if "keys" in document and "kty" not in document else None


def read_members(members: Any, *, test_primes: bool = True) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """Return the keys of a set, and the notes on members that cannot be used.

    Raises UnusableKeyError where nothing usable remains, two members share a kid, there are too many, or testing the
    primes of the private RSA keys among them would take too long.
    """
    _refuse_as_a_whole(members)
    if test_primes and sum(map(_cost_of_primes, members)) > _PATIENCE:
        raise UnusableKeyError(
            "the private RSA keys of this set would take too long to test",
            hint="take the file apart, or give their public halves",
            code="too_costly",
        )
    return _each(members, test_primes=test_primes)


def read_published(members: Any) -> tuple[tuple[Key, ...], tuple[str, ...], int]:
    """Return the keys of a set from the web, the notes, and how many secrets and private keys were left out.

    Raises UnusableKeyError as ``read_members`` does.
    """
    _refuse_as_a_whole(members)
    public = [member for member in members if not _is_secret(member)]
    return *_each(public, test_primes=False), len(members) - len(public)


def _refuse_as_a_whole(members: Any) -> None:
    if not isinstance(members, list):
        raise UnusableKeyError("this is no JWK Set: its 'keys' is not a list", code="not_a_key")
    if len(members) > MOST_MEMBERS:
        raise UnusableKeyError(
            f"the key set has {len(members):,} members, more than the {MOST_MEMBERS:,} that are read",
            code="too_many_keys",
        )
    _refuse_shared_kid(members)


def _each(members: list[Any], *, test_primes: bool) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    keys: list[Key] = []
    notes: list[str] = []
    left_out = 0
    for number, member in enumerate(members, 1):
        try:
            if not isinstance(member, dict):
                raise UnusableKeyError("it is not an object")
            keys.append(from_member(member, test_primes=test_primes))
        except JwtcliError as error:
            left_out += 1
            if left_out <= _NOTES:
                notes.append(f"left out member {number} of the key set: {error.message}")
    if left_out > _NOTES:
        notes.append(f"left out {left_out - _NOTES} more members of the key set")
    if not keys:
        raise UnusableKeyError(
            "the key set holds no usable key", hint=notes[0] if notes else None, code="no_usable_key"
        )
    return tuple(keys), tuple(notes)


def _cost_of_primes(member: Any) -> int:
    """Return what testing the primes of a private RSA key takes: the third power of its size, more if one is larger."""
    primes = [member.get(name) for name in ("p", "q")] if isinstance(member, dict) and "d" in member else []
    return sum(4 * min(6 * len(prime), RSA_MAXIMUM_BITS) ** 3 for prime in primes if isinstance(prime, str))


def _refuse_shared_kid(members: list[Any]) -> None:
    """Refuse a set where a kid means two members, one that cannot be used among them: it names neither."""
    kids: set[str] = set()
    for member in members:
        kid = member.get("kid") if isinstance(member, dict) else None
        if isinstance(kid, str) and kid in kids:
            raise UnusableKeyError(f"two keys of the set have the kid '{cut(kid)}'", code="duplicate_kid")
        if isinstance(kid, str):
            kids.add(kid)


def _is_secret(member: object) -> bool:
    """Tell what no published set may hold: a secret, or the private half of a pair or a piece of it."""
    return isinstance(member, dict) and (member.get("kty") == "oct" or not PRIVATE_MEMBERS.isdisjoint(member))
