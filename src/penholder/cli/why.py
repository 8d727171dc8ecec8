"""`penholder why`: one line: path, sources, rules, incidents, unknowns, and what would change the answer."""

from __future__ import annotations

import click

from penholder.analysis.stocktake.vocabulary import Scope
from penholder.analysis.stocktake.why_result import find_line, line_question, why_result
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.cli.profiled import Asked, profile_options


@click.command(
    "why",
    epilog="\b\nExamples:\n"
    "  penholder why trial/ 48211:2 --profile northern-campaign --on 2024-09-02\n"
    "  penholder why trial/ 48211:2 --profile p.yaml --on 2024-09-02 --json --limit 100 --cursor 100",
)
@profile_options()
@click.argument("line")
@click.option(
    "--scope", type=click.Choice([s.value for s in Scope]), default=Scope.IN_FORCE.value, show_default=True,
    help="Which lines count as in scope.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="Incidents listed by id, of each kind."
)
@click.option("--cursor", type=click.IntRange(0), default=0, help="List incidents after this many (next_cursor).")
@output_options
def command(asked: Asked, *, line: str, scope: str, limit: int, cursor: int, output: OutputOptions) -> None:
    """Why did LINE (LICENCE:POSITION) get its answer, and what would change it?"""
    question = line_question(asked.catalogue, asked.profile, on=asked.on, scope=Scope(scope), known=asked.known)
    record = find_line(asked.catalogue, line, known=asked.known)
    emit(why_result(question, record, cursor=cursor, limit=limit, notices=asked.notices), output)
