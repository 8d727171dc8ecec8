"""`penholder questions`: the unknowns of a stocktake as numbered questions to send."""

from __future__ import annotations

import click

from penholder.analysis.stocktake.questions_result import questions_result
from penholder.analysis.stocktake.run import stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.cli.profiled import Asked, profile_options


@click.command(
    "questions",
    epilog="\b\nExamples:\n"
    "  penholder questions trial/ --profile northern-campaign --on 2024-09-02\n"
    "  penholder questions trial/ --profile p.yaml --on 2015-03-31 -o questions.md -o questions.csv",
)
@profile_options()
@click.option(
    "--scope", type=click.Choice([s.value for s in Scope]), default=Scope.IN_FORCE.value, show_default=True,
    help="Which lines to ask about.",
)  # fmt: skip
@output_options
def command(asked: Asked, *, scope: str, output: OutputOptions) -> None:
    """Which questions would settle what the stocktake of FOLDER cannot answer?

    Grouped by cause and destination, each with its lines and what an answer would settle.
    """
    answer = stocktake(asked.catalogue, asked.profile, on=asked.on, scope=Scope(scope), known=asked.known)
    emit(questions_result(answer, notices=asked.notices), output)
