"""The front door: what holds for every command line before and after its command runs."""

import errno
import gc
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest

import jwtcli.__main__ as entry
from jwtcli import __version__, cli
from jwtcli.commands import _meant
from jwtcli.core.errors import Status
from tests.commands_of import LEAVES, named
from tests.conftest import Result, Run
from tests.forge import ENV, SECRET, token

NAMES = tuple(name for name, _, _ in cli.COMMANDS)
TOKEN_HINT = "a token is shown by 'jwtcli decode' and judged by 'jwtcli verify': hand it over on stdin"
QUOTES_HINT = "a token with a space in it stands in quotes; better, hand it over on stdin"
DASHES_HINT = "what stands behind -- is no option: options go before it"
SECRET_OPTIONS = "did you mean --secret-file or --secret-encoding or --secret-prompt?"


def _fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr("jwtcli.commands.decode.read", fail)


def test_help_of_the_group_is_this(jwtcli: Run) -> None:
    shown = jwtcli("--help")
    assert (shown.status, shown.stderr) == (0, "")
    assert shown.stdout.startswith(
        "Usage: jwtcli [OPTIONS] COMMAND [ARGS]...\n\n  Make, read and verify JSON Web Tokens.\n"
    )
    listed = shown.stdout.partition("Commands:\n")[2].partition("\n\n")[0]
    assert tuple(line.split()[0] for line in listed.splitlines()) == NAMES
    assert shown.stdout.endswith("jwtcli verify < token.txt\n")
    assert jwtcli("-h") == shown


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_the_same_manners(jwtcli: Run, path: tuple[str, ...]) -> None:
    shown = jwtcli(*path, "--help")
    assert (shown.status, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Usage: jwtcli {' '.join(path)} ")
    for option in ("--json ", "-q, --quiet ", "--color [auto|always|never]", "-h, --help "):
        assert f"\n  {option}" in shown.stdout
    assert "\nExamples:\n  jwtcli " in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_no_option_has_an_optional_value(path: tuple[str, ...]) -> None:
    for option in named(path).params:
        if isinstance(option, click.Option):
            assert option.is_flag or (option.nargs == 1 and not option._flag_needs_value), option.name


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_is_one_line(jwtcli: Run, flag: str) -> None:
    assert jwtcli(flag) == Result(0, f"jwtcli {__version__}\n", "")


@pytest.mark.parametrize(
    "args",
    [
        ("--help", "verify"),
        ("-h", "verify"),
        ("--version", "verify"),
        ("-V", "-h"),
        ("verify", "-k", "K", "--help"),
        ("verify", "-k", "K", "-h"),
        ("verify", "-qh"),
        ("verify", "-hq"),
        ("verify", "-hh"),
        ("verify", "-h", "token"),
        ("verify", "token", "-h"),
        ("decode", "--json", "--help"),
        ("encode", "--sub", "alice", "--help"),
        ("keygen", "-o", "-", "--help"),
        ("completion", "bash", "-h"),
    ],
)
def test_help_and_version_stand_alone(jwtcli: Run, args: tuple[str, ...]) -> None:
    refused = jwtcli(*args)
    assert refused.status == Status.USAGE
    error, *hints = refused.stderr.splitlines()
    assert error.endswith("stands alone: it was given beside something else")
    assert hints == ([] if "-qh" in args else [f"jwtcli: hint: {_company_hint(*args)}"])
    assert refused.stdout == "" or refused.json["error"]["code"] == "help_in_company"


def _company_hint(first: str, *rest: str) -> str:
    if first.startswith("-"):
        name = "--version" if "-V" in (first, *rest) or first == "--version" else "--help"
        return f"'jwtcli {name}' is all"
    about_tokens = "; a token goes on stdin or after --, so that it cannot pass for an option"
    return f"'jwtcli {first} --help' is all{about_tokens if first in ('verify', 'decode') else ''}"


def test_no_command_is_wrong_usage(jwtcli: Run) -> None:
    refused = jwtcli()
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr == "jwtcli: error: missing command\njwtcli: hint: 'jwtcli --help' lists the commands\n"


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (("veriy",), "there is no command 'veriy'", "did you mean 'verify'?"),
        (("sing",), "there is no command 'sing'", f"the commands are {', '.join(NAMES)}"),
        (("",), "there is no command ''", f"the commands are {', '.join(NAMES)}"),
        (("\x1b[31m\n",), r"there is no command '\u001b[31m\u000a'", f"the commands are {', '.join(NAMES)}"),
        (("key", "sho"), "there is no command 'sho'", "did you mean 'show'?"),
        (("key", "a.pem"), "this is no command", "the commands are convert, show, thumbprint"),
        (("help", "verify"), "there is no command 'help'", "did you mean 'jwtcli verify --help'?"),
        (("version",), "there is no command 'version'", "did you mean '--version'?"),
        (("check",), "there is no command 'check'", "did you mean 'verify'?"),
        (("eyJh.eyJz.c2ln",), "this is no command", TOKEN_HINT),
        (("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",), "this is no command", TOKEN_HINT),
        (
            ("--json", "decode"),
            "no such option '--json' before the command",
            "options stand behind the command: jwtcli COMMAND --json",
        ),
        (("decode", "--jsno"), "no such option '--jsno'", "did you mean --json?"),
        (("verify", "--audience", "x"), "no such option '--audience'", "did you mean --aud?"),
        (("verify", "--algorithm", "x"), "no such option '--algorithm'", "did you mean --alg?"),
        (("verify", "--token", "x"), "no such option '--token'", "'jwtcli verify --help' shows the usage"),
        (("encode", "--subject", "x"), "no such option '--subject'", "did you mean --sub?"),
        (("encode", "--role", "x"), "no such option '--role'", "'jwtcli encode --help' shows the usage"),
        (("encode", "--expires-in", "x"), "no such option '--expires-in'", "did you mean --ttl?"),
        (("encode", "--claim", "x"), "no such option '--claim'", "did you mean --set?"),
        (("keygen", "--type", "x"), "no such option '--type'", "did you mean --alg?"),
        (("encode", "--sec", "x"), "no such option '--sec'", SECRET_OPTIONS),
        (("decode", "--sub", "x"), "no such option '--sub'", "'jwtcli decode --help' shows the usage"),
        (("-v",), "no such option '-v' before the command", "did you mean -V?"),
        (
            ("encode", "--payload", "{}"),
            "no such option '--payload'",
            "the claims are the argument: a JSON object, @FILE or -",
        ),
        (("encode", "-o", "x"), "no such option '-o'", "the token goes to standard output: > FILE takes it"),
        (("verify", "--no-verify"), "no such option '--no-verify'", "decode shows a token without verifying it"),
        (("lint", "--lines"), "no such option '--lines'", "lint takes one token at a time"),
        (
            ("decode", "--claim", "sub", "--claim", "aud"),
            "--claim was given more than once, and takes one value",
            "--json prints all claims, for jq to choose from",
        ),
        (("decode", "a", "b"), "one argument too many", QUOTES_HINT),
        (("decode", "a", "b", "arguments ("), "several arguments too many", QUOTES_HINT),
        (("decode", "a", "arguments ("), "one argument too many", QUOTES_HINT),
        (("decode", "a", "-"), "one argument too many", QUOTES_HINT),
        (("decode", "--", "a", "-q"), "one argument too many", DASHES_HINT),
        (("verify", "--", "a", "--key", "k.pem"), "several arguments too many", DASHES_HINT),
        (("keygen", "ES256"), "one argument too many", "did you mean --alg ES256?"),
        (("keygen", "ES"), "one argument too many", "'jwtcli keygen --help' shows the usage"),
        (("decode", "a", "ES256"), "one argument too many", QUOTES_HINT),
        (("decode", "--claim"), "option '--claim' requires an argument", "'jwtcli decode --help' shows the usage"),
        (
            ("completion",),
            "missing argument '{bash|zsh|fish|powershell}'",
            "'jwtcli completion --help' shows the usage",
        ),
        (
            ("keygen", "--bits", "many", "-o", "x"),
            "invalid value for '--bits': 'many' is not a valid integer",
            "'jwtcli keygen --help' shows the usage",
        ),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_the_way_out(
    jwtcli: Run, args: tuple[str, ...], message: str, hint: str
) -> None:
    refused = jwtcli(*args)
    assert refused.status == Status.USAGE
    assert refused.stderr == f"jwtcli: error: {message}\njwtcli: hint: {hint}\n"


def test_a_usage_error_without_a_command_gets_the_hint_of_the_group() -> None:
    told = cli._own_words(click.UsageError("Something odd."))
    assert (told.message, told.hint) == ("something odd", "'jwtcli --help' shows the usage")


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("--secret", "--secret-file FILE, JWTCLI_SECRET in the environment, or --secret-prompt"),
        ("--password", "--secret-file FILE, JWTCLI_SECRET in the environment, or --secret-prompt"),
        ("--passphrase", "--passphrase-file FILE or JWTCLI_PASSPHRASE"),
    ],
)
@pytest.mark.parametrize("form", [("{}", "hunter2"), ("{}=hunter2",), ("{}",)])
@pytest.mark.parametrize("command", [(), ("encode",), ("verify",), ("keygen",)])
def test_a_literal_secret_is_refused_with_the_safer_way(
    jwtcli: Run, command: tuple[str, ...], form: tuple[str, ...], name: str, way: str
) -> None:
    refused = jwtcli(*command, *(part.format(name) for part in form))
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"jwtcli: error: {name} is not an option: other users of this machine can read a command line\n"
        f"jwtcli: hint: use {way}\n"
    )


