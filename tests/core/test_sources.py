"""Where a key comes from: the order of places, what is refused, what is read."""

import base64
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from jwtcli.core import default_key
from jwtcli.core.encodings import without_line_break
from jwtcli.core.errors import FileError, JwtcliError, Status, UnusableKeyError, UsageError
from jwtcli.core.keyfiles import load, to_bytes
from jwtcli.core.keys import Key
from jwtcli.core.sources import (
    KEY_VARIABLES,
    MAX_KEY_BYTES,
    KeyRequest,
    KeySource,
    Outside,
    find,
    read_file,
)
from tests.conftest import key_for

SECRET = b"0123456789abcdef0123456789abcdef"
VERIFY_VARIABLES = (*KEY_VARIABLES, "JWTCLI_JWKS")


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def file(name: str, content: bytes = SECRET, mode: int = 0o600) -> str:
    Path(name).write_bytes(content)
    Path(name).chmod(mode)
    return name


def outside(stdin: Any = b"", ask: Any = None, **environ: str) -> Outside:
    return Outside(environ, lambda limit: stdin[:limit], ask)


def find_key(request: KeyRequest, around: Outside, *, verifying: bool = True) -> KeySource:
    return find(request, around, lambda: default_key.read(Path("key.jwk"), verifying=verifying), verifying=verifying)


def refused(request: KeyRequest, around: Outside, *, verifying: bool = True) -> JwtcliError:
    with pytest.raises(JwtcliError) as caught:
        find_key(request, around, verifying=verifying)
    assert SECRET.decode() not in f"{caught.value} {caught.value.hint}"
    return caught.value


def test_an_option_comes_before_the_environment_and_that_before_the_default_file() -> None:
    file("option", b"1"), file("variable", b"2"), file("key.jwk", b"3")
    environ = outside(JWTCLI_KEY_FILE="variable")
    assert find_key(KeyRequest(key="option"), environ) == KeySource("--key", b"1")
    assert find_key(KeyRequest(), environ) == KeySource("JWTCLI_KEY_FILE", b"2")
    assert find_key(KeyRequest(), outside()) == KeySource("default key file", b"3")


def test_an_option_is_used_even_beside_an_empty_variable() -> None:
    assert find_key(KeyRequest(key=file("option")), outside(JWTCLI_KEY="", JWTCLI_SECRET="x")).name == "--key"


@pytest.mark.parametrize("verifying", [True, False])
def test_no_key_at_all_names_the_three_ways_to_give_one(verifying: bool) -> None:
    error = refused(KeyRequest(), outside(), verifying=verifying)
    assert (error.status, error.code) == (Status.KEY, "no_key")
    assert error.message == "there is no key: no option, no variable, and no default key file key.jwk"
    own = "--key FILE, --secret-file FILE, --jwks FILE|URL, --issuer-url URL"
    new = "'jwtcli keygen' makes one to sign with; or --key FILE / --secret-file FILE"
    assert error.hint == f"{own if verifying else new}; or JWTCLI_KEY / JWTCLI_SECRET"


@pytest.mark.parametrize("name", VERIFY_VARIABLES)
def test_a_variable_that_is_set_but_empty_ends_the_search(name: str) -> None:
    file("key.jwk")
    for environ in ({name: ""}, {name: "", "JWTCLI_SECRET": SECRET.decode()} | {name: ""}):
        error = refused(KeyRequest(), outside(**environ))
        assert (error.status, error.code) == (Status.KEY, "empty_variable")
        assert error.message == f"{name} is set but empty"


@pytest.mark.parametrize("first", VERIFY_VARIABLES)
@pytest.mark.parametrize("second", VERIFY_VARIABLES)
def test_two_variables_are_refused_by_their_names(first: str, second: str) -> None:
    if first == second:
        return
    error = refused(KeyRequest(), outside(**{first: "x", second: "x"}))
    assert (error.status, error.code, error.hint) == (Status.USAGE, "several_sources", "give exactly one")
    assert first in error.message
    assert second in error.message


