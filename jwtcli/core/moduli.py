"""RSA moduli that are no product of two large primes: public keys under which anyone can sign."""

from functools import cache
from math import gcd, prod

_SMALL = 752
"""All prime factors below it are looked for, as SP 800-89 section 5.3.3 wants."""


def has_small_factor(modulus: int) -> bool:
    """Tell whether a prime below 752 divides the modulus, as it does for most damaged ones."""
    return gcd(modulus, _small_primes()) != 1


def is_prime_power(modulus: int) -> bool:
    """Tell whether the modulus is a prime or a power of one: its totient is known then, and so is the private key.

    By Fermat, 2 to the power of n is 2 modulo the prime under n, so the two differ by what shares a
    factor with n. With two large random primes that never happens. For 2048 bits it takes some 20 ms,
    for 4096 some 150, for 8192 a second.
    """
    return gcd(pow(2, modulus, modulus) - 2, modulus) != 1


@cache
def _small_primes() -> int:
    """Multiply the primes below the bound."""
    return prod(
        number for number in range(2, _SMALL) if all(number % other for other in range(2, int(number**0.5) + 1))
    )
