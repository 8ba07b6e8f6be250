"""The installed command on a real pseudo-terminal: what it asks, what it hides, and what it leaves behind."""

import os
import signal
import subprocess
import sysconfig
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from tests.conftest import environment, need
from tests.forge import ENV, token

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "jwtcli")
TOKEN = token({"sub": "alice", "exp": 9999999999})
PASTE = "jwtcli: note: paste a token and press Enter"

# Python 3.12 warns of a fork beside threads; the child only execs.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Spawn]:
    """Start a line of sh on a terminal of its own, in front of which somebody sits."""
    started: list[pexpect.spawn[str]] = []

    def start(line: str, **env: str) -> "pexpect.spawn[str]":
        path = f"{Path(SCRIPT).parent}{os.pathsep}{os.environ['PATH']}"
        child: pexpect.spawn[str] = pexpect.spawn(
            "/bin/sh",
            ["-c", line],
            env={**environment(tmp_path, env), "PATH": path},
            cwd=str(tmp_path),
            encoding="utf-8",
            timeout=60,
            dimensions=(24, 200),
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


@pytest.fixture
def encrypted(tmp_path: Path) -> str:
    """Make an encrypted key and a token that it signed, and return the passphrase."""
    env = environment(tmp_path, {"JWTCLI_PASSPHRASE": "correct horse"})
    keygen = [SCRIPT, "keygen", "-a", "ES256", "-f", "pem", "--encrypt", "-o", "key.pem"]
    subprocess.run(keygen, env=env, cwd=tmp_path, check=True, capture_output=True)
    with (tmp_path / "token.txt").open("wb") as out:
        subprocess.run([SCRIPT, "encode", "-q", "-k", "key.pem"], env=env, cwd=tmp_path, check=True, stdout=out)
    return "correct horse"


def end(child: "pexpect.spawn[str]") -> tuple[int | None, str]:
    """Wait for the end and return the exit status and what was still on the screen."""
    child.expect(pexpect.EOF)
    shown = (child.before or "").replace("\r\n", "\n")
    child.wait()
    return child.exitstatus, shown


def test_a_token_is_asked_for_and_judged(person: Spawn) -> None:
    child = person("jwtcli verify --claim sub", **ENV)
    child.expect_exact(PASTE)
    child.sendline(TOKEN)
    status, shown = end(child)
    assert (status, shown.splitlines()[1:]) == (0, ["alice"])
    assert TOKEN not in shown


@pytest.mark.parametrize("size", [4095, 4096, 20_000])
def test_a_pasted_token_may_be_longer_than_a_line_of_the_terminal(person: Spawn, size: int) -> None:
    long = token({"sub": "alice", "x": "y" * size})
    child = person("stty -echo; jwtcli verify -q --claim sub; echo status=$?; stty echo", **ENV)
    child.expect_exact(PASTE)
    child.sendline(long)
    status, shown = end(child)
    assert (status, shown.splitlines()[-2:]) == (0, ["alice", "status=0"])


def test_what_is_pasted_behind_the_line_runs_in_no_shell(person: Spawn, tmp_path: Path) -> None:
    child = person("jwtcli verify -q; read -r rest; echo rest=$rest", **ENV)
    child.expect_exact(PASTE)
    child.send(f"{TOKEN}\ntouch pwned\n")
    child.expect_exact("jwtcli: warning: what was pasted behind the first line was thrown away")
    child.sendline("typed")
    assert "rest=typed" in end(child)[1]


def test_a_paste_that_comes_in_bursts_is_no_command_for_the_shell_behind_it(person: Spawn) -> None:
    child = person("jwtcli verify -q; read -r rest; echo rest=$rest", TERM="xterm", **ENV)
    child.expect_exact("\x1b[?2004h")
    child.expect_exact(PASTE)
    child.send(f"\x1b[200~{TOKEN}\ntouch pwned\n")
    time.sleep(0.3)
    child.send("touch pwned\n\x1b[201~")
    child.expect_exact("\x1b[?2004l")
    child.expect_exact("jwtcli: warning: what was pasted behind the first line was thrown away")
    child.sendline("typed")
    assert "rest=typed" in end(child)[1]


def test_output_that_was_halted_before_the_question_goes_on_with_it(person: Spawn) -> None:
    """No key would be left to end the wait by: Ctrl-C is a byte like any other while something is asked for."""
    child = person("stty ixon; read -r start; jwtcli verify -q", **ENV)
    child.send("start\n\x13")
    child.expect_exact(PASTE)
    child.sendline(TOKEN)
    assert end(child)[0] == 0


def test_a_token_that_is_pasted_brings_no_secret_to_be_judged_by(person: Spawn) -> None:
    """The secret is asked for first; the terminal does not mark what is pasted, and the rest of it comes late."""
    child = person("jwtcli verify --secret-prompt")
    child.expect_exact("Secret: ")
    child.waitnoecho(10)
    child.sendline("the secret that the operator typed")
    child.expect_exact(PASTE)
    child.send(f"{token({'sub': 'admin'}, secret='chosen by whoever wrote the token')}\n")
    time.sleep(0.3)
    child.send("chosen by whoever wrote the token\n")
    status, shown = end(child)
    assert status == 4
    assert "it is not this key's HS256 signature" in shown


@pytest.mark.parametrize("variable", ["CI", "JWTCLI_NO_INPUT"])
def test_nothing_waits_where_nobody_is(person: Spawn, encrypted: str, variable: str) -> None:
    nobody = {variable: "1"}
    assert end(person("jwtcli verify", **ENV, **nobody)) == (
        3,
        "jwtcli: error: there is no token: standard input is a terminal and nobody is asked\n",
    )
    assert end(person("jwtcli encode -q --key key.pem", **nobody)) == (
        8,
        "jwtcli: error: the key is encrypted and nobody is here to be asked for its passphrase\n",
    )
    assert end(person("jwtcli encode --secret-prompt", **nobody)) == (
        8,
        (
            "jwtcli: error: nobody is here to be asked for the secret\n"
            "jwtcli: hint: use --secret-file FILE or JWTCLI_SECRET\n"
        ),
    )
    assert end(person("jwtcli encode -", **ENV, **nobody)) == (
        1,
        "jwtcli: error: standard input is a terminal, and nobody is asked\n",
    )


def test_nothing_is_asked_where_stderr_is_no_terminal(person: Spawn, encrypted: str) -> None:
    assert end(person("jwtcli encode -q --key key.pem 2>/dev/null"))[0] == 8
    assert end(person("jwtcli verify 2>/dev/null", **ENV))[0] == 3


def test_a_passphrase_is_asked_for_hidden_while_stdin_carries_the_token(person: Spawn, encrypted: str) -> None:
    child = person("jwtcli verify -q --key key.pem < token.txt")
    child.expect_exact("Passphrase of the key: ")
    child.waitnoecho(10)
    child.sendline(encrypted)
    assert end(child) == (0, "\n")


def test_a_wrong_passphrase_is_told_and_not_shown(person: Spawn, encrypted: str) -> None:
    child = person("jwtcli encode --key key.pem")
    child.expect_exact("Passphrase of the key: ")
    child.waitnoecho(10)
    child.sendline("wrong")
    status, shown = end(child)
    assert status == 8
    assert "the passphrase does not open this key" in shown
    assert "wrong\n" not in shown


def test_a_prompt_that_is_given_up_is_no_bug(person: Spawn, encrypted: str) -> None:
    child = person("jwtcli encode --key key.pem")
    child.expect_exact("Passphrase of the key: ")
    child.waitnoecho(10)
    child.sendeof()
    assert end(child) == (8, "\njwtcli: error: the prompt 'Passphrase of the key' was left without an answer\n")


def test_a_secret_is_asked_for_hidden(person: Spawn) -> None:
    child = person("jwtcli encode -q --secret-prompt | jwtcli decode -q --header --json")
    child.expect_exact("Secret: ")
    child.waitnoecho(10)
    child.sendline("a secret of thirty-two characters")
    status, shown = end(child)
    assert (status, shown.splitlines()[-1]) == (0, '{"alg": "HS256", "typ": "JWT"}')
    assert "thirty-two" not in shown


def test_two_that_ask_at_one_terminal_do_so_in_turn_and_show_neither_answer(person: Spawn) -> None:
    """Each puts back the mode in which it found the terminal: the second would find it, and leave it, without echo."""
    asking = "jwtcli encode -q --sub a --secret-prompt | jwtcli verify --lines -q --secret-prompt; stty -a; echo over"
    child = person(asking)
    seen = {child.expect_exact(["Secret: ", "another jwtcli asks at this terminal: its answer comes first"])}
    seen.add(child.expect_exact(["Secret: ", "another jwtcli asks at this terminal: its answer comes first"]))
    assert seen == {0, 1}
    child.waitnoecho(10)
    child.sendline("a secret of thirty-two characters")
    child.expect_exact("Secret: ")
    child.waitnoecho(10)
    child.sendline("a secret of thirty-two characters")
    status, shown = end(child)
    assert (status, " echo " in shown, " icanon " in shown) == (0, True, True)
    assert "1 accepted sub=a" in shown
    assert "thirty-two" not in shown


def test_what_another_program_shows_while_a_secret_is_asked_for_is_hidden_again(person: Spawn) -> None:
    """Whoever asks at the same terminal puts back the mode in which it found it; that one is put back at the end."""
    child = person("stty -echo -icanon; jwtcli encode -q --sub a --secret-prompt > made; stty -a; echo over")
    child.expect_exact("Secret: ")
    mode = termios.tcgetattr(child.child_fd)
    mode[3] |= termios.ECHO | termios.ICANON
    termios.tcsetattr(child.child_fd, termios.TCSANOW, mode)
    child.waitnoecho(10)
    child.sendline("a secret of thirty-two characters")
    status, shown = end(child)
    assert (status, " echo " in shown, " icanon " in shown) == (0, True, True)
    assert "thirty-two" not in shown


def test_a_new_passphrase_is_asked_for_twice(person: Spawn, tmp_path: Path) -> None:
    for again, status in (("different", 2), ("correct horse", 0)):
        child = person("jwtcli keygen -a ES256 -f pem --encrypt -o new.pem")
        for prompt, answer in (("Passphrase for the new key: ", "correct horse"), ("The same once more: ", again)):
            child.expect_exact(prompt)
            child.waitnoecho(10)
            child.sendline(answer)
        assert end(child)[0] == status
        assert (tmp_path / "new.pem").exists() is (status == 0)


@pytest.mark.parametrize(
    ("line", "prompt"),
    [
        ("jwtcli keygen -a ES256 -f pem --encrypt -o new.pem", "Passphrase for the new key: "),
        ("jwtcli encode --key key.pem", "Passphrase of the key: "),
        ("jwtcli encode --secret-prompt", "Secret: "),
        ("jwtcli verify --key key.pem < token.txt", "Passphrase of the key: "),
        ("jwtcli decode", PASTE),
        ("jwtcli encode -", "reading standard input"),
    ],
)
def test_ctrl_c_at_a_prompt_exits_130_and_leaves_nothing_behind(
    person: Spawn, encrypted: str, tmp_path: Path, line: str, prompt: str
) -> None:
    before = sorted(tmp_path.iterdir())
    child = person(f"trap : INT; {line}; echo status=$?; stty -a")
    child.expect_exact(prompt)
    if prompt.endswith(": "):
        child.waitnoecho(10)
    child.sendintr()
    _, shown = end(child)
    assert "status=130" in shown
    assert " echo " in shown
    assert " icanon " in shown
    assert "jwtcli: error" not in shown
    assert "Traceback" not in shown
    assert sorted(tmp_path.iterdir()) == before


def test_the_key_that_quits_quits_and_leaves_the_echo_on(person: Spawn) -> None:
    child = person("trap : QUIT; jwtcli encode -q --secret-prompt; echo status=$?; stty -a")
    child.expect_exact("Secret: ")
    child.waitnoecho(10)
    child.sendcontrol("\\")
    _, shown = end(child)
    assert "status=131" in shown
    assert " echo " in shown
    assert "-isig" not in shown


ENDING = [
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGVTALRM,
    signal.SIGXCPU,
    signal.SIGABRT,
]
PROMPTS = [("jwtcli encode -q --secret-prompt", "Secret: "), ("jwtcli decode -q", PASTE)]


@pytest.mark.parametrize(("line", "prompt"), PROMPTS)
@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_at_a_prompt_ends_it_and_leaves_the_echo_on(
    person: Spawn, line: str, prompt: str, number: signal.Signals
) -> None:
    child = person(f"exec {line}")
    child.expect_exact(prompt)
    child.waitnoecho(10)
    child.kill(number)
    child.expect(pexpect.EOF)
    child.wait()
    assert (child.signalstatus, child.getecho()) == (number, True)


@pytest.mark.parametrize(("line", "prompt"), PROMPTS)
def test_what_is_typed_after_ctrl_z_and_fg_is_not_shown(person: Spawn, tmp_path: Path, line: str, prompt: str) -> None:
    child = person(f"exec {need('bash')} --norc --noprofile -i", PS1="ready> ")
    child.expect_exact("ready> ")
    child.sendline(f"{line}; echo status=$?")
    child.expect_exact(prompt)
    child.waitnoecho(10)
    child.send("half of it")
    child.sendcontrol("z")
    child.expect_exact("Stopped")
    child.expect_exact("ready> ")
    child.sendline("fg")
    child.expect_exact(prompt)
    child.waitnoecho(10)
    child.sendline("hunter2 " * 8)
    child.expect_exact("ready> ")
    assert "hunter2" not in (child.before or "")
    child.sendline("exit")


@pytest.mark.parametrize("command", ["verify --lines --secret-prompt", "encode --secret-prompt", "verify"])
def test_a_process_that_cannot_ask_takes_no_answer_from_its_input(person: Spawn, tmp_path: Path, command: str) -> None:
    secret = "chosen by whoever wrote the stream"
    (tmp_path / "stream.txt").write_text(f"{secret}\n{token({'sub': 'admin'}, secret=secret)}\n")
    stream = "/dev/tty" if command == "verify" else "stream.txt"
    orphan = f"sleep 1; jwtcli {command} -q < {stream} > out.txt; echo $? > status.txt"
    env = {} if "prompt" in command else ENV
    child = person(f"exec {need('bash')} --norc --noprofile -i", PS1="ready> ", **env)
    child.expect_exact("ready> ")
    child.sendline(f"( ( {orphan} ) & )")
    until = time.monotonic() + 30
    while not (tmp_path / "status.txt").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.1)
    child.expect_exact("input/output error")
    status = (tmp_path / "status.txt").read_text()
    assert (status, (tmp_path / "out.txt").read_text()) == ("1\n" if command == "verify" else "8\n", "")
    child.sendline("exit")


