"""Options that `stats` and `rows` share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from penholder.analysis.engines.names import ENGINES
from penholder.analysis.statistics.question import Scope
from penholder.kernel.dates import check_day, parse_day
from penholder.kernel.errors import InputError


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say what is wrong with it."""
        try:
            return check_day(value if isinstance(value, date) else parse_day(str(value)))
        except InputError as error:
            self.fail(f"{error.message}; {error.hint}", param, ctx)


def asking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add FOLDER --where --on --from --to --known --engine --master; they arrive as `folder` and keywords."""

    @click.argument("folder", type=click.Path(path_type=Path))
    @click.option(
        "--where",
        multiple=True,
        metavar="DIMENSION=VALUE",
        help="Keep lines with this value. Repeat for more: alternatives within a dimension, all of different ones."
        " `not_stated` means an empty cell; rating=ML10* all codes that begin so.",
    )
    @click.option("--on", type=Day(), help="Lines in force on this day.")
    @click.option("--from", "start", type=Day(), help="Decisions from this day on (included).")
    @click.option("--to", "end", type=Day(), help="Decisions up to this day (included).")
    @click.option("--known", type=Day(), help="Use the releases that were out by this day.")
    @click.option(
        "--engine", type=click.Choice(ENGINES), default="local", show_default=True, help="Where to compute."
    )
    @click.option("--master", metavar="URL", help="Address of the Spark cluster, with --engine spark.")
    @functools.wraps(command)
    def with_options(*args: Any, on: date | None, start: date | None, end: date | None, **kwargs: Any) -> Any:
        return command(*args, scope=Scope(on, start, end), **kwargs)

    return with_options
