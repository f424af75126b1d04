"""`dblint completion`: the script that makes a shell complete commands, options and names of rules."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from dblint.cli.powershell import declare
from dblint.cli.terminal import write

SHELLS = ("bash", "zsh", "fish", "powershell")
VARIABLE = "_DBLINT_COMPLETE"


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
