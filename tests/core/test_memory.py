"""The latest tokens are remembered, in so many bytes, and the others forgotten."""

from jwtcli.core.memory import Memory


def test_the_latest_are_kept_and_the_longest_unseen_make_room() -> None:
    memory: Memory[int] = Memory(1000, 1)
    for number in range(100):
        memory.keep(b"%010d" % number, number)
    assert memory.get(b"%010d" % 0) == 0
    memory.keep(b"another 10", 100)
    assert [memory.get(b"%010d" % number) for number in (0, 1, 2)] == [0, None, 2]
    assert memory.get(b"another 10") == 100


def test_what_is_kept_never_takes_more_than_the_limit() -> None:
    memory: Memory[int] = Memory(1000, 1)
    names = [b"%d" % number + b"x" * (number % 7) for number in range(1000)]
    for name in names:
        memory.keep(name, 0)
    kept = [name for name in names if memory.get(name) is not None]
    assert 990 < sum(map(len, kept)) <= 1000
    assert kept == names[-len(kept) :]


def test_what_is_kept_in_place_of_another_takes_no_more_room() -> None:
    memory: Memory[int] = Memory(1000, 1)
    for number in range(100):
        memory.keep(b"%010d" % number, number)
    for number in range(500):
        memory.keep(b"%010d" % 7, number)
    assert [memory.get(b"%010d" % number) for number in (0, 7, 99)] == [0, 499, 99]


def test_a_short_token_counts_for_more_than_its_length() -> None:
    memory: Memory[int] = Memory(1000, 10)
    names = [b"%d" % number for number in range(105)]
    for name in names:
        memory.keep(name, 0)
    assert [name for name in names if memory.get(name) is not None] == names[5:]
    memory.keep(b"ten bytes.", 0)
    assert (memory.get(b"5"), memory.get(b"6")) == (None, 0)


def test_a_token_that_would_push_many_out_is_not_kept() -> None:
    memory: Memory[int] = Memory(1000, 1)
    memory.keep(b"x" * 10, 1)
    memory.keep(b"x" * 11, 1)
    assert (memory.get(b"x" * 10), memory.get(b"x" * 11)) == (1, None)
