"""The rules of lint: what is unwise about a token although somebody may accept it, how bad, and who says so."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, the mildest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place in the order, for comparing."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, its severity, a sentence, and the paragraph behind it."""

    code: str
    severity: Severity
    sentence: str
    paragraph: str


RULES = {
    rule.code: rule
    for rule in (
        Rule("alg_none", Severity.CRITICAL, "alg is none: nobody signed the token", "RFC 8725 section 3.2"),
        Rule("alg_deprecated", Severity.HIGH, "alg is deprecated or prohibited", "RFC 8725 section 3.2"),
        Rule("alg_unknown", Severity.HIGH, "alg names no registered signature algorithm", "RFC 7515 section 4.1.1"),
        Rule("alg_polymorphic", Severity.LOW, "alg leaves the curve open", "RFC 9864 section 2.2"),
        Rule("signature_size", Severity.HIGH, "the signature has not the size that alg asks for", "RFC 7518 section 3"),
        Rule("signature_zero", Severity.CRITICAL, "an ECDSA number of the signature is zero", "RFC 8725 section 3.4"),
        Rule("key_url", Severity.HIGH, "the header says where to fetch the key", "RFC 8725 section 3.10"),
        Rule("key_embedded", Severity.HIGH, "the header brings its own key along", "RFC 7515 section 4.1.3"),
        Rule("kid_path", Severity.HIGH, "kid looks like a path", "RFC 8725 section 3.10"),
        Rule("kid_sql", Severity.HIGH, "kid looks like SQL", "RFC 8725 section 3.10"),
        Rule("kid_url", Severity.MEDIUM, "kid looks like a URL", "RFC 8725 section 3.10"),
        Rule("duplicate_names", Severity.HIGH, "a name stands twice in one object", "RFC 7519 section 4"),
        Rule("not_canonical", Severity.MEDIUM, "a part is not canonical base64url", "RFC 7515 section 2"),
        Rule("exp_missing", Severity.HIGH, "the token never expires", "RFC 7519 section 4.1.4"),
        Rule("lifetime_long", Severity.HIGH, "the token lives longer than --max-lifetime", "RFC 7519 section 4.1.4"),
        Rule("time_not_number", Severity.HIGH, "a time is not a number", "RFC 7519 section 2"),
        Rule("time_milliseconds", Severity.HIGH, "a time counts milliseconds, not seconds", "RFC 7519 section 2"),
        Rule(
            "secret_in_claims", Severity.CRITICAL, "a claim holds a secret that anyone can read", "RFC 7519 section 12"
        ),
        Rule(
            "personal_data", Severity.MEDIUM, "a claim holds personal data that anyone can read", "RFC 7519 section 12"
        ),
        Rule("size_cookie", Severity.LOW, "the token is too large for a cookie (4 KB)", "RFC 6265 section 6.1"),
        Rule("size_header", Severity.MEDIUM, "the token is too large for many a header (8 KB)", "RFC 9110 section 5.4"),
    )
}
"""Every rule by its code, in the order in which a token is read."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One breach of a rule: where in the token, and a message that holds no value of a claim."""

    code: str
    where: str
    message: str

    @property
    def rule(self) -> Rule:
        """The rule that is broken."""
        return RULES[self.code]


@dataclass(frozen=True, slots=True)
class Report:
    """The flaws of one token, in the order of the rules, and the severity from which they count."""

    flaws: tuple[Flaw, ...]
    fail_on: Severity | None

    @property
    def failed(self) -> bool:
        """Tell whether a flaw reaches the severity."""
        return self.fail_on is not None and any(flaw.rule.severity.rank >= self.fail_on.rank for flaw in self.flaws)
