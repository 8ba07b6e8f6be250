"""Which key is meant: by a token's kid or algorithm, or by whoever signs."""

from collections.abc import Sequence

from jwtcli.core.errors import JwtcliError, UnusableKeyError
from jwtcli.core.jwk import with_tested_primes
from jwtcli.core.keys import Key, kind_algorithms
from jwtcli.core.keysets import KeySet
from jwtcli.core.native import Held
from jwtcli.core.printable import cut


class RuledOutError(UnusableKeyError):
    """A token without a kid whose algorithm no key of the set allows: the fault of whoever wrote the token."""

    code = "no_kid"


def to_verify(keys: KeySet, kid: str | None, alg: object) -> Key:
    """Choose the key that a token's ``kid`` means, or the only one that can be meant without a kid.

    ``alg`` is the token's word and only ever narrows the choice among keys that could verify it
    anyway. A set from the cache is fetched once more where it does not know the kid. Raises UnusableKeyError,
    listing the kids, where no one key can be meant, RuledOutError among it, and FetchError.
    """
    if keys.refresh is None:
        return _meant(keys, kid, alg)
    try:
        return _meant(keys.refresh.known(keys), kid, alg)
    except UnusableKeyError as error:
        if error.code != "unknown_kid":
            raise
    return _meant(keys.refresh.again(keys), kid, alg)


def newest(keys: KeySet) -> KeySet:
    """Return the newest set that is known in place of one from the web, or the set itself."""
    try:
        return keys if keys.refresh is None else keys.refresh.known(keys)
    except JwtcliError:  # there is none that could be trusted
        return keys


def to_sign(keys: KeySet, kid: str | None) -> Key:
    """Choose the key to sign with: the member with this ``kid``, or the only private key that fits.

    Raises UnusableKeyError, listing the kids, where no one key can be meant, and where the one is damaged.
    """
    return with_tested_primes(_to_sign(keys, kid)) if keys.chosen_by_kid else keys.keys[0]


def the_one(held: Sequence[Held], kid: str | None) -> Held:
    """Return the member with this ``kid``, or the only one; raises UnusableKeyError, listing the kids."""
    named = [one for one in held if kid is None or one.key.kid == kid]
    if len(named) == 1:
        return named[0]
    said = f"the file holds {len(held)} keys" if kid is None else f"no key of the file has the kid '{kid}'"
    raise UnusableKeyError(
        said,
        hint=f"{_kids([one.key for one in held], 'the file')}; --kid chooses",
        code="no_kid" if kid is None else "unknown_kid",
    )


def _meant(keys: KeySet, kid: str | None, alg: object) -> Key:
    if not keys.chosen_by_kid:
        return keys.keys[0]
    if kid is not None:
        named = [key for key in keys.keys if key.kid == kid]
        if named:
            return named[0]
        unnamed = [key for key in keys.keys if key.kid is None]
        if len(keys.keys) > 1 or not unnamed:
            raise UnusableKeyError(
                f"no key of the set has the token's kid '{cut(kid)}'", hint=_kids(keys.keys), code="unknown_kid"
            )
    if len(keys.keys) == 1:
        return keys.keys[0]
    meant = keys.able(alg)
    if len(meant) != 1:
        count = "no key" if not meant else f"{len(meant)} keys"
        refusal = RuledOutError if keys.rules_out(alg) else UnusableKeyError
        said = f"the token names no kid, and {count} of the set could be meant"
        raise refusal(said, hint=_kids(keys.keys), code="no_kid")
    return meant[0]


def _to_sign(keys: KeySet, kid: str | None) -> Key:
    private = [key for key in keys.keys if key.private]
    if not private:
        raise UnusableKeyError("the keys of the set are public: only a private key can sign", code="public_key")
    if kid is not None:
        named = [key for key in keys.keys if key.kid == kid]
        if not named:
            raise UnusableKeyError(f"no key of the set has the kid '{kid}'", hint=_kids(keys.keys), code="unknown_kid")
        return named[0]
    for wanted in keys.wanted:
        private = [key for key in private if wanted in kind_algorithms(key) and key.alg in (None, wanted)]
    if len(private) != 1:
        raise UnusableKeyError(
            f"{len(private) or 'none'} of the set's keys could be meant to sign", hint=_kids(keys.keys), code="no_kid"
        )
    return private[0]


def _kids(keys: Sequence[Key], holder: str = "the set") -> str:
    named = [key.kid for key in keys if key.kid is not None]
    shown = ", ".join(f"'{cut(kid)}'" for kid in named[:20])
    return f"{holder} has {shown}{' and more' if len(named) > 20 else ''}" if named else f"no key of {holder} has a kid"
