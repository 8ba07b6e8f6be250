"""Several keys at once: a JWK Set (RFC 7517 section 5), and the choice of one by kid."""

from dataclasses import dataclass, field, replace
from typing import Any

from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.keyfiles import Passphrase, from_member, from_secret, load, read_json
from jwtcli.core.keys import Key, algorithms_to_verify, kind_algorithms
from jwtcli.core.sources import KeySource


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys from one source, and how the operator lets them be used.

    ``chosen_by_kid`` is false for a lone key, which serves any kid. ``wanted`` narrows the
    algorithms to those named by ``--alg``; ``allow_weak`` lets keys below the minimum pass. ``text``
    is the source as it came, where a file or variable holds it.
    """

    keys: tuple[Key, ...]
    source: str
    chosen_by_kid: bool = False
    wanted: tuple[str, ...] = ()
    allow_weak: bool = False
    notes: tuple[str, ...] = ()
    text: bytes = field(default=b"", repr=False)

    def algorithms(self, key: Key) -> tuple[str, ...]:
        """Return the allow-list of algorithms for a key of this set; raises UnusableKeyError."""
        return algorithms_to_verify(key, self.wanted, allow_weak=self.allow_weak)


def read(source: KeySource, passphrase: Passphrase | None = None) -> KeySet:
    """Read a secret, a key or a JWK Set; the last two are told apart by content.

    Members of a set that cannot be used are left out with a note. Raises UnusableKeyError where nothing
    usable remains or two members share a kid.
    """
    if source.secret:
        return KeySet((from_secret(source.content),), source.name)
    text = source.content.strip()
    if text[:1] == b"{":
        document = read_json(text)
        if "keys" in document and "kty" not in document:
            return replace(_from_members(document["keys"], source.name), text=source.content)
    return KeySet((load(source.content, passphrase),), source.name, text=source.content)


def to_verify(keys: KeySet, kid: str | None, alg: object) -> Key:
    """Choose the key that a token's ``kid`` means, or the only one that can be meant without a kid.

    ``alg`` is the token's word and only ever narrows the choice among keys that could verify it
    anyway. Raises UnusableKeyError, listing the kids, where no one key can be meant.
    """
    if not keys.chosen_by_kid:
        return keys.keys[0]
    if kid is not None:
        named = [key for key in keys.keys if key.kid == kid]
        if named:
            return named[0]
        unnamed = [key for key in keys.keys if key.kid is None]
        if len(keys.keys) > 1 or not unnamed:
            raise UnusableKeyError(
                f"no key of the set has the token's kid '{kid}'", hint=_kids(keys), code="unknown_kid"
            )
    if len(keys.keys) == 1:
        return keys.keys[0]
    meant = [key for key in keys.keys if alg in _algorithms(keys, key)]
    if len(meant) != 1:
        count = "no key" if not meant else f"{len(meant)} keys"
        raise UnusableKeyError(
            f"the token names no kid, and {count} of the set could be meant", hint=_kids(keys), code="no_kid"
        )
    return meant[0]


def to_sign(keys: KeySet, kid: str | None) -> Key:
    """Choose the key to sign with: the member with this ``kid``, or the only private key that fits.

    Raises UnusableKeyError, listing the kids, where no one key can be meant.
    """
    if not keys.chosen_by_kid:
        return keys.keys[0]
    private = [key for key in keys.keys if key.private]
    if kid is not None:
        named = [key for key in keys.keys if key.kid == kid]
        if not named:
            raise UnusableKeyError(f"no key of the set has the kid '{kid}'", hint=_kids(keys), code="unknown_kid")
        return named[0]
    for wanted in keys.wanted:
        private = [key for key in private if wanted in kind_algorithms(key) and key.alg in (None, wanted)]
    if len(private) != 1:
        raise UnusableKeyError(
            f"{len(private) or 'none'} of the set's keys could be meant to sign", hint=_kids(keys), code="no_kid"
        )
    return private[0]


def _from_members(members: Any, source: str) -> KeySet:
    if not isinstance(members, list):
        raise UnusableKeyError("this is no JWK Set: its 'keys' is not a list", code="not_a_key")
    keys: list[Key] = []
    notes: list[str] = []
    for number, member in enumerate(members, 1):
        try:
            if not isinstance(member, dict):
                raise UnusableKeyError("it is not an object")
            keys.append(from_member(member))
        except JwtcliError as error:
            notes.append(f"left out member {number} of the key set: {error.message}")
    if not keys:
        raise UnusableKeyError(
            "the key set holds no usable key", hint=notes[0] if notes else None, code="no_usable_key"
        )
    _refuse_shared_kid(members)
    return KeySet(tuple(keys), source, chosen_by_kid=True, notes=tuple(notes))


def _refuse_shared_kid(members: list[Any]) -> None:
    """Refuse a set where a kid means two members, one that cannot be used among them: it names neither."""
    kids: set[str] = set()
    for member in members:
        kid = member.get("kid") if isinstance(member, dict) else None
        if isinstance(kid, str) and kid in kids:
            raise UnusableKeyError(f"two keys of the set have the kid '{kid}'", code="duplicate_kid")
        if isinstance(kid, str):
            kids.add(kid)


def _algorithms(keys: KeySet, key: Key) -> tuple[str, ...]:
    try:
        return keys.algorithms(key)
    except UnusableKeyError:
        return ()


def _kids(keys: KeySet) -> str:
    named = [key.kid for key in keys.keys if key.kid is not None]
    shown = ", ".join(f"'{kid}'" for kid in named[:20])
    return f"the set has {shown}{' and more' if len(named) > 20 else ''}" if named else "no key of the set has a kid"