OPTIONS = {
    "--key": KeyRequest(key="a"),
    "--secret-file": KeyRequest(secret_file="a"),
    "--secret-prompt": KeyRequest(secret_prompt=True),
    "--jwks": KeyRequest(jwks="a"),
}


@pytest.mark.parametrize("first", OPTIONS)
@pytest.mark.parametrize("second", OPTIONS)
def test_two_options_are_refused_by_their_names(first: str, second: str) -> None:
    if first >= second:
        return
    one, other = OPTIONS[first], OPTIONS[second]
    both = KeyRequest(
        one.key or other.key,
        one.secret_file or other.secret_file,
        one.secret_prompt or other.secret_prompt,
        one.jwks or other.jwks,
    )
    error = refused(both, outside())
    assert (error.status, error.code) == (Status.USAGE, "several_sources")
    assert first in error.message
    assert second in error.message


def test_encode_does_not_look_at_a_key_set_in_the_environment() -> None:
    file("key.jwk"), file("set")
    environ = outside(JWTCLI_JWKS="set")
    assert find_key(KeyRequest(), environ, verifying=False).name == "default key file"
    assert find_key(KeyRequest(), environ) == KeySource("JWTCLI_JWKS", SECRET)
    assert find_key(KeyRequest(), outside(JWTCLI_JWKS="", JWTCLI_KEY_FILE="set"), verifying=False).content == SECRET


@pytest.mark.parametrize("asked", [KeyRequest(key=""), KeyRequest(secret_file=""), KeyRequest(jwks="")])
def test_an_empty_option_is_wrong_usage(asked: KeyRequest) -> None:
    with pytest.raises(UsageError, match=r"is empty \(is a variable unset\?\)$"):
        find_key(asked, outside())


def test_every_source_gives_its_bytes_and_its_name() -> None:
    file("secret"), file("set", b'{"keys":[]}')
    given = {
        "--secret-file": find_key(KeyRequest(secret_file="secret"), outside()),
        "--secret-prompt": find_key(KeyRequest(secret_prompt=True), outside(ask=lambda _: SECRET)),
        "JWTCLI_SECRET": find_key(KeyRequest(), outside(JWTCLI_SECRET=SECRET.decode())),
        "JWTCLI_SECRET_FILE": find_key(KeyRequest(), outside(JWTCLI_SECRET_FILE="secret")),
    }
    assert given == {name: KeySource(name, SECRET, secret=True) for name in given}
    assert find_key(KeyRequest(jwks="set"), outside()) == KeySource("--jwks", b'{"keys":[]}')
    assert find_key(KeyRequest(key="-"), outside(stdin=b"key")) == KeySource("--key", b"key")


def test_a_secret_is_asked_for_only_where_somebody_is() -> None:
    error = refused(KeyRequest(secret_prompt=True), outside())
    assert (error.status, error.hint) == (Status.KEY, "use --secret-file FILE or JWTCLI_SECRET")


