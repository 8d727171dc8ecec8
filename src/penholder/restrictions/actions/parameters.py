"""Parameters that several acts on restrictions take, described once for forms, API and command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

Version = Annotated[int, Field(description="Version that you saw; the act is refused if it has changed.", ge=1)]
Limb = Annotated[
    str,
    Field(
        description="Id of the rule on which it rests, for example uk-selc-2021/2c.", min_length=1, max_length=120
    ),
]
ScopeText = Annotated[
    str,
    Field(
        description="Which lines, as a condition on destination, onward, ratings, end_user_class, licence_type, "
        "roles and programmes, for example: all: [{under: {ratings: [ML10]}}, {in: {end_user_class: [forces]}}]. "
        "It is published. docs/reference/restrictions.md",
        max_length=20_000,
    ),
]
Destination = Annotated[str, Field(min_length=1, max_length=400)]
Reasons = Annotated[
    str,
    Field(description="Why: so that whoever is told of it can understand it.", min_length=1, max_length=4_000),
]
LegalBasis = Annotated[
    str, Field(description="By what power, and where that is written.", min_length=1, max_length=4_000)
]
ReviewBy = Annotated[date, Field(description="Day by which it is looked at again.")]
Cause = Annotated[
    str,
    Field(
        description="Public id of the change of circumstances for which it is made (CC-…); empty: none.",
        pattern=r"^(CC-[0-9a-z]+)?$",
        max_length=40,
    ),
]