def test_after_two_dashes_nothing_is_an_option(jwtcli: Run) -> None:
    judged = jwtcli("verify", "--", "--secret", env=ENV)
    assert judged.status == Status.MALFORMED
    assert jwtcli("verify", "--", "--json", env=ENV).stdout.startswith("refused")


FAILURES = (
    (2, "usage", ("decode", "--json", "--no-such")),
    (2, "no_such_command", ("nothing", "--json")),
    (2, "secret_on_command_line", ("encode", "--json", "--secret", "x")),
    (2, "empty_option", ("verify", "--json", "--claim", "")),
    (2, "several_sources", ("encode", "--json", "--key", "a", "--secret-file", "b")),
    (2, "already_expired", ("encode", "--json", "--ttl", "0")),
    (2, "reserved_header", ("encode", "--json", "-H", "alg=none")),
    (2, "unknown_alg", ("encode", "--json", "--alg", "none")),
    (2, "bad_claims", ("encode", "--json", "[]")),
    (1, "unreadable", ("decode", "--json", "@missing")),
    (1, "unreadable", ("encode", "--json", "--key", "missing")),
    (3, "no_token", ("decode", "--json", "")),
    (3, "malformed", ("decode", "--json", "abc")),
    (7, "missing", ("decode", "--json", "--claim", "sub", token({}))),
    (8, "unfit_key", ("encode", "--json", "--alg", "RS256")),
)


