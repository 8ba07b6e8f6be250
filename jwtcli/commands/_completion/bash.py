"""The completion script for bash (3.2 and later), and what Click gets wrong there mended."""

from collections.abc import Iterator

from click.shell_completion import BashComplete

from jwtcli.commands._completion.grammar import CommandShape, Kind, Value, grammar

_TEMPLATE = r"""# Completion of jwtcli in bash, made by 'jwtcli completion bash'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

_jwtcli() {
    local IFS=$' \t\n' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command="" option="" prefix="" words="" ended="" index
    COMPREPLY=()

    # behind < and > bash asks here too, and takes a command that answers for one that has no files to offer
    if [[ $prev == *[\<\>] ]]; then
        _jwtcli_files
        return
    fi

    for ((index = 1; index < COMP_CWORD; index++)); do
        if [[ ${COMP_WORDS[index]} == -- ]]; then
            ended=1
            break
        fi
        case "${command:+$command }${COMP_WORDS[index]}" in
            @PATHS@) command=${command:+$command }${COMP_WORDS[index]} ;;
        esac
    done

    # bash takes --alg=ES apart at the =, unless COMP_WORDBREAKS says otherwise
    if [[ $cur == = ]]; then
        option=$prev cur=
    elif [[ $prev == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $cur == --*=* ]]; then
        option=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
    elif [[ $prev == -* ]]; then
        option=$prev
    fi
    if [[ -n $ended ]]; then
        option=
    fi

    case "$command $option" in
@VALUES@
        *)
            if [[ -n $ended || $cur != -* ]]; then
                _jwtcli_argument "$1"
                return
            fi
            case $command in
@OPTIONS@
            esac
            ;;
    esac
    COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$cur"))
}

_jwtcli_argument() {
    # @FILE; bash takes the @ for a word of its own, and replaces it all the same
    if [[ $prev == @ || $cur == @* ]]; then
        cur=${cur#@} prefix=@
        _jwtcli_files
        return
    fi
    case $command in
@ARGUMENTS@
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

_jwtcli_files() {
    local IFS= name quoted bare=""
    if [[ -z $prefix ]] && compopt -o filenames 2> /dev/null; then
        bare=1 # bash quotes what it knows for the name of a file
    fi
    while read -r name; do
        # half of a name with a line break in it is no name: bash would not quote what two of them have in common
        if [[ $name != \~* && ! -e $name && ! -L $name ]]; then
            continue
        fi
        if [[ -n $bare ]]; then
            COMPREPLY+=("$name")
            continue
        fi
        printf -v quoted %q "$name"
        if [[ -d $name ]]; then
            quoted+=/
            compopt -o nospace 2> /dev/null
        fi
        COMPREPLY+=("$prefix$quoted")
    done < <(compgen -f -- "$cur")
}

_jwtcli_kids() {
    local IFS=$'\n' line
    while read -r line; do
        if [[ $line == plain,* ]]; then
            words+="${line#plain,} "
        fi
    done < <(
        env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" _JWTCLI_COMPLETE=bash_complete "$1" 2> /dev/null
    )
}

complete -F _jwtcli jwtcli"""


class Bash(BashComplete):
    """Click's class with a script of our own, and words put together that bash took apart."""

    def source(self) -> str:
        """Return the script; unlike Click, start no bash to ask for its version."""
        shapes = grammar(self.cli)
        return (
            _TEMPLATE.replace("@PATHS@", " | ".join(f'"{shape.path}"' for shape in shapes if shape.path))
            .replace("@VALUES@", "\n".join(_values(shapes)))
            .replace("@OPTIONS@", "\n".join(_options(shapes)))
            .replace("@ARGUMENTS@", "\n".join(_arguments(shapes)))
        )

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor and the one at it, ``--key = FILE`` as ``--key FILE``."""
        args, incomplete = super().get_completion_args()
        joined = [word for before, word in zip(["", *args], args, strict=False) if not _is_joint(before, word)]
        return joined, "" if incomplete == "=" else incomplete


def _is_joint(before: str, word: str) -> bool:
    return word == "=" and before.startswith("--")


def _values(shapes: tuple[CommandShape, ...]) -> Iterator[str]:
    """Yield a case for each kind of value, with all the options that take it."""
    patterns: dict[str, list[str]] = {}
    for shape in shapes:
        for option in shape.options:
            if option.value.kind is not Kind.NONE:
                action = _action(option.value)
                patterns.setdefault(action, []).extend(f'"{shape.path} {name}"' for name in option.names)
    for action, found in patterns.items():
        yield f"        {' | '.join(found)}) {action} ;;"


def _action(value: Value) -> str:
    match value.kind:
        case Kind.WORD:
            return f'words="{" ".join(value.words)}"'
        case Kind.FILE:
            return "_jwtcli_files; return"
        case Kind.KID:
            return '_jwtcli_kids "$1"'
        case _:
            return "return"


def _options(shapes: tuple[CommandShape, ...]) -> Iterator[str]:
    for shape in shapes:
        names = " ".join(name for option in shape.options for name in option.long)
        yield f'                "{shape.path}") words="{names}" ;;'


def _arguments(shapes: tuple[CommandShape, ...]) -> Iterator[str]:
    for shape in shapes:
        if shape.commands:
            yield f'        "{shape.path}") words="{" ".join(name for name, _ in shape.commands)}" ;;'
        for value in shape.arguments[:1]:
            if value.kind in (Kind.WORD, Kind.FILE):
                yield f'        "{shape.path}") {_action(value)} ;;'
