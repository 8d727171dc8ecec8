"""`penholder stocktake`: which licence lines could have been used, where, by which path, and what is not known."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import click

from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import Stocktake, stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.cli.casework import start
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.cli.profiled import Asked, profile_options
from penholder.kernel.errors import InputError


@click.command(
    "stocktake",
    epilog="\b\nExamples:\n"
    "  penholder stocktake trial/ --profile northern-campaign --on 2024-09-02\n"
    "  penholder stocktake trial/ --profile p.yaml --on 2015-03-31 --scope granted -o report.html -o lines.csv\n"
    "  penholder stocktake trial/ --profile p.yaml --on 2015-03-31 --known 2015-06-30 --json\n"
    "  penholder stocktake trial/ --register --profile p.yaml --on 2024-09-02 --known 2024-09-01",
)
@profile_options()
@click.option(
    "--scope",
    type=click.Choice([s.value for s in Scope]),
    default=Scope.IN_FORCE.value,
    show_default=True,
    help="in-force: what can still be stopped. granted: what may already be there.",
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True, help="Where to compute."
)
@click.option("--master", metavar="URL", help="Address of the Spark cluster, with --engine spark.")
@click.option(
    "--no-outliers", is_flag=True, help="Leave lines whose value outweighs all beside them out of all figures."
)
@click.option(
    "--register",
    "of_register",
    is_flag=True,
    help="Take the lines from the live register of PENHOLDER_HOME, as known by --known, and all else from FOLDER.",
)
@output_options
def command(
    asked: Asked,
    *,
    scope: str,
    engine: str,
    master: str | None,
    no_outliers: bool,
    of_register: bool,
    output: OutputOptions,
) -> None:
    """Which licence lines in FOLDER could have been used in the operations of a profile?

    Every line in scope is one of: could, excluded (with its positive reason), unknown (with its first open cause).
    Incidents are counted beside it and never decide.
    """
    with tempfile.TemporaryDirectory(prefix="penholder-register-") as into:
        if of_register:
            asked = _with_register(asked, Path(into))
        _answer(asked, scope, engine=engine, master=master, no_outliers=no_outliers, output=output)


def _with_register(asked: Asked, into: Path) -> Asked:
    """The same question about the lines of the register. Django is loaded only here."""
    start(site="authority")
    from penholder.register.stocktake import with_register  # noqa: PLC0415

    catalogue = with_register(asked.catalogue, into=into, on=asked.on, known=asked.known)
    known = f" as known by {asked.known}" if asked.known else ""
    notice = (
        f"the lines are those of the live register{known}; `why` and `touches` look at the lines of the folder"
    )
    return replace(asked, catalogue=catalogue, notices=(*asked.notices, notice))


def _answer(
    asked: Asked, scope: str, *, engine: str, master: str | None, no_outliers: bool, output: OutputOptions
) -> None:
    answer = _run(asked, Scope(scope), engine=engine, master=master)
    result = stocktake_result(
        answer, profile_name=asked.profile_name, with_outliers=not no_outliers, notices=asked.notices
    )
    emit(result, output)


def _run(asked: Asked, scope: Scope, *, engine: str, master: str | None) -> Stocktake:
    if engine == "local":
        if master is not None:
            raise InputError("--master was given with the engine 'local'", hint="add --engine spark")
        return stocktake(asked.catalogue, asked.profile, on=asked.on, scope=scope, known=asked.known)
    # Ibis and Spark cost a second, and the local engine needs neither.
    from penholder.analysis.stocktake.spark import stocktake_on_spark  # noqa: PLC0415

    return stocktake_on_spark(
        asked.catalogue, asked.profile, on=asked.on, scope=scope, known=asked.known, master=master
    )
