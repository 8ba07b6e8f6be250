"""A token of any kind as lines to read: what ``as_text`` shows of it."""

from jwtcli.core.jose_json import JsonSigned
from jwtcli.core.jwe import Encrypted
from jwtcli.core.lifetime import Lifetime, Moment, Phase, lifetime
from jwtcli.core.printable import printable
from jwtcli.core.reading import Nested, Reading, Unencoded
from jwtcli.core.rows import Row, row
from jwtcli.core.sd_jwt import Disclosure, SdJwt
from jwtcli.core.styled import BAD, FAINT, GOOD, HEADING, Line, Span, headed, laid_out, members
from jwtcli.core.tokens import Token

_PHASES = {
    Phase.ACTIVE: GOOD,
    Phase.EXPIRED: BAD,
    Phase.NOT_YET_VALID: BAD,
    Phase.NO_EXPIRY: "yellow",
    Phase.INVALID: BAD,
}


def token_lines(token: Token, lifetime: Lifetime) -> list[Line]:
    """Return header, claims in their order with times in words, signature and status."""
    lines = [*headed("Header", token.header), [], [("Claims", HEADING)], *members(token.claims, lifetime), []]
    return [
        *lines,
        _signature(token.signature),
        [("Status", HEADING), ("     ", ""), (str(lifetime), _PHASES[lifetime.phase])],
    ]


def reading_lines(reading: Reading, at: Moment) -> list[Line]:
    """Return what could be read, one token inside the other where they are nested."""
    match reading:
        case Token():
            return token_lines(reading, lifetime(reading.claims, at))
        case SdJwt():
            return _sd_jwt(reading, at)
        case Nested(header, inner, signature):
            inside = _inside("Nested token", reading_lines(inner, at))
            return [*headed("Header", header), [], *inside, [], _signature(signature)]
        case Unencoded(header, payload, signature):
            return [*headed("Header", header), [], *_payload(payload), [], _signature(signature)]
        case Encrypted(_, header, sizes, unprotected):
            lines = headed("Header", header)
            for one in unprotected:
                lines += [[], *headed("Unprotected header", one)]
            return [*lines, [], *headed("Encrypted, in bytes", sizes)]
        case JsonSigned(payload, claims, signatures):
            lines = (
                _payload(payload) if claims is None else [[("Claims", HEADING)], *members(claims, lifetime(claims, at))]
            )
            for signed in signatures:
                lines += [[], *headed("Header", signed.protected)]
                lines += [[], *headed("Unprotected header", signed.unprotected)] if signed.unprotected else []
                lines += [[], _signature(signed.signature)]
            return lines


def _sd_jwt(reading: SdJwt, at: Moment) -> list[Line]:
    lines = [
        *token_lines(reading.token, lifetime(reading.token.claims, at)),
        [],
        [(f"Disclosures, by {printable(reading.hash)}", HEADING)],
    ]
    lines += laid_out(list(map(_disclosed, reading.disclosures))) or [[("  (none)", FAINT)]]
    if reading.key_binding is not None:
        binding = token_lines(reading.key_binding, lifetime(reading.key_binding.claims, at))
        fits = ("for these disclosures", FAINT) if reading.bound else ("for other disclosures", BAD)
        lines += [[], *_inside("Key binding", [*binding, [("Binding", HEADING), ("    ", ""), fits]])]
    return lines


def _disclosed(one: Disclosure) -> tuple[Row, Span]:
    told = row("", one.value)._replace(name="(element)") if one.name is None else row(one.name, one.value)
    return told, ("in the token", FAINT) if one.matched else ("not in the token: it is no part of it", BAD)


def _inside(heading: str, lines: list[Line]) -> list[Line]:
    return [[(heading, HEADING)], *([("  ", ""), *line] if line else [] for line in lines)]


def _payload(payload: bytes) -> list[Line]:
    text = payload.decode("utf-8", "backslashreplace")
    return [[("Payload", HEADING)], [("  ", ""), (row("", text).value, GOOD) if text else ("(detached)", FAINT)]]


def _signature(signature: bytes) -> Line:
    said = f"{len(signature)} bytes, not verified" if signature else "none: this token is not signed"
    return [("Signature", HEADING), ("  ", ""), (said, FAINT if signature else BAD)]
