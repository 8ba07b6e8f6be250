"""Where the key comes from: options before environment before the default file, and one source at a level."""

import base64
import itertools
import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.forge import ENV, SECRET, segment, token

VARIABLES = ("JWTCLI_KEY", "JWTCLI_KEY_FILE", "JWTCLI_SECRET", "JWTCLI_SECRET_FILE")
OPTIONS = {"--key": ("--key", "o.jwk"), "--secret-file": ("--secret-file", "o.txt"), "--jwks": ("--jwks", "o.jwks")}
"""The files behind them all hold other secrets than SECRET."""


def secret_of(name: str) -> str:
    return f"the secret that {name} leads to, long enough"


def jwk_of(name: str) -> str:
    return json.dumps({"kty": "oct", "k": segment(secret_of(name).encode()), "kid": name})


@pytest.fixture
def everything(tmp_path: Path) -> dict[str, str]:
    """Make a file for every source, and return the environment in which every variable leads to its own."""
    contents = {
        "o.jwk": jwk_of("--key"),
        "o.txt": secret_of("--secret-file"),
        "o.jwks": f'{{"keys": [{jwk_of("--jwks")}]}}',
        "e.jwk": jwk_of("JWTCLI_KEY_FILE"),
        "e.txt": secret_of("JWTCLI_SECRET_FILE"),
        "e.jwks": f'{{"keys": [{jwk_of("JWTCLI_JWKS")}]}}',
        "jwtcli/key.jwk": jwk_of("default key file"),
    }
    (tmp_path / "jwtcli").mkdir()
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    return {
        "JWTCLI_KEY": jwk_of("JWTCLI_KEY"),
        "JWTCLI_KEY_FILE": "e.jwk",
        "JWTCLI_SECRET": secret_of("JWTCLI_SECRET"),
        "JWTCLI_SECRET_FILE": "e.txt",
        "JWTCLI_JWKS": "e.jwks",
    }


def used(jwtcli: Run, *args: str, env: dict[str, str]) -> str:
    """Tell which source verify names, after making sure that it is the key behind it that verifies."""
    for name in (*OPTIONS, *VARIABLES, "JWTCLI_JWKS", "default key file"):
        judged = jwtcli("verify", "--json", *args, stdin=token({}, secret=secret_of(name)), env=env)
        if judged.status == 0:
            assert judged.json["key"]["source"] == name
            return name
    return "none"


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("variable", [*VARIABLES, "JWTCLI_JWKS"])
def test_an_option_beats_the_environment(jwtcli: Run, everything: dict[str, str], option: str, variable: str) -> None:
    for value in (everything[variable], ""):
        assert used(jwtcli, *OPTIONS[option], env={variable: value}) == option


@pytest.mark.parametrize("variable", [*VARIABLES, "JWTCLI_JWKS"])
def test_the_environment_beats_the_default_key_file(jwtcli: Run, everything: dict[str, str], variable: str) -> None:
    assert used(jwtcli, env={variable: everything[variable]}) == variable
    assert used(jwtcli, env={}) == "default key file"


def test_encode_looks_at_the_same_variables_but_not_at_the_key_set(jwtcli: Run, everything: dict[str, str]) -> None:
    for variable in VARIABLES:
        env = {variable: everything[variable], "JWTCLI_JWKS": "e.jwks"}
        minted = jwtcli("encode", env=env)
        assert jwtcli("verify", stdin=minted.stdout, env={variable: everything[variable]}).status == 0


@pytest.mark.parametrize(("first", "second"), tuple(itertools.combinations(OPTIONS, 2)))
def test_two_options_are_wrong_usage_naming_both(
    jwtcli: Run, everything: dict[str, str], first: str, second: str
) -> None:
    refused = jwtcli("verify", "--json", *OPTIONS[first], *OPTIONS[second], stdin=token({}))
    assert (refused.status, refused.json["error"]["code"]) == (2, "several_sources")
    assert refused.json["error"]["message"] == f"two sources for the key: {first} and {second}"


