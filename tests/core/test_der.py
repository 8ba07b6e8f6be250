"""DER is walked by its lengths, and a key is told by the shape that every algorithm's keys have."""

import pytest

from jwtcli.core.der import INTEGER, SEQUENCE, Value, is_key_shaped, value, values


@pytest.mark.parametrize(
    ("der", "found"),
    [
        (b"\x02\x01\x05", Value(INTEGER, 2, 3)),
        (b"\x30\x00", Value(SEQUENCE, 2, 2)),
        (b"\x30\x81\x01\x00", Value(SEQUENCE, 3, 4)),
        (b"\x30\x82\x00\x01\x00rest", Value(SEQUENCE, 4, 5)),
    ],
)
def test_a_value_is_found_by_its_length(der: bytes, found: Value) -> None:
    assert value(der, 0) == found


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x01", b"\x30\x80\x00\x00", b"\x30\x82\x01", b"\x30\xff"])
def test_what_is_cut_short_or_of_no_length_is_none(der: bytes) -> None:
    with pytest.raises(ValueError, match=r"the content is cut short|this is BER"):
        value(der, 0)
    assert not is_key_shaped(der)


def test_values_fill_what_they_are_in() -> None:
    der = b"\x30\x05\x02\x01\x05\x05\x00\x05\x00"
    assert [one.tag for one in values(der, value(der, 0))] == [INTEGER, 5]
    with pytest.raises(ValueError, match="do not end where they should"):
        list(values(der, Value(SEQUENCE, 2, 6)))


@pytest.mark.parametrize(
    ("der", "told"),
    [
        (b"\x30\x06\x30\x02\x06\x00\x03\x00", True),  # an AlgorithmIdentifier and a BIT STRING
        (b"\x30\x05\x02\x01\x01\x04\x00", True),  # a version and more
        (b"\x30\x24\x02\x20" + b"n" * 32 + b"\x02\x00", True),  # a modulus and an exponent
        (b"\x30\x24\x02\x20" + b"n" * 32 + b"\x04\x00", False),
        (b"\x30\x05\x02\x01\x02\x04\x00", False),
        (b"\x30\x03\x02\x01\x01", False),
        (b"\x31\x06\x30\x02\x06\x00\x03\x00", False),
        (b"\x30\x06\x30\x02\x04\x00\x03\x00", False),
        (b"\x30\x04\x30\x00\x03\x00", False),
        (b"\x30\x04\x04\x00\x03\x00", False),
        (b"\x30\x06\x30\x03\x06\x00\x03\x00", False),
        (b"\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x01\x07\xa0\x00", True),  # PKCS#7
        (b"\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x01\x01\xa0\x00", False),
    ],
)
def test_a_key_has_one_of_a_few_shapes(der: bytes, told: bool) -> None:
    assert is_key_shaped(der) is told
    assert is_key_shaped(der + b"rest") is told
    assert not is_key_shaped(der[:-1])
