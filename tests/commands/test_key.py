"""``jwtcli key``: show, convert, thumbprint."""

import json
from pathlib import Path

import pytest

from jwtcli.core.algorithms import ALGORITHMS
from tests.conftest import KeyFiles, Run, key_for, write_key_files


def test_show_says_what_a_key_is_and_nothing_of_it(jwtcli: Run, key_files: KeyFiles) -> None:
    algorithm = ALGORITHMS[key_files.alg]
    for path, private in ((key_files.private, True), (key_files.public, algorithm.kty == "oct")):
        shown = jwtcli("key", "show", "--json", path)
        assert shown.status == 0
        assert shown.stdout.count("\n") == 1
        assert {name: shown.json[name] for name in ("kty", "private", "form", "encrypted", "alg", "use")} == {
            "kty": algorithm.kty,
            "private": private,
            "form": "jwk",
            "encrypted": False,
            "alg": key_files.alg,
            "use": "sig",
        }
        assert shown.json["algorithms"] == [key_files.alg]
        assert shown.json["weaknesses"] == []
        text = jwtcli("key", "show", path).stdout
        assert f"can do      {key_files.alg}\n" in text
        secret = json.loads(Path(key_files.private).read_bytes())
        for name in ("k", "d", "p", "priv"):
            assert secret.get(name, "\0") not in text + shown.stdout


def test_show_as_text_for_a_pair(jwtcli: Run, tmp_path: Path) -> None:
    jwtcli("keygen", "-a", "ES256", "--kid", "first", "-o", "key.jwk", "--public", "public.jwk")
    thumbprint = jwtcli("key", "thumbprint", "key.jwk").stdout
    assert jwtcli("key", "show", "public.jwk").stdout == (
        "kind        P-256 public\nform        jwk\nkid         first\n"
        f"thumbprint  {thumbprint}alg         ES256\nuse         sig\ncan do      ES256\n"
    )


def test_show_lists_every_member_of_a_set_and_what_is_weak(jwtcli: Run, tmp_path: Path) -> None:
    weak = [
        {"kty": "oct", "k": "c2hvcnQ", "kid": "short"},
        {"kty": "oct", "k": "A" * 43, "use": "enc", "key_ops": ["encrypt"], "kid": "cipher"},
        {"kty": "oct", "k": "A" * 43, "alg": "RS256", "kid": "odd"},
        {"kty": "unknown"},
    ]
    (tmp_path / "set").write_text(json.dumps({"keys": weak}))
    (tmp_path / "set").chmod(0o644)
    shown = jwtcli("key", "show", "--json", "set")
    told = {one["kid"]: one["weaknesses"] for one in shown.json["keys"]}
    assert told == {
        "short": ["too short for HS256, HS384, HS512 (RFC 7518 section 3.2)"],
        "cipher": [
            "too short for HS384, HS512 (RFC 7518 section 3.2)",
            "its use is not sig: it is not for signatures",
            "its key_ops allow neither to sign nor to verify",
        ],
        "odd": ["its alg is none that a key of this kind can do"],
    }
    assert shown.stderr == (
        "jwtcli: warning: others can read set (mode 0644): chmod 600 it\n"
        "jwtcli: note: left out member 4 of the key set: "
        "the JWK's 'kty' is not one that signs: RSA, EC, OKP, AKP or oct\n"
    )
    text = jwtcli("key", "show", "-q", "set").stdout
    assert text.count("kind        oct") == 3
    assert "kind        oct 40 bits\nform        jwk\nkid         short\ncan do      nothing that is safe\n" in text
    assert "key_ops     encrypt\n" in text


