"""OpenSSH keys: the private key file, and the lines of ``.pub`` and ``authorized_keys``."""

import re
from binascii import a2b_base64
from typing import Any

from jwtcli.core import ssh_container
from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.native import Held, Passphrase, ask, attempt, from_native, measured, refused_private
from jwtcli.core.passphrase_cost import check_openssh

SSH_LINE = rb"(?m)(?:^|[\s\"'])((?:sk-)?(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-)[^\s\"']*+)[ \t]++(AAAA\S*+)"


def open_ssh_public(text: bytes) -> Held:
    """Read the one OpenSSH public key of a ``.pub`` or ``authorized_keys`` file; raises UnusableKeyError."""
    found = re.findall(SSH_LINE, text)
    if len(found) > 1:
        raise UnusableKeyError(
            f"the file holds {len(found)} OpenSSH keys: keep the one that is meant", code="several_keys"
        )
    kind, body = found[0]
    if kind.startswith(b"sk-"):
        raise UnusableKeyError("this is an OpenSSH key of a security key, which signs no JWT", code="unknown_kty")
    if kind == b"ssh-dss":
        raise UnusableKeyError("this is a DSA key, and no JWT algorithm takes one", code="unknown_kty")
    return Held(from_native(attempt(lambda: _ssh_public(kind + b" " + body), "OpenSSH public key")), "openssh")


def open_ssh_private(content: bytes, passphrase: Passphrase | None) -> Held:
    """Read an OpenSSH private key; raises UnusableKeyError, also where an encrypted one needs bcrypt."""
    from importlib.util import find_spec

    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        return Held(from_native(_whole(measured(load_ssh_private_key, content, None), content)), "openssh")
    except TypeError:  # this one means: encrypted, and no password given
        pass
    except UnusableKeyError:
        raise
    except Exception:
        raise refused_private(encrypted=False) from None
    try:
        check_openssh(content)
    except ValueError:
        raise refused_private(encrypted=True) from None
    if find_spec("bcrypt") is None:
        raise UnusableKeyError(
            "an encrypted OpenSSH key needs the bcrypt package", hint="pip install bcrypt", code="needs_bcrypt"
        )
    password = ask(passphrase)
    try:
        native = measured(load_ssh_private_key, content, password)
    except UnusableKeyError:
        raise
    except Exception:
        raise refused_private(encrypted=True) from None
    return Held(from_native(_whole(native, content)), "openssh", encrypted=True)


def _whole(native: Any, content: bytes) -> Any:
    """Return a private key that belongs to the public one beside it, which cryptography does not compare.

    Raises UnusableKeyError where it does not: one key would sign under the name of another.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    line = native.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    if a2b_base64(line.split()[1]) != ssh_container.read(content).public:
        raise UnusableKeyError("the two halves of this OpenSSH key are of different keys", code="unusable_key")
    return native


def _ssh_public(content: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    return load_ssh_public_key(content)
