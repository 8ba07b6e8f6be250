"""Several keys at once: a JWK Set (RFC 7517 section 5) from a file or the web."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from jwtcli.core.algorithms import ALGORITHMS
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.jwk import with_kid
from jwtcli.core.keyfiles import from_secret
from jwtcli.core.keyfiles import read as read_key
from jwtcli.core.keys import Key, algorithms_to_verify, kind_algorithms, public_half
from jwtcli.core.lifetime import relative
from jwtcli.core.native import Held, Passphrase
from jwtcli.core.printable import cut
from jwtcli.core.set_members import read_members, read_published, set_document
from jwtcli.core.sources import KeySource

if TYPE_CHECKING:  # most runs fetch nothing
    from jwtcli.core.fetch import Fetched, Web
    from jwtcli.core.refresh import Refresh


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys from one source, and how the operator lets them be used.

    ``chosen_by_kid`` is false for a lone key, which serves any kid. ``wanted`` narrows the
    algorithms to those named by ``--alg``; ``allow_weak`` lets keys below the minimum pass. ``text``
    is the source as it came, where a file or variable holds it; ``encoded`` tells of a secret in
    some ``--secret-encoding``, and in no JWK.
    ``issuer`` is whose keys these are, where discovery found them: only its tokens may pass.
    ``valid_until`` ends the validity of a certificate, in Unix seconds. ``refresh`` is there for a
    set from the web: the issuer may have new keys by now.
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
    refresh: "Refresh[KeySet] | None" = field(default=None, repr=False)
    _able: dict[str, tuple[Key, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _ruled_out: dict[str, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def algorithms(self, key: Key) -> tuple[str, ...]:
        """Return the allow-list of algorithms for a key of this set; raises UnusableKeyError."""
        return algorithms_to_verify(key, self.wanted, allow_weak=self.allow_weak)

    def allowed(self, key: Key) -> tuple[str, ...]:
        """Return the allow-list for a key, empty where it may not verify at all."""
        try:
            return self.algorithms(key)
        except UnusableKeyError:
            return ()

    def able(self, alg: object) -> tuple[Key, ...]:
        """Return the keys whose allow-list has this algorithm, a token's word for it, worked out once for each."""
        name = _known(alg)
        if name and name not in self._able:
            self._able[name] = tuple(key for key in self.keys if name in self.allowed(key))
        return self._able.get(name, ())

    def rules_out(self, alg: object) -> bool:
        """Tell whether every usable key excludes this algorithm.

        False where a key that cannot be used might have allowed it.
        """
        name = _known(alg)
        if name not in self._ruled_out:
            self._ruled_out[name] = not self.able(name) and self._does_without(name)
        return self._ruled_out[name]

    def _does_without(self, alg: str) -> bool:
        unusable = [key for key in self.keys if not self.allowed(key)]
        asked_for = not self.wanted or alg in self.wanted
        return len(unusable) < len(self.keys) and not (
            asked_for and any(alg in kind_algorithms(key) for key in unusable)
        )


def read(
    source: KeySource,
    passphrase: Passphrase | None = None,
    web: "Callable[[], Web] | None" = None,
    *,
    wanted: tuple[str, ...] = (),
    allow_weak: bool = False,
) -> KeySet:
    """Read a secret, a key or a JWK Set; the last two are told apart by content.

    Members of a set that cannot be used are left out with a note; the primes of those of RSA are tested
    once one is chosen to sign. ``web`` says how a set with a URL is fetched; ``wanted`` and ``allow_weak`` are those
    of the KeySet. Raises UnusableKeyError where nothing usable remains, there are too many members or two share a
    kid, and FetchError.
    """
    made = partial(KeySet, source=source.name, wanted=wanted, allow_weak=allow_weak)
    if source.url is not None or source.issuer is not None:
        assert web is not None
        return _from_web(source, made, web())
    if source.secret:
        return made((from_secret(source.content),), warnings=source.warnings, encoded=True)
    document = set_document(source.content)
    if document is not None:
        keys, notes = read_members(document["keys"], test_primes=False)
        warnings = _if_private(keys, source)
        return made(keys, chosen_by_kid=True, notes=notes, text=source.content, warnings=warnings)
    held = read_key(source.content, passphrase)
    warnings = _if_private((held.key,), source)
    return made((held.key,), notes=held.notes, text=source.content, warnings=warnings, valid_until=held.valid_until)


def members(content: bytes, passphrase: Passphrase | None = None) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """Read every key of a file, a JWK Set or one key, and the notes on those left out.

    Raises UnusableKeyError where none is usable.
    """
    document = set_document(content)
    if document is not None:
        keys, notes = read_members(document["keys"])
        return tuple(Held(key, "jwk") for key in keys), notes
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
    twice = [kid for kid, count in Counter(key.kid for key in named).items() if count > 1]
    if twice:
        raise UnusableKeyError(f"two keys have the kid '{cut(str(twice[0]))}'", code="duplicate_kid")
    return named


def to_publish(keys: Sequence[Key]) -> tuple[Key, ...]:
    """Return the public halves of keys that an issuer may publish; raises what ``to_issue`` does."""
    return tuple(map(public_half, to_issue(keys)))


def _from_web(source: KeySource, made: Callable[..., KeySet], web: "Web") -> KeySet:
    from jwtcli.core.published import deadline

    until = deadline(web)
    keys, found = _fetched(source, made, web, until=until, fresh=False)
    if web.offline:
        return keys
    from jwtcli.core.refresh import Refresh

    return replace(keys, refresh=Refresh(partial(_fetched, source, made), web, until - web.clock(), found))


def _fetched(
    source: KeySource, made: Callable[..., KeySet], web: "Web", *, until: float, fresh: bool
) -> tuple[KeySet, "Fetched"]:
    from jwtcli.core import published

    found = published.key_set(source.url, source.issuer, web, until=until, fresh=fresh)
    try:
        keys, notes, secrets = read_published(found.document["keys"])
    except UnusableKeyError:
        if found.cached_at is None or web.offline:
            raise
        return _fetched(source, made, web, until=until, fresh=True)  # it may have been mended since
    warnings: tuple[str, ...] = ()
    if secrets:
        left_out = f"left out {secrets} oct or private {'key' if secrets == 1 else 'keys'} of the key set"
        warnings = (f"{left_out}: a published secret lets anyone forge tokens",)
    if web.offline and found.cached_at is not None:
        notes = (*notes, f"the key set is from the cache, fetched {relative(found.cached_at, web.now)}")
    return made(keys, chosen_by_kid=True, notes=notes, warnings=warnings, issuer=source.issuer), found


def _if_private(keys: tuple[Key, ...], source: KeySource) -> tuple[str, ...]:
    return source.warnings if any(key.private for key in keys) else ()


def _known(alg: object) -> str:
    """Return the name of an algorithm; "" for anything else that a token says, which is one and the same to any key."""
    return alg if isinstance(alg, str) and alg in ALGORITHMS else ""
