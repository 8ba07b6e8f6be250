"""From an object of cryptography to a Key; keys under which anyone could sign are refused."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jwtcli.core.errors import UnusableKeyError
from jwtcli.core.keys import RSA_MAXIMUM_BITS, Key
from jwtcli.core.panics import panics_as_errors

Passphrase = Callable[[], bytes]
"""Asks for the passphrase of an encrypted key, once it is known to be needed."""

_EC_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}

# An RSA key of 8192 bits and one of ML-DSA-87 take some 5,000 bytes.
_LONGEST_DER = 6 * 1024
_LONGEST_PEM = 9 * 1024


class Held(NamedTuple):
    """A key and how its file held it.

    ``form`` is pem, der, certificate, openssh, jwk or service-account; ``valid_until`` is the end of a
    certificate's validity in Unix seconds; ``notes`` are for the user.
    """

    key: Key
    form: str
    encrypted: bool = False
    valid_until: int | None = None
    notes: tuple[str, ...] = ()


def from_native(native: Any) -> Key:
    """Describe an object of cryptography as a key, whatever it was read from.

    Raises UnusableKeyError for a kind that signs no JWT, and for a key under which signatures prove nothing.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    private = hasattr(native, "private_bytes")
    if isinstance(native, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        _check_rsa_numbers(native)
        return Key("RSA", native, private, native.key_size)
    if isinstance(native, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)) and native.curve.name in _EC_NAMES:
        return Key("EC", native, private, native.key_size, _EC_NAMES[native.curve.name])
    if isinstance(native, (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey)):
        _check_edwards_point(native, "Ed25519")
        return Key("OKP", native, private, 256, "Ed25519")
    if isinstance(native, (ed448.Ed448PrivateKey, ed448.Ed448PublicKey)):
        _check_edwards_point(native, "Ed448")
        return Key("OKP", native, private, 456, "Ed448")
    from jwtcli.core.mldsa import parameter_set  # late: few keys come so far

    alg = parameter_set(native)
    if alg is not None:
        _check_lattice(native, alg)
        return Key("AKP", native, private, 256, alg, alg=alg)
    raise of_no_algorithm()


def of_no_algorithm() -> UnusableKeyError:
    """Say that a key is of a kind that signs no JWT."""
    return UnusableKeyError("no JWT algorithm takes a key of this kind or curve", code="unknown_kty")


def public_native(native: Any) -> Any:
    """Return the public half of an object of cryptography, which may be one already."""
    return native.public_key() if hasattr(native, "public_key") else native


def _check_rsa_numbers(native: Any) -> None:
    """Refuse RSA public keys under which every signature is easy to forge, and those that keep a computer busy.

    Their exponent is odd, above 2 and below 2**256 (SP 800-56B section 6.2), and no small prime divides their
    modulus (SP 800-89 section 5.3.3). What takes longer to see is left to ``describe``.
    """
    from jwtcli.core.moduli import has_small_factor

    numbers = public_native(native).public_numbers()
    if numbers.n.bit_length() > RSA_MAXIMUM_BITS:
        raise UnusableKeyError(f"this RSA key is larger than {RSA_MAXIMUM_BITS} bits")
    if numbers.e.bit_length() > 256:
        raise UnusableKeyError("this RSA key's public exponent is longer than 256 bits")
    if numbers.e < 3 or numbers.e % 2 == 0:
        raise UnusableKeyError("this RSA key's public exponent is even or below 3: its signatures prove nothing")
    if has_small_factor(numbers.n):
        raise UnusableKeyError("a small prime divides this RSA key's modulus: its signatures prove nothing")


def _check_edwards_point(native: Any, curve: str) -> None:
    """Refuse EdDSA keys off their curve, and those of small order, for which a signature of zeros would hold."""
    from jwtcli.core.edwards import has_small_order, is_on_curve

    public = public_native(native).public_bytes_raw()
    if has_small_order(curve, public):
        raise UnusableKeyError(f"this {curve} key is a point of small order: its signatures prove nothing")
    if not is_on_curve(curve, public):
        raise UnusableKeyError(f"this {curve} key is damaged: it is no point of its curve")


def _check_lattice(native: Any, alg: str) -> None:
    """Refuse ML-DSA keys whose numbers repeat themselves, for which a signature of zeros may hold."""
    from jwtcli.core.lattices import repeats_itself

    public = public_native(native).public_bytes_raw()
    if repeats_itself(public):
        raise UnusableKeyError(f"under this {alg} key anyone can sign: its numbers repeat themselves")


@panics_as_errors()
def measured(read: Callable[..., Any], content: bytes, password: bytes | None) -> Any:
    """Read a private key, and look at an RSA key's size before its primes are tested: endless ones take minutes.

    What is longer than any key that signs is not read at all: of DSA keys and OpenSSH's the library
    computes parts at once, of whatever size. Raises UnusableKeyError for one that is too large, and
    whatever ``read`` raises.
    """
    if len(content) > (_LONGEST_PEM if content[:5] == b"-----" else _LONGEST_DER):
        raise UnusableKeyError("this private key is longer than any that signs a JWT")
    native = read(content, password, unsafe_skip_rsa_key_validation=True)
    if not hasattr(native, "private_numbers") or not hasattr(native.private_numbers(), "p"):
        return native
    numbers = native.private_numbers()
    if max(native.key_size, *(number.bit_length() for number in (numbers.p, numbers.q, numbers.d))) > RSA_MAXIMUM_BITS:
        raise UnusableKeyError(f"this RSA key is larger than {RSA_MAXIMUM_BITS} bits")
    return numbers.private_key()  # tested now, and its passphrase not worked on once more


def ask(passphrase: Passphrase | None) -> bytes:
    """Ask for the passphrase; raises UnusableKeyError where nobody can be asked."""
    if passphrase is None:
        raise UnusableKeyError("the private key is encrypted and no passphrase was given", code="no_passphrase")
    return passphrase()


def refused_private(*, encrypted: bool) -> UnusableKeyError:
    """Say that a private key cannot be read, and no more: upstream text about a key never goes on."""
    if encrypted:
        return UnusableKeyError("the passphrase does not open this key, or the key is damaged", code="wrong_passphrase")
    return UnusableKeyError("the private key is damaged, or of a kind that jwtcli does not know")


def attempt(read: Callable[[], Any], name: str) -> Any:
    """Read public material; raises UnusableKeyError in own words, with ``name`` for what it is."""
    try:
        with panics_as_errors():
            return read()
    except Exception:  # own words only: upstream text about a key never goes on
        raise UnusableKeyError(f"the {name} is damaged, or of a kind that jwtcli does not know") from None
