"""The completion script for zsh: a table for its own ``_arguments``, which knows every way to write an option."""

from collections.abc import Iterator

from click.shell_completion import ZshComplete

from jwtcli.commands._completion.grammar import CommandShape, Kind, OptionShape, Value, grammar

_TEMPLATE = r"""#compdef jwtcli
# Completion of jwtcli in zsh, made by 'jwtcli completion zsh'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

@FUNCTIONS@

_jwtcli_text_or_file() {
    compset -P @ && _files
}

_jwtcli_kids() {
    local -a answer kids
    local kind value help
    answer=("${(@f)$(env COMP_WORDS="jwtcli ${words[*]}" COMP_CWORD=$CURRENT _JWTCLI_COMPLETE=zsh_complete \
        jwtcli 2> /dev/null)}")
    for kind value help in $answer; do
        [[ $kind == plain ]] && kids+=($value)
    done
    compadd -a kids
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _jwtcli "$@"
else
    compdef _jwtcli jwtcli
fi"""

_LEAF = """@NAME@() {
    _arguments -s -S : \\
@SPECS@
}"""

_BRANCH = """@NAME@() {
    local curcontext=$curcontext state line
    local -a commands=(
@COMMANDS@
    )
    _arguments -C -S : \\
@SPECS@ \\
        '1: :->command' \\
        '*:: :->rest'
    case $state in
        command) _describe -t commands command commands ;;
        rest)
            case $line[1] in
@CASES@
            esac
            ;;
    esac
}"""


class Zsh(ZshComplete):
    """Click's class with a script of our own."""

    def source(self) -> str:
        """Return the script."""
        return _TEMPLATE.replace("@FUNCTIONS@", "\n\n".join(map(_function, grammar(self.cli))))


def _function(shape: CommandShape) -> str:
    specs = [*map(_option, shape.options), *_arguments(shape)]
    template = _BRANCH if shape.commands else _LEAF
    return (
        template.replace("@NAME@", _name(shape.path))
        .replace("@SPECS@", " \\\n".join(f"        {spec}" for spec in specs))
        .replace(
            "@COMMANDS@", "\n".join(f"        {_quoted(f'{name}:{_told(line)}')}" for name, line in shape.commands)
        )
        .replace("@CASES@", "\n".join(_cases(shape)))
    )


def _cases(shape: CommandShape) -> Iterator[str]:
    for name, _ in shape.commands:
        yield f"                {name}) {_name(f'{shape.path} {name}')} ;;"


def _name(path: str) -> str:
    return "_".join(["_jwtcli", *path.replace("-", "_").split()])


def _option(option: OptionShape) -> str:
    """Write ``'(-k --key)'{-k+,--key=}'[Key file]:FILE:_files'``: once, unless it is repeatable."""
    takes = option.value.kind is not Kind.NONE
    names = [f"{name}{('=' if name.startswith('--') else '+') if takes else ''}" for name in option.names]
    before = "*" if option.repeatable else f"({' '.join(option.names)})"
    after = f"[{_told(option.help)}]" + (_value(option.value) if takes else "")
    spelled = f"{{{','.join(names)}}}" if len(names) > 1 else names[0]
    return f"{_quoted(before)}{spelled}{_quoted(after)}"


def _arguments(shape: CommandShape) -> Iterator[str]:
    for number, value in enumerate(shape.arguments, 1):
        yield _quoted(f"{'*' if shape.many else number}{_value(value)}")


def _value(value: Value) -> str:
    return f":{_told(value.metavar)}:{_action(value)}"


def _action(value: Value) -> str:
    match value.kind:
        case Kind.WORD:
            return f"({' '.join(value.words)})"
        case Kind.FILE:
            return "_files"
        case Kind.TEXT_OR_FILE:
            return "_jwtcli_text_or_file"
        case Kind.KID:
            return "_jwtcli_kids"
        case _:
            return " "


def _told(text: str) -> str:
    for special in "\\:[]":
        text = text.replace(special, f"\\{special}")
    return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
