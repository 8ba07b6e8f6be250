"""Several keys at once: a JWK Set (RFC 7517 section 5) from a file or the web, and the choice of one by kid."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.jwk import with_kid
from jwtcli.core.keyfiles import from_member, from_secret, read_json
from jwtcli.core.keyfiles import read as read_key
from jwtcli.core.keys import RSA_MAXIMUM_BITS, Key, algorithms_to_verify, kind_algorithms, public_half
from jwtcli.core.lifetime import relative
from jwtcli.core.native import Held, Passphrase
from jwtcli.core.printable import cut
from jwtcli.core.sources import KeySource

if TYPE_CHECKING:  # most runs fetch nothing
    from jwtcli.core.fetch import Web

MOST_MEMBERS = 1000
"""So many keys of a set are read: no issuer has more, and every one takes time."""

_PATIENCE = 3 * 8192**3
"""What testing primes may cost: three keys of 8192 bits or 192 of 2048, some ten seconds either way."""

_NOTES = 10
"""Notes on members left out, of which whoever wrote the set can make half a million."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys from one source, and how the operator lets them be used.

    ``chosen_by_kid`` is false for a lone key, which serves any kid. ``wanted`` narrows the
    algorithms to those named by ``--alg``; ``allow_weak`` lets keys below the minimum pass. ``text``
    is the source as it came, where a file or variable holds it; ``encoded`` tells of a secret in
    some ``--secret-encoding``, and in no JWK.
    ``issuer`` is whose keys these are, where discovery found them: only its tokens may pass.
    ``valid_until`` ends the validity of a certificate, in Unix seconds. ``refresh`` is there for a
    set from the cache: the issuer may have new keys by now.
    """

    keys: tuple[Key, ...]
    source: str
    chosen_by_kid: bool = False
    wanted: tuple[str, ...] = ()
    allow_weak: bool = False
    notes: tuple[str, ...] = ()
    text: bytes = field(default=b"", repr=False)
    encoded: bool = False
    warnings: tuple[str, ...] = ()
    issuer: str | None = None
    valid_until: int | None = None
    refresh: "Refresh | None" = field(default=None, repr=False)
    _able: dict[str, tuple[Key, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _ruled_out: dict[str, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def algorithms(self, key: Key) -> tuple[str, ...]:
        """Return the allow-list of algorithms for a key of this set; raises UnusableKeyError."""
        return algorithms_to_verify(key, self.wanted, allow_weak=self.allow_weak)

    def able(self, alg: object) -> tuple[Key, ...]:
        """Return the keys whose allow-list has this algorithm, a token's word for it, worked out once for each."""
        if not isinstance(alg, str) or alg not in ALGORITHMS:
            return ()
        if alg not in self._able:
            self._able[alg] = tuple(key for key in self.keys if alg in _algorithms(self, key))
        return self._able[alg]

    def rules_out(self, alg: object) -> bool:
        """Tell whether no key allows this algorithm, a token's word for it; not so where one could that is unusable."""
        if not isinstance(alg, str) or alg not in ALGORITHMS:
            alg = ""  # no key can do it, and however a token spells that is one and the same
        if alg not in self._ruled_out:
            self._ruled_out[alg] = not self.able(alg) and self._does_without(alg)
        return self._ruled_out[alg]

    def _does_without(self, alg: str) -> bool:
        unusable = [key for key in self.keys if not _algorithms(self, key)]
        asked_for = not self.wanted or alg in self.wanted
        return len(unusable) < len(self.keys) and not (
            asked_for and any(alg in kind_algorithms(key) for key in unusable)
        )


class Refresh:
    """One more fetch of a key set that came from the cache, at most once in a process.

    It takes no longer than the ``seconds`` that the first left of the time for both.
    """

    def __init__(self, source: KeySource, web: "Web", seconds: float) -> None:
        self._source, self._web, self._seconds = source, web, seconds
        self._outcome: KeySet | JwtcliError | None = None

    def known(self, keys: KeySet) -> KeySet:
        """Return the newer set where it was fetched already, else ``keys``."""
        if not isinstance(self._outcome, KeySet):
            return keys
        if (self._outcome.wanted, self._outcome.allow_weak) != (keys.wanted, keys.allow_weak):
            self._outcome = replace(self._outcome, wanted=keys.wanted, allow_weak=keys.allow_weak)
        return self._outcome  # one for all: what it worked out stays with it

    @property
    def done(self) -> bool:
        """Tell whether a newer set took the place of the first."""
        return isinstance(self._outcome, KeySet)

    def again(self, keys: KeySet) -> KeySet:
        """Fetch the set, or tell once more how that went; raises FetchError and UnusableKeyError."""
        if self._outcome is None:
            try:
                until = self._web.clock() + self._seconds
                self._outcome = _fetched(self._source, self._web, until, fresh=True)
            except JwtcliError as error:
                self._outcome = error
        if isinstance(self._outcome, JwtcliError):
            raise self._outcome
        return self.known(keys)


def read(source: KeySource, passphrase: Passphrase | None = None, web: "Callable[[], Web] | None" = None) -> KeySet:
    """Read a secret, a key or a JWK Set; the last two are told apart by content.

    Members of a set that cannot be used are left out with a note; the primes of those of RSA are tested
    once one is chosen to sign. ``web`` says how a set with a URL is fetched. Raises UnusableKeyError
    where nothing usable remains, there are too many members or two share a kid, and FetchError.
    """
    if source.url is not None or source.issuer is not None:
        assert web is not None
        from jwtcli.core.published import deadline

        given = web()
        return _fetched(source, given, deadline(given), fresh=False)
    if source.secret:
        return KeySet((from_secret(source.content),), source.name, warnings=source.warnings, encoded=True)
    document = _set_document(source.content)
    if document is not None:
        keys = _from_members(document["keys"], source.name, test_primes=False)
        return replace(keys, text=source.content, warnings=_if_private(keys.keys, source))
    held = read_key(source.content, passphrase)
    warnings = _if_private((held.key,), source)
    lone = KeySet((held.key,), source.name, notes=held.notes, text=source.content)
    return replace(lone, warnings=warnings, valid_until=held.valid_until)


