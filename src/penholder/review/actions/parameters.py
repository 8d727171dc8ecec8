"""Parameters that several acts of a review take."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

ChangeId = Annotated[
    str, Field(description="Public id of the change of circumstances (CC-…).", min_length=1, max_length=40)
]
Version = Annotated[int, Field(description="Version that you saw; the act is refused if it has changed.", ge=1)]
Reasons = Annotated[
    str,
    Field(description="Why: so that whoever is told of it can understand it.", min_length=1, max_length=4_000),
]
ReviewBy = Annotated[date, Field(description="Day by which it is looked at again.")]
LineNames = Annotated[
    tuple[Annotated[str, Field(pattern=r"^L-[0-9a-z]+:[1-9][0-9]{0,5}$", max_length=60)], ...],
    Field(description="Lines, as licence:number.", min_length=1, max_length=5_000),
]
