"""How long a passphrase would be worked on, read from an encrypted key before anybody asks for one."""

from collections.abc import Iterator

from jwtcli.core.der import INTEGER, SEQUENCE, value
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.ssh_container import read, string

MOST_ITERATIONS = 10_000_000
MOST_SCRYPT_BYTES = 1 << 30
MOST_BCRYPT_ROUNDS = 1_000
_SCRYPT = b"\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"


def check_pkcs8(der: bytes) -> None:
    """Refuse an EncryptedPrivateKeyInfo (RFC 5958 section 3) that says to work on its passphrase for too long.

    The INTEGERs of its AlgorithmIdentifier are the iterations of PBES1, PKCS#12 and PBKDF2, or the N, r
    and p of scrypt (RFC 7914 section 7). Raises UnusableKeyError, and ValueError for what is no DER.
    """
    _, start, end = value(der, value(der, 0).start)
    algorithm = der[start:end]
    numbers = list(_integers(algorithm))
    if max(numbers, default=0) > MOST_ITERATIONS:
        raise _too_costly(f"more than {MOST_ITERATIONS:,} iterations", "openssl pkcs8 -topk8 -iter 600000")
    # Asked besides, not instead: the bytes that name scrypt may stand in the salt of another.
    if _SCRYPT in algorithm and _scrypt_bytes(*numbers[:3]) > MOST_SCRYPT_BYTES:
        raise _too_costly("more than 1 GiB of scrypt", "openssl pkcs8 -topk8 -scrypt")


def check_openssh(pem: bytes) -> None:
    """Refuse an encrypted OpenSSH key with too many rounds of bcrypt.

    Raises UnusableKeyError, and ValueError for what is no such key.
    """
    _, rounds = string(read(pem).kdf_options)
    if int.from_bytes(rounds[:4]) > MOST_BCRYPT_ROUNDS:
        raise _too_costly(f"more than {MOST_BCRYPT_ROUNDS:,} rounds of bcrypt", "ssh-keygen -p -a 100")


def _scrypt_bytes(n: int = 1, r: int = 1, p: int = 1) -> int:
    """Return how many bytes scrypt fills, or what is as bad: with a small N its memory is mostly p + 2 other blocks."""
    return 128 * r * max(n * p, 8 * (p + 2))


def _integers(der: bytes) -> Iterator[int]:
    """Yield every INTEGER, at any depth: of a SEQUENCE only the header is passed over, of all else the content."""
    at = 0
    while at < len(der):
        tag, start, end = value(der, at)
        if tag == INTEGER:
            yield int.from_bytes(der[start:end])
        at = start if tag == SEQUENCE else end


def _too_costly(what: str, remedy: str) -> UnusableKeyError:
    return UnusableKeyError(
        f"opening this key would take too long: it asks for {what}",
        hint=f"if you trust where it comes from, encrypt it anew: {remedy}",
        code="too_costly",
    )