def members(content: bytes, passphrase: Passphrase | None = None) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """Read every key of a file, a JWK Set or one key, and the notes on those left out.

    Raises UnusableKeyError where none is usable.
    """
    document = _set_document(content)
    if document is not None:
        keys = _from_members(document["keys"], "the file")
        return tuple(Held(key, "jwk") for key in keys.keys), keys.notes
    held = read_key(content, passphrase)
    return (held,), held.notes


def to_issue(keys: Sequence[Key]) -> tuple[Key, ...]:
    """Return keys whose public halves an issuer may publish, each with a kid: its own or its thumbprint (RFC 7638).

    Raises UnusableKeyError for a secret, and where two have one kid.
    """
    if any(key.symmetric for key in keys):
        raise UnusableKeyError(
            "an issuer publishes its keys, and whoever reads a published secret can forge tokens",
            hint="use RSA, EC, OKP or AKP keys, which have a public half",
            code="symmetric_key",
        )
    named = tuple(key if key.kid is not None else with_kid(key, "auto") for key in keys)
    _refuse_twins(named, "keys")
    return named


def to_publish(keys: Sequence[Key]) -> tuple[Key, ...]:
    """Return the public halves of keys that an issuer may publish; raises what ``to_issue`` does."""
    return tuple(map(public_half, to_issue(keys)))


def _set_document(content: bytes) -> dict[str, Any] | None:
    """Return the JWK Set that a file is, or None for a file of another kind."""
    text = content.strip()
    document = read_json(text) if text[:1] == b"{" else {}
    return document if "keys" in document and "kty" not in document else None


def _fetched(source: KeySource, web: "Web", until: float, *, fresh: bool) -> KeySet:
    from jwtcli.core import published

    found = published.key_set(source.url, source.issuer, web, until=until, fresh=fresh)
    members = found.document["keys"]
    public = [member for member in members if not _is_secret(member)]
    try:
        _refuse_shared_kid(members)
        keys = _from_members(public, source.name)
    except UnusableKeyError:
        if found.cached_at is None or web.offline:
            raise
        return _fetched(source, web, until, fresh=True)  # it may have been mended since
    notes, warnings = keys.notes, keys.warnings
    secrets = len(members) - len(public)
    if secrets:
        left_out = f"left out {secrets} oct or private {'key' if secrets == 1 else 'keys'} of the key set"
        warnings = (*warnings, f"{left_out}: a published secret lets anyone forge tokens")
    if web.offline and found.cached_at is not None:
        notes = (*notes, f"the key set is from the cache, fetched {relative(found.cached_at, web.now)}")
    refresh = None
    if not (fresh or web.offline or found.cached_at is None):
        refresh = Refresh(source, web, until - web.clock())
    return replace(keys, notes=notes, warnings=warnings, issuer=source.issuer, refresh=refresh)


def _is_secret(member: object) -> bool:
    """Tell what no published set may hold: a secret, or the private half of a pair."""
    return isinstance(member, dict) and (member.get("kty") == "oct" or "d" in member or "priv" in member)


def _if_private(keys: tuple[Key, ...], source: KeySource) -> tuple[str, ...]:
    return source.warnings if any(key.private for key in keys) else ()


def _from_members(members: Any, source: str, *, test_primes: bool = True) -> KeySet:
    if not isinstance(members, list):
        raise UnusableKeyError("this is no JWK Set: its 'keys' is not a list", code="not_a_key")
    if len(members) > MOST_MEMBERS:
        raise UnusableKeyError(
            f"the key set has {len(members):,} members, more than the {MOST_MEMBERS:,} that are read",
            code="too_many_keys",
        )
    if test_primes and sum(map(_cost_of_primes, members)) > _PATIENCE:
        raise UnusableKeyError(
            "the private RSA keys of this set would take too long to test",
            hint="take the file apart, or give their public halves",
            code="too_costly",
        )
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
    _refuse_shared_kid(members)
    return KeySet(tuple(keys), source, chosen_by_kid=True, notes=tuple(notes))


def _cost_of_primes(member: Any) -> int:
    """Return what testing the primes of a private RSA key takes: the third power of its size, more if one is larger."""
    primes = [member.get(name) for name in ("p", "q")] if isinstance(member, dict) and "d" in member else []
    return sum(4 * min(6 * len(prime), RSA_MAXIMUM_BITS) ** 3 for prime in primes if isinstance(prime, str))


def _refuse_twins(keys: Iterable[Key], what: str) -> None:
    twice = [kid for kid, count in Counter(key.kid for key in keys).items() if kid is not None and count > 1]
    if twice:
        raise UnusableKeyError(f"two {what} have the kid '{cut(twice[0])}'", code="duplicate_kid")


def _refuse_shared_kid(members: list[Any]) -> None:
    """Refuse a set where a kid means two members, one that cannot be used among them: it names neither."""
    kids: set[str] = set()
    for member in members:
        kid = member.get("kid") if isinstance(member, dict) else None
        if isinstance(kid, str) and kid in kids:
            raise UnusableKeyError(f"two keys of the set have the kid '{cut(kid)}'", code="duplicate_kid")
        if isinstance(kid, str):
            kids.add(kid)


def _algorithms(keys: KeySet, key: Key) -> tuple[str, ...]:
    try:
        return keys.algorithms(key)
    except UnusableKeyError:
        return ()