@pytest.mark.parametrize(("first", "second"), tuple(itertools.combinations([*VARIABLES, "JWTCLI_JWKS"], 2)))
def test_two_variables_are_wrong_usage_naming_both(
    jwtcli: Run, everything: dict[str, str], first: str, second: str
) -> None:
    env = {name: everything[name] for name in (first, second)}
    refused = jwtcli("verify", "--json", stdin=token({}), env=env)
    assert (refused.status, refused.json["error"]["message"]) == (2, f"two sources for the key: {first} and {second}")
    assert jwtcli("encode", env=env).status == (0 if "JWTCLI_JWKS" in env else 2)


@pytest.mark.parametrize("variable", [*VARIABLES, "JWTCLI_JWKS"])
def test_an_empty_variable_is_a_missing_key_and_no_later_level_is_tried(
    jwtcli: Run, everything: dict[str, str], variable: str
) -> None:
    refused = jwtcli("verify", "--json", stdin=token({}), env={variable: ""})
    assert (refused.status, refused.json["error"]) == (
        8,
        {
            "code": "empty_variable",
            "message": f"{variable} is set but empty",
            "hint": "is a CI secret missing here? unset the variable or fill it",
        },
    )


def test_no_key_at_all_names_the_three_ways(jwtcli: Run, tmp_path: Path) -> None:
    refused = jwtcli("encode", "--json")
    assert (refused.status, refused.json["error"]) == (
        8,
        {
            "code": "no_key",
            "message": "there is no key: no option, no variable, and no default key file "
            f"{tmp_path / 'jwtcli' / 'key.jwk'}",
            "hint": "'jwtcli keygen' makes one to sign with; or --key FILE / --secret-file FILE; "
            "or JWTCLI_KEY / JWTCLI_SECRET",
        },
    )
    assert jwtcli("encode", env={"JWTCLI_HOME": "/" + "x" * 5000}).status == 1


def mangled(pem: str) -> dict[str, str]:
    """What CI secret stores make of a PEM file."""
    return {
        "as it is": pem,
        "escaped line breaks": pem.replace("\n", "\\n"),
        "escaped CRLF": pem.replace("\n", "\\r\\n"),
        "CRLF": pem.replace("\n", "\r\n"),
        "base64 around it": base64.b64encode(pem.encode()).decode(),
        "wrapped base64 around it": base64.encodebytes(pem.encode()).decode(),
        "spaces for line breaks": pem.replace("\n", " ").strip(),
        "no last line break": pem.rstrip(),
        "indented": pem.replace("\n", "\n    "),
        "surrounded by space": f"\n  {pem}\n ",
    }


@pytest.mark.parametrize("how", mangled(""))
@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_a_key_that_a_secret_store_mangled_is_read(jwtcli: Run, how: str, alg: str) -> None:
    pem = jwtcli("keygen", "-a", alg, "-f", "pem", "-o", "-").stdout
    env = {"JWTCLI_KEY": mangled(pem)[how]}
    minted = jwtcli("encode", env=env)
    assert minted.status == 0, minted.stderr
    assert jwtcli("verify", stdin=minted.stdout, env=env).status == 0


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf8", SECRET),
        ("raw", SECRET),
        ("hex", SECRET.encode().hex()),
        ("base64", base64.b64encode(SECRET.encode()).decode()),
        ("base64url", segment(SECRET.encode())),
    ],
)
def test_a_secret_is_read_in_the_encoding_that_is_named(jwtcli: Run, tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "secret").write_text(text)
    (tmp_path / "secret").chmod(0o600)
    by_variable = {"JWTCLI_SECRET": text, "JWTCLI_SECRET_ENCODING": encoding}
    ways: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
        ((), by_variable),
        (("--secret-encoding", encoding), {"JWTCLI_SECRET": text, "JWTCLI_SECRET_ENCODING": "hex"}),
        (("--secret-file", "secret", "--secret-encoding", encoding), {}),
        (("--secret-file", "secret"), {"JWTCLI_SECRET_ENCODING": encoding}),
        ((), {"JWTCLI_SECRET_FILE": "secret", "JWTCLI_SECRET_ENCODING": encoding}),
    )
    for args, env in ways:
        judged = jwtcli("verify", *args, stdin=token({"exp": 9999999999}), env=env)
        assert (judged.status, judged.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["hex", "base64", "base64url", "utf8"])
def test_a_secret_in_another_encoding_is_refused_without_a_word_of_it(jwtcli: Run, encoding: str) -> None:
    refused = jwtcli("encode", "--secret-file", "-", "--secret-encoding", encoding, stdin=b"hunter2 \xff!")
    assert (refused.status, refused.stdout) == (8, "")
    assert "hunter2" not in refused.stderr


