"""Lint of what a token says: its times, and what it tells to whoever finds it."""

import re
from collections.abc import Iterator
from typing import Any

from jwtcli.core.algorithms import PRIVATE_MEMBERS
from jwtcli.core.flaws import Flaw
from jwtcli.core.lifetime import TIME_CLAIMS, Moment, Seconds, duration, in_milliseconds, numeric_date, seconds_between
from jwtcli.core.strict import json_type

_SECRET_NAME = re.compile(
    r"(?:.*_)?(?:password|passwd|pwd|passphrase|secret|api_?key|private_?key|(?:access|refresh)_?token|credentials?)"
)
_SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\b[sr]k_live_[A-Za-z0-9]{16}|\bxox[abprs]-[A-Za-z0-9-]{10}"
    r"|\beyJ[\w-]{10,400}\.eyJ[\w-]{10}"
)
_PERSONAL_NAMES = frozenset(
    (
        *("name", "given_name", "family_name", "middle_name", "first_name", "last_name", "full_name", "gender"),
        *("email", "email_address", "phone", "phone_number", "mobile", "address", "street_address", "postal_address"),
        *("birthdate", "birthday", "date_of_birth", "dob", "ssn", "social_security_number", "tax_id", "national_id"),
        *("passport", "passport_number", "iban", "credit_card", "card_number"),
    )
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
# Whose names may be mail addresses without being a person's, as service accounts are.
_PARTIES = r"claims\.(?:iss|aud|azp|client_id)(?:\[\d+\])?"
_LONGEST_PATH = 200
_LONGEST_NAME = 100  # of a longer one the end is looked at: an array has each of its elements looked at by it


def claim_flaws(claims: dict[str, Any], max_lifetime: Seconds, at: Moment) -> Iterator[Flaw]:
    """Yield what is unwise about a claims set; ``at`` is the clock."""
    yield from _times(claims, max_lifetime, at)
    for where, name, value in _members(claims, "claims"):
        if _is_secret(name, value):
            yield Flaw("secret_in_claims", where, "a secret stands in the claims, which anyone can read")
        elif re.fullmatch(_PARTIES, where) is None and _is_personal(name, value):
            yield Flaw("personal_data", where, "personal data stands in the claims, which anyone can read")


def _times(claims: dict[str, Any], max_lifetime: Seconds, at: Moment) -> Iterator[Flaw]:
    for name in TIME_CLAIMS:
        if name in claims and numeric_date(claims[name]) is None:
            wrong = f"{name} is {json_type(claims[name])}, not a number of seconds"
            yield Flaw("time_not_number", f"claims.{name}", wrong)
        elif in_milliseconds(claims.get(name), at):
            yield Flaw("time_milliseconds", f"claims.{name}", f"{name} counts milliseconds: it lies far in the future")
    if "exp" not in claims:
        yield Flaw("exp_missing", "claims", "the token never expires: it has no exp")
        return
    start, end = _span(claims, at)
    if end is None or in_milliseconds(end, at):
        return
    lifetime = seconds_between(start, end)
    if lifetime > max_lifetime:
        told = f"the token lives {duration(lifetime)}, more than the {duration(max_lifetime)} of --max-lifetime"
        yield Flaw("lifetime_long", "claims.exp", told)


def _span(claims: dict[str, Any], at: Moment) -> tuple[Moment, Moment | None]:
    """Tell from when to when a token may be used: whoever does not look at ``iat`` takes one of the future at once."""
    issued, start = (numeric_date(claims.get(name)) for name in ("iat", "nbf"))
    if issued is not None and issued <= at:
        start = issued
    elif start is None or in_milliseconds(start, at):
        start = at
    return start, numeric_date(claims["exp"])


def _members(value: object, where: str) -> Iterator[tuple[str, str, Any]]:
    """Yield every member of every object, at any depth, with its path; of an array each element, under its name."""
    waiting: list[tuple[str, str, object]] = [(where, "", value)]
    while waiting:
        path, name, item = waiting.pop()
        if isinstance(item, list):
            elements = [(_below(path, f"[{number}]"), name, inner) for number, inner in enumerate(item)]
            waiting.extend(reversed(elements))
            continue
        if item is not value:
            yield path, name, item
        if isinstance(item, dict):
            waiting.extend((_below(path, f".{inner}"), inner, below) for inner, below in item.items())


def _below(path: str, step: str) -> str:
    """Go one step down; a path that grows too long ends there, for names are as long as a token likes."""
    if path.endswith("..."):
        return path
    return f"{path}{step}" if len(path) + len(step) <= _LONGEST_PATH else f"{path}..."


def _is_secret(name: str, value: object) -> bool:
    if isinstance(value, dict):  # a private or symmetric JWK, such as a cnf gone wrong
        return "kty" in value and not PRIVATE_MEMBERS.isdisjoint(value)
    if not isinstance(value, str) or value == "":
        return False
    return _SECRET_VALUE.search(value) is not None or _SECRET_NAME.fullmatch(_snake(name)) is not None


def _is_personal(name: str, value: object) -> bool:
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return False
    return _snake(name) in _PERSONAL_NAMES or (isinstance(value, str) and _EMAIL.fullmatch(value) is not None)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name[-_LONGEST_NAME:]).lower()
