"""ML-DSA public keys that are no keys: their numbers repeat themselves, and anyone can sign under them."""

_RHO_BYTES = 32
_ROW_BYTES, _NUMBERS, _BITS = 320, 256, 10
_FEWEST_DIFFERENT = 128


def repeats_itself(public: bytes) -> bool:
    """Tell whether some row of a public key has few different numbers.

    The key is rho, and then rows of 256 numbers of 10 bits (FIPS 204 algorithm 22, pkEncode). A row that was
    made has some 226 different ones, and fewer than 128 once in 2^217. What a challenge makes of rows of zeros,
    ones or small numbers is known before the challenge is, so a signature of zeros holds for any message, at
    once or after some tries. Size alone would not tell: so it is with 512 throughout, half the modulus.
    """
    rows = range(_RHO_BYTES, len(public), _ROW_BYTES)
    return any(_different(public[at : at + _ROW_BYTES]) < _FEWEST_DIFFERENT for at in rows)


def _different(row: bytes) -> int:
    numbers = int.from_bytes(row, "little")
    return len({numbers >> _BITS * place & 0x3FF for place in range(_NUMBERS)})
