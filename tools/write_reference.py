"""Write the generated reference pages: data sets (from analysis.schemas) and commands (from the command line).

python tools/write_reference.py [FOLDER]      default: docs/reference
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from penholder.analysis.schemas import SCHEMAS, Column
from penholder.cli.main import COMMANDS, penholder

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def data_sets_page() -> str:
    """docs/reference/data-sets.md: every column of every data set."""
    parts = [
        "# Data sets\n",
        "Generated from `penholder.analysis.schemas` by `python tools/write_reference.py`; do not edit.\n",
        "A data folder holds `penholder.json` (the catalogue) and `releases/<id>/<data set>.parquet`. Lists",
        "inside one cell are joined by `;` in a fixed order. An empty cell means *not stated*, never *none*.\n",
    ]
    for schema in SCHEMAS.values():
        parts += [f"## {schema.name}\n", f"One row is {schema.row}.\n"]
        parts += ["| column | type | empty? | meaning |", "|---|---|---|---|", *map(_row, schema.columns), ""]
    return "\n".join(parts)


def _row(column: Column) -> str:
    arrow = str(column.type)
    kind = "word" if arrow.startswith("dictionary") else arrow.partition("[")[0]
    meaning = column.meaning.replace("|", "\\|")
    return f"| `{column.name}` | {kind} | {'no' if column.required else 'yes'} | {meaning} |"


def commands_page() -> str:
    """docs/reference/commands.md: the help text of every command."""
    parts = [
        "# Commands\n",
        "Generated from the command line by `python tools/write_reference.py`; do not edit.\n",
    ]
    settings = {**penholder.context_settings, "terminal_width": 100}
    top = click.Context(penholder, info_name="penholder", **settings)
    for name in COMMANDS:
        command = penholder.get_command(top, name)
        if command is not None:
            parts += _help(command, click.Context(command, info_name=name, parent=top, terminal_width=100))
    return "\n".join(parts)


def _help(command: click.Command, context: click.Context) -> list[str]:
    parts = [f"## {context.command_path}\n", "```text", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            parts += _help(child, click.Context(child, info_name=name, parent=context, terminal_width=100))
    return parts


def main(folder: Path = REFERENCE) -> None:
    """Write both pages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data-sets.md").write_text(data_sets_page(), encoding="utf-8")
    (folder / "commands.md").write_text(commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