ENCODED = {
    "utf8": SECRET,
    "raw": SECRET,
    "base64": base64.b64encode(SECRET),
    "base64url": base64.urlsafe_b64encode(SECRET).rstrip(b"="),
    "hex": SECRET.hex().encode(),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_secret_means_its_bytes_in_every_encoding(encoding: str) -> None:
    file("secret", ENCODED[encoding])
    text = ENCODED[encoding].decode()
    asked = KeyRequest(secret_encoding=encoding)
    assert find_key(KeyRequest(secret_file="secret", secret_encoding=encoding), outside()).content == SECRET
    assert find_key(asked, outside(JWTCLI_SECRET=text)).content == SECRET
    assert find_key(KeyRequest(), outside(JWTCLI_SECRET=text, JWTCLI_SECRET_ENCODING=encoding)).content == SECRET
    assert find_key(asked, outside(JWTCLI_SECRET=text, JWTCLI_SECRET_ENCODING="hex")).content == SECRET


def test_an_unknown_encoding_is_named() -> None:
    error = refused(KeyRequest(), outside(JWTCLI_SECRET="x", JWTCLI_SECRET_ENCODING="rot13"))
    assert (error.status, error.message) == (
        Status.USAGE,
        "JWTCLI_SECRET_ENCODING is none of utf8, base64, base64url, hex, raw",
    )


@pytest.mark.parametrize("option", ["--key", "--jwks"])
def test_an_encoding_beside_a_key_file_is_wrong_usage(option: str) -> None:
    given = OPTIONS[option]
    error = refused(KeyRequest(given.key, jwks=given.jwks, secret_encoding="hex"), outside())
    assert error.message == f"--secret-encoding does not go with {option}: a key file tells its own form"


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"s\n", b"s"),
        (b"s\r\n", b"s"),
        (b"s\n\n", b"s\n"),
        (b"s\r", b"s\r"),
        (b"s ", b"s "),
        (b"\n", b""),
        (b"", b""),
    ],
)
def test_one_trailing_line_break_is_not_part_of_a_secret(content: bytes, secret: bytes) -> None:
    assert without_line_break(content) == secret
    source = find_key(KeyRequest(secret_file=file("secret", content)), outside())
    assert source.content == secret
    note = "the line break at the end of secret is not part of the secret (--secret-encoding raw keeps it)"
    assert source.notes == ((note,) if content != secret else ())
    raw = find_key(KeyRequest(secret_file="secret", secret_encoding="raw"), outside())
    assert (raw.content, raw.notes) == (content, ())


@pytest.mark.parametrize("name", ["JWTCLI_SECRET", "JWTCLI_KEY"])
@pytest.mark.parametrize("path", ["the-secret-that-signs-the-tokens.txt", "./secret", "folder/secret", "/dev/null"])
def test_the_name_of_a_file_in_place_of_its_content_is_refused_and_not_repeated(name: str, path: str) -> None:
    Path("folder").mkdir()
    for made in ("the-secret-that-signs-the-tokens.txt", "secret", "folder/secret"):
        file(made)
    error = refused(KeyRequest(), outside(**{name: path}))
    assert (error.status, error.code) == (Status.KEY, "file_name")
    assert (error.message, error.hint) == (
        f"{name} holds the name of a file, where its content belongs",
        f"{name}_FILE takes the name of a file",
    )


@pytest.mark.parametrize("value", ["no/such/file", "no.such.file", "word", "x" * 5000 + "/"])
def test_a_secret_that_names_no_file_is_one(value: str) -> None:
    file("word")  # a plain word may be a secret and, by chance, a file in the current folder
    assert find_key(KeyRequest(), outside(JWTCLI_SECRET=value)).content == value.encode()


def test_a_secret_of_the_environment_keeps_its_line_break() -> None:
    assert find_key(KeyRequest(), outside(JWTCLI_SECRET="s\n")).content == b"s\n"


def mangled(pem: bytes) -> dict[str, bytes]:
    return {
        "as it is": pem,
        "escaped line breaks": pem.replace(b"\n", b"\\n"),
        "escaped CRLF": pem.replace(b"\n", b"\\r\\n"),
        "CRLF": pem.replace(b"\n", b"\r\n"),
        "spaces": pem.replace(b"\n", b" "),
        "no line breaks": pem.replace(b"\n", b""),
        "base64": base64.b64encode(pem),
        "base64 in lines": base64.encodebytes(pem),
        "base64 of escaped": base64.b64encode(pem.replace(b"\n", b"\\n")),
        "white space around": b" \n" + pem + b" \n",
    }


