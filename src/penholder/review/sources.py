"""What a stocktake runs on: the register, the evidence, and the data folder of the installation, if any."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.read import parse_profile
from penholder.analysis.releases.catalogue import read_catalogue_or_empty
from penholder.analysis.report.result import Result
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import further_means, stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.evidence.snapshot import day_of, snapshot
from penholder.kernel.errors import NotKnownError
from penholder.register.stocktake import RegisterCatalogue, with_register

FOLDER = "data"
"""Data folder below PENHOLDER_HOME: edges, findings and incidents that others published."""


def catalogue_of(into: Path, *, on: date, known: date | None) -> RegisterCatalogue:
    """The lines of the register and the incidents of the evidence, over the data folder of the installation.

    Args:
        into: an empty folder; keep it as long as the answer is in use.
    Raises: NotKnownError: the register holds no issued line that was known then.
    """
    folder, lines = _folders(into)
    with suppress(NotKnownError):  # no incident was recorded by then; the notices of the answer say so
        snapshot(folder, day_of(known))
    return with_register(read_catalogue_or_empty(folder), into=lines, on=on, known=known)


def one_licence(into: Path, licence: str, *, on: date, known: datetime | None) -> RegisterCatalogue:
    """The lines of one licence alone, as known at a moment, over the data folder: for what needs no incidents.

    Raises: as `catalogue_of`.
    """
    folder, lines = _folders(into)
    return with_register(read_catalogue_or_empty(folder), into=lines, on=on, known=known, licence=licence)


def _folders(into: Path) -> tuple[Path, Path]:
    """A copy (by links) of the data folder of the installation, if any, and a folder for lines."""
    folder, lines = into / FOLDER, into / "lines"
    lines.mkdir()
    own = Path(settings.PENHOLDER_HOME) / FOLDER
    if own.is_dir():
        shutil.copytree(own, folder, copy_function=os.link)
    return folder, lines


def read(text: str, catalogue: RegisterCatalogue, *, known: date | None) -> OperationProfile:
    """The profile that a text holds. Raises: ProfileError, with the line."""
    return parse_profile(text, name="profile", further_means=further_means(catalogue, known=known))


def answers(catalogue: RegisterCatalogue, profile: OperationProfile, *, on: date) -> dict[Scope, Result]:
    """The stocktake in both scopes. What was known is in the catalogue already."""
    return {
        scope: stocktake_result(stocktake(catalogue, profile, on=on, scope=scope), profile_name=profile.id)
        for scope in (Scope.IN_FORCE, Scope.GRANTED)
    }
