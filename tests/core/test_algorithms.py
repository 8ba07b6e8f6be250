"""Names of algorithms: what is meant by an unknown one, and which may stand together."""

import pytest

from jwtcli.core.algorithms import ALGORITHMS, known_algorithm, one_family
from jwtcli.core.errors import UsageError


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hs256", "did you mean HS256?"),
        ("HS265", "did you mean HS256?"),
        ("ES521", "did you mean ES512?"),
        ("eddsa", "did you mean EdDSA?"),
        ("none", "an unsigned token proves nothing; give a key instead"),
        ("NONE", "an unsigned token proves nothing; give a key instead"),
        ("", f"it is one of {', '.join(ALGORITHMS)}"),
        ("xyzzy", f"it is one of {', '.join(ALGORITHMS)}"),
    ],
)
def test_an_unknown_algorithm_is_told_its_neighbour(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        known_algorithm(name)
    assert (caught.value.message, caught.value.hint) == (f"unknown algorithm '{name}'", hint)
    assert caught.value.code == "unknown_alg"


def test_names_of_one_family_may_stand_together() -> None:
    assert one_family(("RS256", "PS512", "RS256")) == ("RS256", "PS512")
    assert one_family(()) == ()


@pytest.mark.parametrize("names", [("RS256", "HS256"), ("ES256", "EdDSA"), ("HS256", "ES256K", "HS512")])
def test_two_families_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="--alg names two families") as caught:
        one_family(names)
    assert caught.value.code == "mixed_families"
