"""How long a passphrase would be worked on, read from an encrypted key before anybody asks for one."""

from binascii import a2b_base64
from collections.abc import Iterator
from math import prod

from jwtcli.core.der import INTEGER, SEQUENCE, value
from jwtcli.core.errors import UnusableKeyError

MOST_ITERATIONS = 10_000_000
MOST_SCRYPT_BYTES = 1 << 30
MOST_BCRYPT_ROUNDS = 1_000
_SCRYPT = b"\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"
_OPENSSH = b"openssh-key-v1\0"


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
    if _SCRYPT in algorithm and 128 * prod(numbers[:3]) > MOST_SCRYPT_BYTES:
        raise _too_costly("more than 1 GiB of scrypt", "openssl pkcs8 -topk8 -scrypt")


def check_openssh(pem: bytes) -> None:
    """Refuse an encrypted OpenSSH key with too many rounds of bcrypt.

    Raises UnusableKeyError, and ValueError for what is no such key.
    """
    rest = a2b_base64(b"".join(pem.splitlines()[1:-1])).removeprefix(_OPENSSH)
    for _ in ("cipher", "kdf"):
        _, rest = _string(rest)
    options, _ = _string(rest)
    _, rounds = _string(options)
    if int.from_bytes(rounds[:4]) > MOST_BCRYPT_ROUNDS:
        raise _too_costly(f"more than {MOST_BCRYPT_ROUNDS:,} rounds of bcrypt", "ssh-keygen -p -a 100")


def _integers(der: bytes) -> Iterator[int]:
    """Yield every INTEGER, at any depth: of a SEQUENCE only the header is passed over, of all else the content."""
    at = 0
    while at < len(der):
        tag, start, end = value(der, at)
        if tag == INTEGER:
            yield int.from_bytes(der[start:end])
        at = start if tag == SEQUENCE else end


def _string(data: bytes) -> tuple[bytes, bytes]:
    """Take a string of RFC 4251 section 5 from data; return it and the rest."""
    end = 4 + int.from_bytes(data[:4])
    if end > len(data):
        raise ValueError("the content is cut short")
    return data[4:end], data[end:]


def _too_costly(what: str, remedy: str) -> UnusableKeyError:
    return UnusableKeyError(
        f"opening this key would take too long: it asks for {what}",
        hint=f"if you trust where it comes from, encrypt it anew: {remedy}",
        code="too_costly",
    )
