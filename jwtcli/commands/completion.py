"""``jwtcli completion``: print the script that teaches a shell to complete jwtcli."""

import click
from click.shell_completion import get_completion_class

from jwtcli.commands._command import Command
from jwtcli.commands._options import View, view_options
from jwtcli.commands._streams import emit
from jwtcli.core.as_json import dumps

SHELLS = ("bash", "zsh", "fish")


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli completion bash > ~/.local/share/bash-completion/completions/jwtcli
  jwtcli completion fish > ~/.config/fish/completions/jwtcli.fish
""",
)
@click.argument("shell", type=click.Choice(SHELLS))
@view_options
@click.pass_context
def completion(context: click.Context, shell: str, view: View) -> None:
    """Print the completion script for a shell."""
    script_class = get_completion_class(shell)
    assert script_class is not None
    script = script_class(context.find_root().command, {}, "jwtcli", "_JWTCLI_COMPLETE").source().rstrip("\n")
    emit(dumps({"shell": shell, "script": script}) if view.json else script)
