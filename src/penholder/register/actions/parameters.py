"""Parameters that several acts of the register take, described once for forms, API and command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

LicenceId = Annotated[str, Field(description="Public id of the licence (L-…).", min_length=1, max_length=40)]
Version = Annotated[
    int, Field(description="Version of the licence that you saw; the act is refused if it has changed.", ge=1)
]
LineNo = Annotated[int, Field(description="Number of the line.", ge=1)]
Lines = Annotated[
    tuple[Annotated[int, Field(ge=1)], ...],
    Field(description="Numbers of the lines.", min_length=1, max_length=1_000),
]
EffectiveOn = Annotated[
    date, Field(description="Day from which it counts in the world; today or earlier, never in the future.")
]
Reasons = Annotated[
    str,
    Field(description="Why: so that whoever is told of it can understand it.", min_length=1, max_length=4_000),
]
