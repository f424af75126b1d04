"""`dblint completion`: the script that makes a shell complete commands, options and names of rules."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

from dblint.cli.terminal import write

SHELLS = ("bash", "zsh", "fish", "powershell")
VARIABLE = "_DBLINT_COMPLETE"

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $position)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = $line.ToString().Substring(0, [Math]::Min($position, $line.ToString().Length))
    $env:COMP_CWORD = $word
    %(prog_name)s | ForEach-Object {
        $kind, $value, $help = $_ -split "`t", 3
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD
}
"""


class PowerShell(ShellComplete):
    """What click does not know: the words so far, and the one that is written, which may be empty."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        words, word = os.environ["COMP_WORDS"].split(), os.environ.get("COMP_CWORD", "")
        return words[1 : len(words) - bool(word)], word

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.type}\t{item.value}\t{item.help or ''}"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for a SHELL.

    \b
    bash:        eval "$(dblint completion bash)" in ~/.bashrc
    zsh:         eval "$(dblint completion zsh)" in ~/.zshrc
    fish:        dblint completion fish > ~/.config/fish/completions/dblint.fish
    powershell:  dblint completion powershell | Out-String | Invoke-Expression in $PROFILE
    """
    declare()
    found = get_completion_class(shell)
    assert found is not None
    made = found(context.find_root().command, {}, "dblint", VARIABLE)
    # bash's own `source` starts a bash to ask for its version.
    write(ShellComplete.source(made))


def declare() -> None:
    """Makes PowerShell known to click."""
    add_completion_class(PowerShell)
