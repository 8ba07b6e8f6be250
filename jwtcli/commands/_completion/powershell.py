"""The completion script for PowerShell (5.1 and later)."""

from collections.abc import Iterator

from click.shell_completion import PowerShellComplete

from jwtcli.commands._completion.grammar import CommandShape, Kind, Value, grammar

_TEMPLATE = r"""# Completion of jwtcli in PowerShell, made by 'jwtcli completion powershell'.
# Everything but the kids of a key set is answered here, without starting jwtcli.

Register-ArgumentCompleter -Native -CommandName jwtcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $known = @{
@KNOWN@
    }
    $values = @{
@VALUES@
    }

    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $path = ''
    foreach ($word in $before) {
        $longer = "$path $word".Trim()
        if ($known.ContainsKey($longer)) { $path = $longer }
    }

    $prefix = ''
    $text = $wordToComplete
    $option = if ($before.Count -gt 0) { $before[-1] } else { '' }
    if ($wordToComplete -match '^(--[^=]+)=(.*)$') {
        $option = $Matches[1]
        $prefix = "$option="
        $text = $Matches[2]
    }

    $found = @{}
    $value = $values["$path $option"]
    if ($before -contains '--') {
        return
    } elseif ($value -eq 'kid') {
        $saved = $env:_JWTCLI_COMPLETE, $env:COMP_WORDS, $env:COMP_CWORD
        try {
            $env:_JWTCLI_COMPLETE = 'powershell_complete'
            $env:COMP_WORDS = (@('jwtcli') + $before + @($text)) -join ' '
            $env:COMP_CWORD = $before.Count + 1
            $answer = @(& jwtcli 2> $null)
        } finally {
            $env:_JWTCLI_COMPLETE, $env:COMP_WORDS, $env:COMP_CWORD = $saved
        }
        for ($line = 0; $line + 2 -lt $answer.Count; $line += 3) {
            if ($answer[$line] -eq 'plain') { $found[$answer[$line + 1]] = $answer[$line + 1] }
        }
    } elseif ($value -is [array]) {
        foreach ($word in $value) { $found[$word] = $word }
    } elseif ($null -ne $value) {
        return # a file, which PowerShell completes itself, or text that nobody knows
    } else {
        $found = $known[$path]
    }

    $found.GetEnumerator() | Where-Object { $_.Key -like "$([WildcardPattern]::Escape($text))*" } | Sort-Object Key |
        ForEach-Object {
            [System.Management.Automation.CompletionResult]::new(
                "$prefix$($_.Key)", $_.Key, 'ParameterValue', $_.Value)
        }
}"""


class PowerShell(PowerShellComplete):
    """Click's class with a script of our own."""

    def source(self) -> str:
        """Return the script."""
        shapes = grammar(self.cli)
        known = "\n".join(line for shape in shapes for line in _known(shape))
        return _TEMPLATE.replace("@KNOWN@", known).replace("@VALUES@", "\n".join(_values(shapes)))


def _known(shape: CommandShape) -> Iterator[str]:
    """Yield what may stand after a command: commands, options and the words of its first argument."""
    yield f"        {_quoted(shape.path)} = @{{"
    words = shape.arguments[0].words if shape.arguments else ()
    told = [(word, word) for word in words]
    told += [*shape.commands, *((name, option.help) for option in shape.options for name in option.long)]
    for name, help_text in told:
        yield f"            {_quoted(name)} = {_quoted(help_text)}"
    yield "        }"


def _values(shapes: tuple[CommandShape, ...]) -> Iterator[str]:
    for shape in shapes:
        for option in shape.options:
            if option.value.kind is not Kind.NONE:
                for name in option.names:
                    yield f"        {_quoted(f'{shape.path} {name}')} = {_value(option.value)}"


def _value(value: Value) -> str:
    if value.kind is Kind.WORD:
        return f"@({', '.join(map(_quoted, value.words))})"
    return _quoted(value.kind)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
