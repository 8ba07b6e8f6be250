"""The completion script for fish: one ``complete`` for each command and option."""

from collections.abc import Iterator

from click.shell_completion import FishComplete

from jwtcli.commands._completion.grammar import CommandShape, Kind, OptionShape, Value, grammar

_TEMPLATE = r"""# Completion of jwtcli in fish, made by 'jwtcli completion fish'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

function __jwtcli_at --description 'Tell whether this command of jwtcli is being typed'
    set -l path
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$path $word")
        if contains -- "$longer" @PATHS@
            set path $longer
        end
    end
    test "$path" = "$argv"
end

function __jwtcli_text_or_file
    set -l word (commandline -ct)
    if string match -q -- '@*' $word
        printf '@%s\n' (__fish_complete_path (string sub -s 2 -- $word))
    end
end

function __jwtcli_kids
    for line in (env COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -ct) _JWTCLI_COMPLETE=fish_complete \
            jwtcli 2> /dev/null)
        string replace -f -r '^plain,' '' -- $line
    end
end

complete -c jwtcli -f
@COMPLETIONS@"""


class Fish(FishComplete):
    """Click's class with a script of our own."""

    def source(self) -> str:
        """Return the script."""
        shapes = grammar(self.cli)
        paths = " ".join(_quoted(shape.path) for shape in shapes if shape.path)
        lines = "\n".join(line for shape in shapes for line in _completions(shape))
        return _TEMPLATE.replace("@PATHS@", paths).replace("@COMPLETIONS@", lines)


def _completions(shape: CommandShape) -> Iterator[str]:
    start = f"complete -c jwtcli -n {_quoted(f'__jwtcli_at {shape.path}'.strip())}"
    for name, help_text in shape.commands:
        yield f"{start} -a {name} -d {_quoted(help_text)}"
    for value in shape.arguments[:1]:
        if value.kind is not Kind.TEXT:
            yield f"{start} {_value(value)}"
    for option in shape.options:
        yield " ".join([start, *_option(option)])


def _option(option: OptionShape) -> Iterator[str]:
    for name in option.names:
        yield f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
    if option.value.kind is not Kind.NONE:
        yield f"-r {_value(option.value)}"
    yield f"-d {_quoted(option.help)}"


def _value(value: Value) -> str:
    match value.kind:
        case Kind.WORD:
            bare = " ".join(f"{word}\\t" for word in value.words)  # the help is the option's, and not that of each word
            return f"-f -k -a {_quoted(bare)}"
        case Kind.FILE:
            return "-F"
        case Kind.TEXT_OR_FILE:
            return "-f -a '(__jwtcli_text_or_file)'"
        case Kind.KID:
            return "-f -a '(__jwtcli_kids)'"
        case _:
            return "-f"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
