"""Write the generated reference pages: data sets, commands, and roles.

python tools/write_reference.py [FOLDER]      default: docs/reference
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from penholder.analysis.schemas import SCHEMAS, Column
from penholder.cli.main import COMMANDS, penholder
from penholder.people.roles import Role, RoleBook, role_book

TABLE = "src/penholder/people/data/roles.yaml"
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


def roles_page() -> str:
    """docs/reference/roles.md: the role table, in words and as permissions."""
    book = role_book()
    parts = [
        "# Roles\n",
        f"Generated from `{TABLE}` by `python tools/write_reference.py`; do not edit.\n",
        "Both columns count: where one role of a person may not, no other role outweighs it. *reads* are",
        "the classes of private fields: commercial, official, restricted, personal. Each read of a restricted or",
        "personal field is an act (`people.read_private`) with a reason, and leaves an entry in the ledger.",
        "*sign-in reset by two*: it takes two administrators, for whoever holds it, or did in the last 30 days.\n",
        "| role | may | may not | reads | second factor | sign-in reset by |",
        "|---|---|---|---|---|---|",
        *map(_role_row, book.roles.values()),
        "\n## Permissions\n",
        "An act needs one permission; `penholder act --help` and /api/v1/openapi.json name it.\n",
        "| role | permissions | refused, whatever other roles give |",
        "|---|---|---|",
        *map(_permission_row, book.roles.values()),
        "\n## Roles that nobody holds at once\n",
        "`people.grant_role` and `people.delegate` refuse them. That one act needs two people is declared at the",
        "act itself, and counts for whoever stands in for somebody too.\n",
        "| role | not with | because |",
        "|---|---|---|",
        *_incompatible_rows(book),
        "",
    ]
    return "\n".join(parts)


def _role_row(role: Role) -> str:
    reads = [f.value for f in sorted(role.reads)] + [f"{f.value} of its own" for f in sorted(role.reads_own)]
    factor = "yes" if role.needs_mfa else "no"
    held = role.name if role.is_granted else f"{role.name} (held without a grant)"
    words = f"{role.words_may} | {role.words_may_not}"
    reset = "two" if role.reset_by_two else "one" if role.is_granted else ""
    return f"| `{role.id}`: {held} | {words} | {', '.join(reads) or 'public'} | {factor} | {reset} |"


def _permission_row(role: Role) -> str:
    refused = [f"`{p}`" for p in sorted(role.may_not)] + (["all others"] if role.nothing_else else [])
    given = ", ".join(f"`{p}`" for p in sorted(role.may))
    return f"| `{role.id}` | {given or 'none'} | {', '.join(refused) or 'none'} |"


def _incompatible_rows(book: RoleBook) -> list[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for rule in book.incompatible:
        found.setdefault((rule.one, rule.why), []).append(rule.other)
    return [f"| `{one}` | {', '.join(f'`{o}`' for o in others)} | {why} |" for (one, why), others in found.items()]


def main(folder: Path = REFERENCE) -> None:
    """Write all pages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roles.md").write_text(roles_page(), encoding="utf-8")
    (folder / "data-sets.md").write_text(data_sets_page(), encoding="utf-8")
    (folder / "commands.md").write_text(commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
