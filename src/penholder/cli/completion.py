"""`penholder completion`: the script that teaches a shell to complete penholder's commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: add  eval "$(penholder completion bash)"  to ~/.bashrc
    zsh:  add  eval "$(penholder completion zsh)"   to ~/.zshrc
    fish: penholder completion fish > ~/.config/fish/completions/penholder.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has these three
    click.echo(kind(ctx.find_root().command, {}, "penholder", "_PENHOLDER_COMPLETE").source())