@pytest.mark.parametrize("how", mangled(b""))
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_key_survives_what_ci_secret_stores_do_to_it(how: str, alg: str) -> None:
    key = key_for(alg)
    text = mangled(to_bytes(key, "pem"))[how].decode()
    assert same(load(find_key(KeyRequest(), outside(JWTCLI_KEY=text)).content), key)


def test_a_jwk_survives_in_a_variable_plain_or_in_base64() -> None:
    key = key_for("ES256")
    jwk = to_bytes(key, "jwk")
    for text in (jwk, base64.b64encode(jwk)):
        assert same(load(find_key(KeyRequest(), outside(JWTCLI_KEY=text.decode())).content), key)


def test_text_in_jwtcli_key_that_is_no_base64_stays_as_it_is() -> None:
    for text in ("hunter2", "AAAAA", "a\\nb"):
        assert find_key(KeyRequest(), outside(JWTCLI_KEY=text)).content == text.encode()


def same(left: Key, right: Key) -> bool:
    return to_bytes(left, "pem") == to_bytes(right, "pem")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("missing", "no such file or directory"), (".", "is a directory"), ("file/x", "not a directory")],
)
def test_a_file_that_cannot_be_read_is_told(path: str, reason: str) -> None:
    file("file")
    with pytest.raises(FileError) as caught:
        read_file(path, outside(), "--key")
    assert (caught.value.message, caught.value.code) == (f"cannot read {path}: {reason}", "unreadable")


@pytest.mark.parametrize(("path", "hint"), [("@file", "--key takes the name without the @"), ("@missing", None)])
def test_the_at_sign_of_a_token_is_told_to_be_none_of_a_key(path: str, hint: str | None) -> None:
    file("file")
    with pytest.raises(FileError) as caught:
        read_file(path, outside(), "--key")
    assert (caught.value.message, caught.value.hint) == (f"cannot read {path}: no such file or directory", hint)


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(FileError, match="the name is not one that a file can have"):
        read_file("a\0b", outside(), "--key")


def test_a_fifo_is_read_once() -> None:
    os.mkfifo("fifo")
    writer = threading.Thread(target=lambda: Path("fifo").write_bytes(SECRET))
    writer.start()
    source = find_key(KeyRequest(key="fifo"), outside())
    writer.join()
    assert source == KeySource("--key", SECRET)


def test_a_descriptor_is_read() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, SECRET)
    os.close(theirs)
    assert find_key(KeyRequest(key=f"/dev/fd/{ours}"), outside()) == KeySource("--key", SECRET)
    os.close(ours)


@pytest.mark.parametrize("path", ["file", "-"])
def test_at_most_one_mebibyte_is_read(path: str) -> None:
    largest = b"A" * MAX_KEY_BYTES
    file("file", largest)
    assert read_file(path, outside(stdin=largest), "--key") == largest
    file("file", largest + b"A")
    with pytest.raises(UnusableKeyError, match="larger than 1 MiB") as caught:
        read_file(path, outside(stdin=largest + b"A"), "--key")
    assert caught.value.code == "too_large"


def test_endless_files_are_not_read_to_their_end() -> None:
    with pytest.raises(UnusableKeyError, match="larger than 1 MiB"):
        read_file("/dev/zero", outside(), "--key")


CONTENTS = [
    "-----BEGIN PRIVATE KEY-----",
    '{"kty":"oct","k":"AAAA"}',
    "two\nlines",
    "0123456789abcdef0123456789abcdef",
    base64.b64encode(b"\xff" * 32).decode(),
]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("option", ["key", "secret_file", "jwks"])
def test_a_key_in_place_of_a_file_name_is_refused_and_not_repeated(content: str, option: str) -> None:
    error = refused(KeyRequest(**{option: content}), outside())  # type: ignore[arg-type]  # one of three texts
    assert (error.status, error.code) == (Status.USAGE, "key_on_command_line")
    assert content not in f"{error.message}{error.hint}"


