"""``jwtcli completion``: print the script that teaches a shell to complete jwtcli."""

import click

from jwtcli.commands._command import Command
from jwtcli.commands._completion import SHELLS, script
from jwtcli.commands._options import View, view_options
from jwtcli.core import views


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  jwtcli completion bash > ~/.local/share/bash-completion/completions/jwtcli
  jwtcli completion zsh > ~/.zfunc/_jwtcli
  jwtcli completion fish > ~/.config/fish/completions/jwtcli.fish
""",
)
@click.argument("shell", type=click.Choice(SHELLS), help="The shell to teach.")
@view_options
@click.pass_context
def completion(context: click.Context, shell: str, view: View) -> None:
    """Print the completion script for a shell.

    The wheel brings the scripts along; this is for where a shell does not look there.
    """
    text = script(context.find_root().command, shell)
    view.show(lambda: text, lambda: views.as_json.completion(shell, text))
