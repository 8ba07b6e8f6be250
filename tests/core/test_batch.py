"""The work on a block: answers in pieces, however much one block has to say."""

from collections import Counter
from itertools import count
from typing import Any

import pytest

from jwtcli.core import as_json
from jwtcli.core.batch import Answer, judge, mint
from jwtcli.core.claims import ClaimsRequest
from jwtcli.core.errors import Status
from jwtcli.core.keysets import KeySet
from jwtcli.core.lines import Block
from jwtcli.core.new_keys import generate
from jwtcli.core.signatures import sign
from jwtcli.core.verdict import Expectations
from jwtcli.core.verifier import Verifier
from tests.conftest import AT

KEY = generate("HS256")
A_PIECE = 256 * 1024


def judged(block: Block) -> list[Answer]:
    """Verify what tokens are in a block as ``verify --lines --find --json --full`` does."""
    demands = Expectations(aud=("api",), require=("exp", "jti"))
    verifier = Verifier(KeySet((KEY,), "--key"), demands)
    work = judge(block, verifier=verifier, clock=lambda: AT, show=as_json.verdict_line, only=None, anywhere=True)
    return list(work)


def test_a_line_of_tiny_tokens_is_answered_in_pieces_that_together_are_its_whole_answer() -> None:
    tokens = [b"eyJhbGciOjB9.e30.AA"] * 2_000
    answers = judged(Block(1, b".".join(tokens)))
    longest = max(len(line) for answer in answers for line in answer.shown.splitlines())
    assert len(answers) > 5
    assert max(len(answer.shown) for answer in answers) < A_PIECE + 2 * longest
    alone = judged(Block(1, tokens[0]))
    assert "\n".join(answer.shown for answer in answers if answer.shown) == "\n".join([alone[0].shown] * 2_000)
    assert sum((answer.tally for answer in answers), Counter()) == {(Status.SIGNATURE, "alg_not_allowed"): 2_000}


def test_tokens_are_given_out_before_a_whole_block_is_signed_and_before_what_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed = 0

    def show(compact: str, header: dict[str, Any], claims: dict[str, Any]) -> str:
        nonlocal signed
        signed += 1
        return "x" * 1024

    block = Block(1, b"{}\n" * 1_000 + b"rubbish\n")
    work = mint(
        block,
        request=lambda claims, _: ClaimsRequest(base=claims),
        header={},
        key=KEY,
        alg="HS256",
        clock=lambda: AT,
        show=show,
    )
    progress = [(signed, answer.tally[Status.DONE, "ok"], answer.failure and str(answer.failure)) for answer in work]
    told = "line 1001: it is not JSON (expecting value at character 1)"
    assert progress == [(256, 256, None), (512, 256, None), (768, 256, None), (1000, 232, told)]


def test_each_token_of_a_block_is_judged_by_the_clock_of_its_own_moment() -> None:
    """Whoever takes the answers may let us wait in the midst of a block."""
    token = sign({}, {"exp": AT + 2}, KEY, "HS256").encode()
    work = judge(
        Block(1, token + b"\n" + token + b"\n" + token),
        verifier=Verifier(KeySet((KEY,), "--key"), Expectations()),
        clock=count(AT).__next__,
        show=lambda number, verdict: f"{number} {verdict.status}",
        only=None,
        anywhere=False,
    )
    assert [answer.shown for answer in work] == ["1 0\n2 0\n3 5"]
