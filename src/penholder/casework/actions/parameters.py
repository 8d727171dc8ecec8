"""Parameters that several acts on cases take, described once for forms, API and command line."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

CaseId = Annotated[str, Field(description="Public id of the case (AP-…).", min_length=1, max_length=40)]
Expected = Annotated[
    int, Field(description="Version of the case that you saw; the act is refused if it has changed.", ge=1)
]
ApplicationVersion = Annotated[
    int, Field(description="Version of the application that you saw; the act is refused if it has changed.", ge=1)
]
PartId = Annotated[str, Field(min_length=1, max_length=40)]
Reasons = Annotated[
    str,
    Field(description="Why: so that whoever is told of it can understand it.", min_length=1, max_length=4_000),
]
