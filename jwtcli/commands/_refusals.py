"""What several commands refuse, in one wording: what is empty, together, shared, or in company."""

from typing import Any

from jwtcli.commands._stdio import is_stdin
from jwtcli.core.errors import TokenError, UsageError


def refuse_empty(*given: tuple[str, Any]) -> None:
    """Refuse options whose value, or one of whose values, is empty: mostly a variable that is not set."""
    for option, value in given:
        if value == "" or (isinstance(value, tuple) and "" in value):
            raise UsageError(f"{option} is empty (is a variable unset?)", code="empty_option")


def refuse_together(*options: tuple[str, Any], why: str | None = None) -> None:
    """Refuse more than one of options that exclude each other: each with its value, or whether it was given."""
    given = [name for name, value in options if not (value is None or value is False or value == ())]
    if len(given) > 1:
        listed = f"{', '.join(given[:-1])} and {given[-1]}"
        raise UsageError(f"{listed} do not go together{'' if why is None else f': {why}'}")


def refuse_shared_stdin(*files: tuple[str, str | None]) -> None:
    """Refuse standard input for more than one of the files, each told by what it is asked for."""
    taken = [name for name, path in files if path is not None and is_stdin(path)]
    if len(taken) > 1:
        asked = " and ".join(dict.fromkeys(taken)) if len(set(taken)) > 1 else f"{taken[0]} twice"
        raise UsageError(f"standard input is asked for {asked}: it can only be one of them")


def nobody_asked() -> TokenError:
    """Return the refusal of a terminal in a token's place, before which nobody sits."""
    return TokenError("there is no token: standard input is a terminal and nobody is asked", code="no_token")


def in_company(option: str, command: str, *, takes_token: bool) -> UsageError:
    """Return the refusal of an option that exits 0 by itself, and must not do so for a token in disguise."""
    token = "; a token goes on stdin or after --, so that it cannot pass for an option" if takes_token else ""
    return UsageError(
        f"{option} stands alone: it was given beside something else",
        hint=f"'{command} {option}' is all{token}",
        code="help_in_company",
    )
