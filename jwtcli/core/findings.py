"""What explains a refusal: a cause, how to mend it, and evidence that is safe to log."""

from dataclasses import dataclass, field
from typing import Any

CAUSES = {
    "text_around": "a token stands in other text, as in JSON, a sentence or a log",
    "shortened": "the token ends in `...`: it was shortened where it was copied from",
    "quotes": "quotes stand around the token",
    "white_space": "white space stands inside the token",
    "standard_base64": "`+` and `/` stand where base64url has `-` and `_`",
    "padding": "`=` padding, which a token never has",
    "signature_truncated": "the signature is cut short, by so many characters",
    "signature_overlong": "characters stand behind a signature that is right without them",
    "unsigned": "the token's alg is none, in whatever spelling: nobody signed it",
    "alg_spelling": "the token's alg is an algorithm's name but for upper and lower case",
    "key_for_encryption": "the key is meant for encryption",
    "kid_is_thumbprint": "the token's kid is the thumbprint of a key that the set names otherwise",
    "other_key": "another key of the set verifies the signature",
    "other_kind_of_key": "the token's algorithm takes another kind of key than the one that was given",
    "secret_quotes": "the secret that was given stands in quotes, the signer's does not",
    "secret_white_space": "the signer's secret has a line break or space at its end, or lacks it",
    "secret_encoding": "the secret is right once decoded from, or encoded in, base64, base64url or hex",
    "forged_with_public_key": "an HMAC made with the text of the public key: the classic forgery",
    "rsa_padding": "signed with PS* where RS* is named, or the reverse",
    "der_signature": "the signature is DER where JOSE wants the two raw numbers",
    "milliseconds": "a time counts milliseconds where RFC 7519 counts seconds",
    "time_type": "a time is text where RFC 7519 wants a JSON number",
    "clocks_differ": "issued a moment in the future: the clocks differ",
    "iss_spelling": "iss differs from the wanted one only by a trailing slash, by case, or by http and https",
    "aud_type": "aud is of another type than text or an array of texts",
    "aud_spelling": "aud differs from a wanted one only by a trailing slash, by case, or by http and https",
    "expect_type": "a claim has the value that `--expect` demands in another JSON type, such as text and not true",
    "id_token": "an ID token stands where an access token was expected",
    "keys_not_tried": "no cause: the search ended before all keys of the set were tried",
}
"""Every cause that can be found, in the order in which a person would mend them."""

_ORDER = {code: place for place, code in enumerate(CAUSES)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause of a refusal. ``evidence`` holds facts that may be logged: never a secret, never a claim's secret."""

    code: str
    message: str
    remedy: str
    evidence: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Tell it in one line: what it is, and what to do."""
        return f"{self.message} -> {self.remedy}"


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort findings as a person would mend them: the text, the key, the signature, the clock, the claims."""
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.code]))
