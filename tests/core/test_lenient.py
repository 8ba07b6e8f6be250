"""The forgiving reader: what it forgives it names, and what it cannot forgive it leaves alone."""

import pytest

from jwtcli.core.lenient import Slip, mend, object_with_duplicates, without_spare_bits


def test_a_token_without_slips_comes_back_as_it_is() -> None:
    mended = mend(b"eyJh.e30.AQ-_")
    assert mended is not None
    assert (mended.compact, mended.slips) == (b"eyJh.e30.AQ-_", {})
    assert without_spare_bits(mended) is mended


def test_every_slip_is_named_with_its_parts() -> None:
    mended = mend(b'"ey J+.e30=.A/8=\n"')
    assert mended is not None
    assert mended.compact == b"eyJ-.e30.A_8"
    assert mended.slips == {
        Slip.QUOTES: ("token",),
        Slip.WHITE_SPACE: ("header",),
        Slip.STANDARD_BASE64: ("header", "signature"),
        Slip.PADDING: ("payload", "signature"),
    }


@pytest.mark.parametrize("text", [b"", b"abc", b"a.b", b"a.b.c.d.e", b"'"])
def test_what_has_not_three_parts_is_not_mended(text: bytes) -> None:
    assert mend(text) is None


@pytest.mark.parametrize(("segment", "canonical"), [(b"AB", b"AA"), (b"AAB", b"AAA"), (b"_-9", b"_-8")])
def test_bits_that_mean_nothing_are_cleared_and_named(segment: bytes, canonical: bytes) -> None:
    mended = mend(b"." + segment + b".")
    assert mended is not None
    cleared = without_spare_bits(mended)
    assert cleared.segments[1] == canonical
    assert cleared.slips == {Slip.SPARE_BITS: ("payload",)}


@pytest.mark.parametrize("segment", [b"A", b"AAAAA", b"A!B", b"AAAA!", b"AAA!", b"\xffAAA"])
def test_what_is_no_base64url_is_left_for_the_strict_reader(segment: bytes) -> None:
    mended = mend(segment + b"..")
    assert mended is not None
    assert without_spare_bits(mended).segments == mended.segments


def test_names_that_stand_twice_are_named_once_each_at_any_depth() -> None:
    value, twice = object_with_duplicates(b'{"a": 1, "a": 2, "b": [{"c": 1, "c": 2, "c": 3}], "a": 4}')
    assert value == {"a": 4, "b": [{"c": 3}]}
    assert sorted(twice) == ["a", "c"]


@pytest.mark.parametrize(
    "text", [b"[]", b"{", b'{"a": NaN}', b'{"a": 1, "a": NaN}', b'{"a": 1e999}', b"\xff", b"[" * 100_000]
)
def test_what_else_is_no_json_object_is_refused_all_the_same(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        object_with_duplicates(text)