@pytest.mark.parametrize(
    "line",
    [
        "encode --key /dev/tty",
        "encode --secret-file /dev/stdin",
        "decode @/dev/stdin",
        "verify --lines @/dev/tty --key key.pem",
        "serve --users-file /dev/fd/0",
    ],
)
def test_no_terminal_is_waited_for_in_silence_as_a_file(person: Spawn, encrypted: str, line: str) -> None:
    child = person(f"jwtcli {line} -q", JWTCLI_PASSPHRASE=encrypted)
    status, shown = end(child)
    assert (status, shown[:28], shown[-19:]) == (1, "jwtcli: error: cannot read /", ": it is a terminal\n")


def test_reading_claims_from_the_terminal_says_what_it_waits_for(person: Spawn) -> None:
    child = person("jwtcli encode -q - | jwtcli verify -q --claim a", **ENV)
    child.expect_exact("jwtcli: note: reading standard input (Ctrl-D on a line of its own ends it)")
    child.sendline('{"a": "b"}')
    child.sendeof()
    assert end(child)[1].splitlines()[-1] == "b"


def test_colour_is_for_a_terminal_that_has_it(person: Spawn) -> None:
    line = "printf %s $TOKEN | jwtcli decode -q"
    for env, coloured in (
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    ):
        assert ("\x1b[" in end(person(line, TOKEN=TOKEN, **env))[1]) is coloured


def test_bytes_that_are_no_text_are_written_to_no_terminal(person: Spawn, tmp_path: Path) -> None:
    """The modulus of a key is any bytes that its author likes, escapes to a terminal among them."""
    for line in (
        "jwtcli keygen -q -a ES256 -f der -o -",
        "jwtcli keygen -q -a ES256 -o k && jwtcli key convert --public --to der k",
    ):
        status, shown = end(person(line))
        assert (status, "error: DER is no text that a terminal could show" in shown) == (2, True)
    assert end(person("jwtcli key convert --public --to der k | wc -c"))[1].strip() == "91"


def test_a_key_on_the_screen_draws_a_warning(person: Spawn) -> None:
    assert "jwtcli: warning: the key goes to the terminal" in end(person("jwtcli keygen -o -"))[1]


@pytest.mark.parametrize(("bits", "said"), [("3200", True), ("2048", False)])
def test_a_large_rsa_key_says_that_it_takes_a_while(person: Spawn, bits: str, said: bool) -> None:
    status, shown = end(person(f"jwtcli keygen -a RS256 --bits {bits} -o key.jwk"))
    assert status == 0
    assert ("looking for the primes of an RSA key of 3200 bits" in shown) is said
    assert "made an RSA private key of" in shown