def test_an_unknown_encoding_in_the_environment_is_wrong_usage(jwtcli: Run) -> None:
    refused = jwtcli("encode", env={**ENV, "JWTCLI_SECRET_ENCODING": "rot13"})
    assert (refused.status, refused.stdout) == (2, "")


def test_one_line_break_at_the_end_of_a_secret_file_is_not_part_of_it(jwtcli: Run, tmp_path: Path) -> None:
    note = (
        "jwtcli: note: the line break at the end of secret is not part of the secret (--secret-encoding raw keeps it)\n"
    )
    forever = {"exp": 9999999999}
    for ending in ("\n", "\r\n"):
        (tmp_path / "secret").write_text(SECRET + ending, newline="")
        (tmp_path / "secret").chmod(0o600)
        assert jwtcli("verify", "--secret-file", "secret", stdin=token(forever)).stderr == note
        raw = ("verify", "--secret-file", "secret", "--secret-encoding", "raw")
        assert jwtcli(*raw, stdin=token(forever)).status == 4
        assert jwtcli(*raw, stdin=token(forever, secret=SECRET + ending)).status == 0


@pytest.mark.parametrize("option", ["--key", "--secret-file", "--jwks", "--passphrase-file"])
@pytest.mark.parametrize(
    "content",
    [
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49",
        '{"kty": "oct", "k": "aHVudGVyMg"}',
        "aHVudGVyMiBodW50ZXIyIGh1bnRlcjIgaHVudGVyMg",
        "MIGHAgEAMBMGByqGSM49/gEGCCqGSM49+wEHBG0wawIBAQQgMEzn0HpVR5582U0o=",
    ],
)
def test_a_key_given_in_place_of_its_file_is_not_repeated(jwtcli: Run, option: str, content: str) -> None:
    encrypted = jwtcli("keygen", "-a", "ES256", "-f", "pem", "--encrypt", "-o", "-", env={"JWTCLI_PASSPHRASE": "x"})
    args = ("--key", "-") if option == "--passphrase-file" else ()
    for compact in ("abc", token({})):
        refused = jwtcli("verify", "--json", option, content, *args, "--", compact, stdin=encrypted.stdout)
        assert refused.status in (1, 2)
        assert content[-20:] not in refused.stdout + refused.stderr


@pytest.mark.parametrize("option", ["--key", "--secret-file", "--jwks"])
def test_an_empty_option_is_wrong_usage(jwtcli: Run, option: str) -> None:
    refused = jwtcli("verify", option, "", stdin=token({}), env=ENV)
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr == f"jwtcli: error: {option} is empty (is a variable unset?)\n"


def test_a_key_set_by_url_waits_for_its_time(jwtcli: Run) -> None:
    assert jwtcli("verify", "--jwks", "file:///etc/passwd", stdin=token({})).status in (1, 2, 8)


def test_a_key_comes_from_stdin_where_the_token_does_not(jwtcli: Run) -> None:
    minted = jwtcli("encode", "--secret-file", "-", stdin=SECRET).stdout
    assert jwtcli("verify", "--secret-file", "-", "--", minted.strip(), stdin=SECRET).status == 0


@pytest.mark.parametrize("shape", ["pem", "cut", "indented", "base64", "hex", "jwk", "ssh"])
def test_what_reads_like_a_public_key_is_refused_as_a_secret(jwtcli: Run, tmp_path: Path, shape: str) -> None:
    jwtcli("keygen", "-a", "RS256", "-f", "pem", "-o", "k.pem", "--public", "p.pem")
    pem = (tmp_path / "p.pem").read_bytes()
    der = base64.b64decode(b"".join(pem.split(b"\n")[1:-2]))
    shapes = {
        "pem": pem,
        "cut": pem[:60],
        "indented": b" " + pem,
        "base64": base64.b64encode(der),
        "hex": der.hex().encode(),
        "jwk": b'{"kty":"RSA","n":"AQAB","e":"AQAB"}',
        "ssh": b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@example",
    }
    refused = jwtcli("verify", "--json", "--secret-file", "-", "--", token({}), stdin=shapes[shape])
    assert (refused.status, refused.json["error"]["code"]) == (8, "key_as_secret")
