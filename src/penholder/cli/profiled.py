"""Options that commands about one operation profile share: the folder, the profile, the day, what was known."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from penholder.analysis.profile.find import find_profile
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.stocktake.run import further_means
from penholder.cli.asking import Day
from penholder.kernel import clock


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the data folder, the profile, the day in the world, the day of knowledge (None: now)."""

    catalogue: Catalogue
    profile: OperationProfile
    profile_name: str
    on: date
    known: date | None
    notices: tuple[str, ...]


def profile_options(*, day: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add FOLDER --profile --known, and --on where `day`, to a command and give it `asked: Asked`."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.argument("folder", type=click.Path(path_type=Path))
        @click.option(
            "--profile",
            "profile_name",
            required=True,
            metavar="FILE|NAME",
            help="Operation profile: a file, or the name of one in FOLDER/profiles.",
        )
        @click.option("--known", type=Day(), help="With the newest releases that were out by this day.")
        @functools.wraps(command)
        def with_options(
            *args: Any, folder: Path, profile_name: str, known: date | None, on: date | None = None, **kwargs: Any
        ) -> Any:
            catalogue = read_catalogue(folder)
            path = find_profile(folder, profile_name)
            profile = read_profile(path, further_means=further_means(catalogue, known=known))
            as_of = on or clock.today()
            notices = (f"--on was not given: as of today, {as_of}",) if day and on is None else ()
            asked = Asked(catalogue, profile, profile_name, as_of, known, notices)
            return command(*args, asked=asked, **kwargs)

        if day:
            add_day = click.option("--on", type=Day(), help="As of this day in the world. Default: today.")
            return add_day(with_options)
        return with_options

    return add