LONG_SECRETS = [
    "/" + base64.b64encode(bytes(range(46))).decode()[:63],
    "Tr0ub4dor.&3$" * 3,
    "/+" * 22,
    "correct horse. battery staple. and more.",
    "./" + "hunter2" * 6,
    "no/such/folder/" + "k" * 32,
    "s.e/c" * 80,
]


@pytest.mark.parametrize("secret", LONG_SECRETS)
@pytest.mark.parametrize(
    "name", ["--key", "--secret-file", "--passphrase-file", "JWTCLI_KEY_FILE", "JWTCLI_SECRET_FILE"]
)
def test_a_long_secret_in_place_of_a_file_name_is_not_told_back(secret: str, name: str) -> None:
    with pytest.raises(JwtcliError) as caught:
        read_file(secret, outside(), name)
    told = f"{caught.value.message} {caught.value.hint}"
    assert (secret not in told, name in told) == (True, True)


@pytest.mark.parametrize(
    "path",
    ["no/such/folder/with-a-long-name-in-it.pem", "there/the_key_that_we_sign_our_tokens_with", "x" * 27 + ".key"],
)
def test_a_long_name_that_is_one_of_a_file_is_told(path: str) -> None:
    Path("there").mkdir()
    with pytest.raises(FileError, match=f"cannot read {path}: no such file"):
        read_file(path, outside(), "--key")


def test_a_file_may_have_a_long_name() -> None:
    name = "the_key_that_we_sign_our_tokens_with"
    assert find_key(KeyRequest(key=file(name)), outside()).content == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o611])
@pytest.mark.parametrize("name", ["--key", "--secret-file", "JWTCLI_KEY_FILE", "default key file"])
def test_a_file_that_others_can_read_draws_a_warning(mode: int, name: str) -> None:
    path = file("key.jwk", mode=mode)
    requests = {"--key": KeyRequest(key=path), "--secret-file": KeyRequest(secret_file=path)}
    environ = outside(JWTCLI_KEY_FILE=path) if name == "JWTCLI_KEY_FILE" else outside()
    source = find_key(requests.get(name, KeyRequest()), environ)
    assert source.name == name
    assert source.warnings == (f"others can read key.jwk (mode {mode:04o}): chmod 600 it",)


def test_stdin_and_pipes_draw_no_warning() -> None:
    file("-", mode=0o644)  # a file of that name is not what - means
    assert find_key(KeyRequest(key="-"), outside(stdin=b"x")).warnings == ()
    assert find_key(KeyRequest(key=file("key", mode=0o600)), outside()).warnings == ()
    assert stat.S_IMODE(Path("key").stat().st_mode) == 0o600


def test_a_default_key_file_that_cannot_be_read_is_told_and_not_called_missing() -> None:
    Path("key.jwk").mkdir()
    error = refused(KeyRequest(), outside())
    assert (error.status, error.message) == (Status.FAILED, "cannot read key.jwk: is a directory")
    Path("key.jwk").rmdir()
    Path("key.jwk").symlink_to("key.jwk")
    assert refused(KeyRequest(), outside()).message == "cannot read key.jwk: too many levels of symbolic links"


def test_nothing_secret_shows_in_a_repr() -> None:
    source = find_key(KeyRequest(), outside(JWTCLI_SECRET="hunter2"))
    assert "hunter2" not in repr(source)
    assert "hunter2" not in repr(outside(JWTCLI_SECRET="hunter2"))


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("id.example", "a URL begins with https://"),
        ("ftp://id.example", None),
        ("http://id.example", "--allow-http takes plain http all the same"),
        ("https://id.example/.well-known/openid-configuration", "leave out /.well-known/openid-configuration"),
    ],
)
def test_an_issuer_that_is_never_fetched_is_told_what_one_looks_like(url: str, hint: str | None) -> None:
    error = refused(KeyRequest(issuer_url=url), outside(), verifying=True)
    assert (error.status, error.code, error.hint) == (Status.USAGE, "url_refused", hint)