def test_show_of_an_encrypted_key_says_so_and_warns_of_no_reader(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("correct horse")
    options = ("--encrypt", "--passphrase-file", "passphrase")
    jwtcli("keygen", "-a", "Ed25519", "-f", "pem", "-o", "key.pem", *options)
    (tmp_path / "key.pem").chmod(0o644)
    shown = jwtcli("key", "show", "--passphrase-file", "passphrase", "key.pem")
    assert (shown.status, shown.stderr) == (0, "")
    assert shown.stdout.startswith("kind        Ed25519 private\nform        pem, encrypted\n")
    assert jwtcli("key", "show", "key.pem", env={"JWTCLI_PASSPHRASE": "wrong"}).status == 8


def test_a_key_and_its_passphrase_cannot_both_come_from_stdin(jwtcli: Run) -> None:
    shown = jwtcli("key", "show", "-", "--passphrase-file", "-", stdin="x")
    assert (shown.status, "it can only be one of them" in shown.stderr) == (2, True)


def test_a_key_comes_from_stdin(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    shown = jwtcli("key", "thumbprint", "-", stdin=Path(files.public).read_bytes())
    assert shown.stdout == jwtcli("key", "thumbprint", files.private).stdout


@pytest.mark.parametrize("alg", [alg for alg, algorithm in ALGORITHMS.items() if algorithm.kty != "oct"])
def test_convert_there_and_back_changes_nothing(jwtcli: Run, tmp_path: Path, alg: str) -> None:
    files = write_key_files(tmp_path, alg)
    original = json.loads(Path(files.private).read_bytes())
    for form in ("pem", "der"):
        made = jwtcli("key", "convert", files.private, "--to", form, "-o", f"key.{form}")
        assert (made.status, made.stdout) == (0, f"key.{form}\n")
        assert (tmp_path / f"key.{form}").stat().st_mode & 0o777 == 0o600
        back = jwtcli("key", "convert", f"key.{form}", "-o", "-")
        kept = original if ALGORITHMS[alg].kty == "AKP" else {**original, "alg": None}
        assert {"kid": original["kid"], "alg": None, **back.json} == {"kid": None, **kept}
        public = jwtcli("key", "convert", files.public, "--to", form, "-o", f"public.{form}")
        assert public.status == 0
        assert jwtcli("key", "convert", "--public", files.private, "--to", form, "-o", f"half.{form}").status == 0
        halves = [(tmp_path / f"{name}.{form}").read_bytes() for name in ("public", "half")]
        assert halves[0] == halves[1]


@pytest.mark.parametrize("form", ["hex", "base64"])
def test_convert_writes_a_secret_in_an_encoding_and_says_how_it_is_read_back(
    jwtcli: Run, tmp_path: Path, form: str
) -> None:
    secret = write_key_files(tmp_path, "HS256").private
    note = f"jwtcli: note: read it back with --secret-encoding {form}, or JWTCLI_SECRET_ENCODING={form}\n"
    made = jwtcli("key", "convert", secret, "--to", form, "-o", "secret")
    assert (made.status, made.stdout, made.stderr) == (0, "secret\n", note)
    printed = jwtcli("key", "convert", secret, "--to", form, "-o", "-")
    assert (printed.stdout, printed.stderr) == ((tmp_path / "secret").read_text(), note)
    token = jwtcli("encode", "--key", secret, "--ttl", "1h").stdout
    read_back = ("--secret-file", "secret", "--secret-encoding", form, "--alg", "HS256")
    assert jwtcli("verify", "-q", *read_back, stdin=token).status == 0


def test_convert_shows_a_public_key_and_no_private_one(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    assert jwtcli("key", "convert", files.public).json == json.loads(Path(files.public).read_bytes())
    for source in (files.private, write_key_files(tmp_path, "HS256").private):
        refused = jwtcli("key", "convert", source)
        assert (refused.status, refused.stdout) == (2, "")
        assert "not shown unasked" in refused.stderr


def test_a_private_key_on_a_terminal_draws_a_warning(
    jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_key_files(tmp_path, "ES256")
    monkeypatch.setattr("jwtcli.commands._key_output.is_terminal", bool)
    warning = "jwtcli: warning: the key goes to the terminal, where it stays in the scroll-back\n"
    assert jwtcli("key", "convert", files.private, "-o", "-").stderr == warning
    assert jwtcli("key", "convert", files.public, "-o", "-").stderr == ""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_convert_takes_every_name_of_stdout_for_a_dash(jwtcli: Run, tmp_path: Path, name: str) -> None:
    files = write_key_files(tmp_path, "ES256")
    assert jwtcli("key", "convert", files.public, "-o", name).json == json.loads(Path(files.public).read_bytes())
    assert jwtcli("key", "convert", files.public, "-o", name, "--json").json["error"]["hint"] == "-o FILE"


def test_convert_chooses_a_member_by_kid(jwtcli: Run, tmp_path: Path) -> None:
    document: dict[str, list[object]] = {"keys": []}
    for alg in ("ES256", "RS256"):
        document["keys"].append(json.loads(Path(write_key_files(tmp_path, alg).public).read_bytes()))
    (tmp_path / "set").write_text(json.dumps(document))
    kid = key_for("RS256").kid
    assert jwtcli("key", "convert", "--kid", str(kid), "set").json["kty"] == "RSA"
    for options, code in (((), "no_kid"), (("--kid", "nobody"), "unknown_kid")):
        refused = jwtcli("key", "thumbprint", "--json", *options, "set")
        assert (refused.status, refused.json["error"]["code"]) == (8, code)
        assert f"the file has '{key_for('ES256').kid}', '{kid}'" in refused.stderr


def test_convert_never_drops_a_passphrase_unsaid(jwtcli: Run, tmp_path: Path) -> None:
    env = {"JWTCLI_PASSPHRASE": "correct horse"}
    jwtcli("keygen", "-a", "ES256", "-f", "pem", "-o", "key.pem", "--encrypt", env=env)
    plain = jwtcli("key", "convert", "key.pem", "-o", "key.jwk", env=env)
    assert plain.stderr == "jwtcli: warning: the key was encrypted and its new form is not (--encrypt)\n"
    kept = jwtcli("key", "convert", "key.pem", "--to", "der", "--encrypt", "-o", "key.der", env=env)
    assert (kept.status, kept.stderr) == (0, "")
    assert jwtcli("key", "show", "--json", "key.der", env=env).json["encrypted"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", ""), "-o is empty"),
        (("--encrypt", "-o", "x"), "--encrypt goes with a private key as pem or der"),
        (("--encrypt", "--public", "--to", "pem"), "--encrypt goes with a private key as pem or der"),
        (("--json", "--public"), "--json tells where a key is"),
        (("--json", "-o", "-"), "--json tells where a key is"),
    ],
)
def test_convert_refuses_what_makes_no_sense(jwtcli: Run, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    files = write_key_files(tmp_path, "ES256")
    result = jwtcli("key", "convert", files.private, *options)
    assert (result.status, words in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("alg", "form"),
    [("HS256", "pem"), ("HS256", "openssh"), ("ES256K", "openssh"), ("ES256", "hex"), ("ES256", "base64")],
)
def test_convert_names_a_form_that_a_key_has_not(jwtcli: Run, tmp_path: Path, alg: str, form: str) -> None:
    files = write_key_files(tmp_path, alg)
    result = jwtcli("key", "convert", files.private, "--to", form, "-o", "-")
    assert (result.status, result.stdout) == (2, "")
    first, hint = result.stderr.splitlines()
    assert first.endswith(f" has no {form} form")
    secret = "jwk, hex and base64 do; 'jwtcli keygen --alg ES256' makes a pair"
    assert hint == f"jwtcli: hint: {secret if alg == 'HS256' else 'jwk takes every key'}"


def test_convert_tells_in_json_where_the_key_is_and_replaces_nothing(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "ES256")
    made = jwtcli("key", "convert", "--json", files.private, "--public", "--to", "pem", "-o", "public.pem")
    kid = key_for("ES256").kid
    assert made.json == {"path": "public.pem", "public_path": None, "kid": kid, "thumbprint": kid, "alg": "ES256"}
    assert jwtcli("key", "convert", files.public, "-o", "public.pem").status == 1
    assert jwtcli("key", "convert", files.public, "-o", "public.pem", "--force").status == 0


def test_a_secret_has_no_thumbprint_and_no_public_half(jwtcli: Run, tmp_path: Path) -> None:
    files = write_key_files(tmp_path, "HS256")
    for args in (("thumbprint",), ("convert", "--public")):
        result = jwtcli("key", *args, "--json", files.private)
        assert (result.status, result.json["error"]["code"]) == (8, "symmetric_key")


def test_a_thumbprint_comes_with_the_kid_in_json(jwtcli: Run, tmp_path: Path) -> None:
    jwtcli("keygen", "-a", "Ed25519", "--kid", "mine", "-o", "key.jwk")
    shown = jwtcli("key", "thumbprint", "--json", "key.jwk").json
    assert shown == {"thumbprint": jwtcli("key", "thumbprint", "key.jwk").stdout.strip(), "kid": "mine"}


def test_the_group_alone_says_what_is_missing(jwtcli: Run) -> None:
    for args in (("key",), ("key", "nonsense"), ("key", "--help", "show")):
        result = jwtcli(*args)
        assert (result.status, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 2
    assert jwtcli("key", "--help").status == 0


def test_a_bare_secret_is_told_which_commands_take_one(jwtcli: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=\n")
    for args in (("key", "show"), ("key", "convert"), ("jwks",)):
        refused = jwtcli(*args, "secret.txt", "--json")
        assert (refused.status, refused.json["error"]["code"]) == (8, "not_a_key")
        assert refused.json["error"]["hint"] == (
            "an HMAC secret is no key file: encode and verify take one by --secret-file or JWTCLI_SECRET"
        )
