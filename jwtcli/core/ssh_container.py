"""What a private key file of OpenSSH says in the open, outside of what may be encrypted (its PROTOCOL.key)."""

from binascii import a2b_base64
from typing import NamedTuple

MAGIC = b"openssh-key-v1\0"


class Container(NamedTuple):
    """How long a passphrase is worked on, and the public key that the file claims to hold (RFC 4253 section 6.6)."""

    kdf_options: bytes
    public: bytes


def read(pem: bytes) -> Container:
    """Read the outside of the one key in a PEM block; raises ValueError for what is no such key."""
    rest = a2b_base64(b"".join(pem.splitlines()[1:-1])).removeprefix(MAGIC)
    for _ in ("cipher", "kdf"):
        _, rest = string(rest)
    options, rest = string(rest)
    public, _ = string(rest[4:])  # behind the number of keys, which is one
    return Container(options, public)


def string(data: bytes) -> tuple[bytes, bytes]:
    """Take a string of RFC 4251 section 5 from data; return it and the rest. Raises ValueError for one cut short."""
    end = 4 + int.from_bytes(data[:4])
    if end > len(data):
        raise ValueError("the content is cut short")
    return data[4:end], data[end:]