@pytest.mark.parametrize(("status", "code", "args"), FAILURES)
def test_every_failure_is_one_error_object_where_json_was_asked_for(
    jwtcli: Run, status: int, code: str, args: tuple[str, ...]
) -> None:
    failed = jwtcli(*args, env=ENV)
    error = next(line for line in failed.stderr.splitlines() if line.startswith("jwtcli: error: "))
    hints = [line for line in failed.stderr.splitlines() if line.startswith("jwtcli: hint: ")]
    hint = hints[0].removeprefix("jwtcli: hint: ") if hints else None
    assert failed.status == status
    assert failed.stdout.count("\n") == 1
    assert failed.json == {
        "error": {"code": code, "message": error.removeprefix("jwtcli: error: "), "hint": hint},
        "status": status,
    }


@pytest.mark.parametrize("quiet", [("-q",), ("--quiet",), ("-qkmissing",)])
def test_quiet_drops_hints_and_notes_but_no_error_and_no_warning(jwtcli: Run, quiet: tuple[str, ...]) -> None:
    refused = jwtcli("encode", *quiet, "--alg", "none")
    assert refused.stderr == "jwtcli: error: unknown algorithm 'none'\n"
    assert "hint: " in jwtcli("encode", "--alg", "none").stderr
    assert jwtcli("decode", "-q", token({"a": 1})).stderr.startswith("jwtcli: warning: not verified")
    assert jwtcli("encode", "-q", env=ENV).stderr == ""


def test_a_bug_is_one_line_that_quotes_nothing(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(RuntimeError(f"key {SECRET}"), monkeypatch)
    failed = jwtcli("decode", "--json", "a.b.c")
    hint = "JWTCLI_DEBUG=1 shows where; please report that, without your keys"
    assert failed.status == Status.FAILED
    assert failed.stderr == f"jwtcli: error: this is a bug in jwtcli (RuntimeError)\njwtcli: hint: {hint}\n"
    assert failed.json["error"] == {"code": "bug", "message": "this is a bug in jwtcli (RuntimeError)", "hint": hint}


def test_too_little_memory_is_no_bug(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(MemoryError("quotes"), monkeypatch)
    failed = jwtcli("decode", "a.b.c")
    assert (failed.status, failed.stderr) == (Status.FAILED, "jwtcli: error: there is too little memory\n")


@pytest.mark.parametrize("kind", ["InternalError", "UnsupportedAlgorithm", "UnsupportedDigestmodError"])
def test_what_openssl_is_not_allowed_to_do_is_told_as_that(
    jwtcli: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    _fail_with(type(kind, (Exception,), {})(f"quotes {SECRET}"), monkeypatch)
    assert jwtcli("decode", stdin="x") == Result(
        Status.FAILED,
        "",
        (
            "jwtcli: error: OpenSSL, as it is configured here, cannot do what this takes\n"
            "jwtcli: hint: OPENSSL_CONF, or the system's openssl.cnf, allows too little\n"
        ),
    )


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_too_few_descriptors_are_no_bug(jwtcli: Run, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    _fail_with(OSError(number, "quotes"), monkeypatch)
    failed = jwtcli("decode", "a.b.c")
    assert failed == Result(Status.FAILED, "", "jwtcli: error: no more files can be opened (ulimit -n)\n")


def test_a_directory_that_was_removed_is_no_bug(jwtcli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert jwtcli("keygen", "-q", "-o", "there.jwk").status == Status.DONE
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    failed = jwtcli("keygen", "-q", "-o", "k")
    assert (failed.status, failed.stderr) == (Status.FAILED, "jwtcli: error: the current directory was removed\n")
    monkeypatch.chdir(tmp_path)
    _fail_with(FileNotFoundError(2, "quotes"), monkeypatch)
    assert "this is a bug in jwtcli (FileNotFoundError)" in jwtcli("decode", "a.b.c").stderr


def test_debug_shows_types_and_frames_of_the_chain_and_no_message(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    bug = RuntimeError(f"key {SECRET}")
    bug.__cause__ = ValueError(f"the same {SECRET}")
    _fail_with(bug, monkeypatch)
    failed = jwtcli("decode", "a.b.c", env={"JWTCLI_DEBUG": "1"})
    lines = failed.stderr.splitlines()
    frames = [line for line in lines if line.startswith("jwtcli: debug:   ")]
    assert failed.status == Status.FAILED
    assert "jwtcli: debug: builtins.RuntimeError" in lines
    assert "jwtcli: debug: builtins.ValueError" in lines
    assert any(frame.endswith(" _invoke") for frame in frames)
    assert frames[-1].endswith(" fail")
    assert SECRET not in failed.stderr


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupted_run_is_silent_and_exits_130(
    jwtcli: Run, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    _fail_with(stop, monkeypatch)
    assert jwtcli("decode", "-q", "a.b.c") == Result(Status.INTERRUPTED, "", "")


def test_a_reader_that_went_away_is_silent_and_exits_141(jwtcli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(BrokenPipeError(), monkeypatch)
    monkeypatch.setattr("jwtcli.cli.abandon_stdout", lambda: None)
    assert jwtcli("decode", "a.b.c") == Result(Status.PIPE_CLOSED, "", "")


@pytest.mark.parametrize("args", [["decode", "--json", "abc"], ["--version"], ["--help"], ["decode", "-h"]])
def test_output_that_is_lost_is_a_failure_even_of_an_error_object(
    args: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        status = cli.run(args)
    lost = "jwtcli: error: the result could not be written to standard output: no space left on device\n"
    assert (status, capsys.readouterr().err) == (Status.FAILED, lost)


def test_completion_is_answered_before_any_option_is_read(jwtcli: Run) -> None:
    asked = {"_JWTCLI_COMPLETE": "bash_complete", "COMP_WORDS": "jwtcli ver", "COMP_CWORD": "1"}
    answered = jwtcli(env=asked)
    assert (answered.status, answered.stdout) == (0, "plain,verify\n")
    assert jwtcli(env={**asked, "COMP_WORDS": "jwtcli --secret x -V verify --le", "COMP_CWORD": "5"}).status == 0


ASKED = {"_JWTCLI_COMPLETE": "bash_complete", "COMP_WORDS": "jwtcli verify", "COMP_CWORD": "1"}


@pytest.mark.parametrize(
    "asked",
    [
        ASKED,
        {"_JWTCLI_COMPLETE": "bash_source"},
        {"_JWTCLI_COMPLETE": "bash_complete"},
        {"_JWTCLI_COMPLETE": "1"},
        {**ASKED, "_JWTCLI_COMPLETE": "bash_source"},
    ],
)
def test_no_variable_of_completion_changes_what_a_command_does(jwtcli: Run, asked: dict[str, str]) -> None:
    assert jwtcli("verify", stdin="garbage", env={**ENV, **asked}) == jwtcli("verify", stdin="garbage", env=ENV)


@pytest.mark.parametrize(
    "asked",
    [
        {**ASKED, "_JWTCLI_COMPLETE": "bash_source"},
        {**ASKED, "_JWTCLI_COMPLETE": "tcsh_complete"},
        {**ASKED, "COMP_CWORD": "x"},
        {"_JWTCLI_COMPLETE": "bash_complete", "COMP_WORDS": "jwtcli"},
    ],
)
def test_a_question_that_no_script_of_ours_asks_is_ignored(jwtcli: Run, asked: dict[str, str]) -> None:
    assert jwtcli(env=asked) == jwtcli()


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Give the way in; what it changes for the whole process is undone."""
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    with warnings.catch_warnings():
        yield entry.main
    gc.enable()


def test_the_entry_runs_the_command_line(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["jwtcli", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"jwtcli {__version__}\n"


@pytest.mark.parametrize("stderr", [True, False])
def test_what_fails_beside_every_handler_is_told_by_its_type_alone(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stderr: bool
) -> None:
    def fail(*_: object) -> NoReturn:
        raise RuntimeError(f"quotes {SECRET}")

    monkeypatch.setattr(cli, "remark", fail)
    monkeypatch.setattr(sys, "argv", ["jwtcli", "nosuch"])
    if not stderr:
        monkeypatch.setattr(sys, "stderr", None)
    assert main() == Status.FAILED
    said = "jwtcli: error: this is a bug in jwtcli (RuntimeError)\n" if stderr else ""
    assert capsys.readouterr() == ("", said)


def test_an_interrupt_while_modules_load_is_silent_too(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("jwtcli.cli.run", interrupted)
    assert main() == Status.INTERRUPTED
    assert capsys.readouterr() == ("", "")


class Upset:
    """What fails where Python can only tell of it."""

    def __del__(self) -> None:
        """Fail with a message that is not for any eye."""
        raise ValueError(f"quotes {SECRET}")


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyboardInterrupt(), ""), (RuntimeError(SECRET), "jwtcli: error: this is a bug in jwtcli (RuntimeError)\n")],
)
def test_python_itself_quotes_nothing_of_what_fails_outside_of_the_entry(
    main: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    told: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["jwtcli", "--version"])
    assert main() == 0
    Upset()
    sys.excepthook(type(error), error, None)
    assert capsys.readouterr() == (f"jwtcli {__version__}\n", told)


def test_an_error_names_hostile_text_without_obeying_it(jwtcli: Run, tmp_path: Path) -> None:
    refused = jwtcli("decode", "--json", "@\x1b]0;pwned\x07\u202e")
    assert r"\u001b]0;pwned\u0007\u202e" in refused.stderr
    assert refused.stdout.isascii()
    assert json.loads(refused.stdout)["error"]["message"].startswith("cannot read \x1b]0;")


def test_parsing_for_completion_shows_no_help_and_refuses_nothing() -> None:
    for args in (["verify", "-h"], ["--version"]):
        context = cli.cli.make_context("jwtcli", args, resilient_parsing=True)
        assert context.resilient_parsing


def test_a_system_without_such_limits_runs_all_the_same(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "argv", ["jwtcli", "--version"])
    assert main() == 0


@pytest.mark.parametrize(
    "line",
    [
        *("decode @{}", "verify @{}", "lint @{}", "{}", "key {}", "key show {}", "jwks {}", "completion {}"),
        *("keygen -o {}/x", "keygen -f {}", "keygen --bits {}", "fixtures -o {}/x", "serve --port {}"),
        *("encode --alg {}", "encode -a{}", "encode --ttl={}", "encode --at {}", "encode --secret-encoding {}"),
        *("encode --as {}", "encode -c {}", "encode --secret-file {}", "verify --jobs {}", "verify --color {}"),
    ],
)
@pytest.mark.parametrize(
    "misplaced", [f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.{'A' * 43}", "a secret of thirty-two bytes or more"]
)
def test_a_token_or_secret_in_the_wrong_place_is_not_told_back(jwtcli: Run, line: str, misplaced: str) -> None:
    args = [word.format(misplaced) for word in line.split()]
    for form in ([], ["--json"]):
        refused = jwtcli(*args, *form, stdin="", env={"JWTCLI_SECRET": "s" * 32})
        assert refused.status != 0
        assert misplaced not in refused.stdout + refused.stderr


def test_what_is_short_or_names_a_file_is_told_back(jwtcli: Run) -> None:
    long = "a_key_that_is_not_there_and_has_a_long_name.pem"
    assert f"cannot read {long}: " in jwtcli("key", "show", long).stderr
    url = "https://127.0.0.1:9/accounts/oauth2/v3/certs"
    refused = jwtcli("verify", "--jwks", url, stdin="a.b.c")
    assert (refused.status, refused.stderr.startswith(f"jwtcli: error: {url}: the connection was refused")) == (9, True)
    assert "unknown algorithm 'HS265'" in jwtcli("encode", "--alg", "HS265").stderr


def test_what_is_told_in_place_of_an_option_is_told_of_none_that_there_is() -> None:
    groups: list[click.Group] = [cli.cli]
    commands: dict[str | None, click.Command] = {}
    while groups:
        group = groups.pop()
        context = click.Context(group, info_name=group.name)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            commands[name] = command
            if isinstance(command, click.Group):
                groups.append(command)
    commands["jwtcli"] = cli.cli
    for name, instead in _meant._INSTEAD.items():
        there = {option for param in commands[name].params for option in param.opts}
        assert there.isdisjoint(instead), name
