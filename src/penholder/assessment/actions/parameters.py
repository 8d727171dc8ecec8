"""Parameters that several acts on assessments take, described once for forms, API and command line."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.assessment.values import TEXT_LENGTH

AssessmentId = Annotated[
    str, Field(description="Public id of the assessment (AS-…).", min_length=1, max_length=40)
]
VersionId = Annotated[str, Field(description="Public id of the version (AV-…).", min_length=1, max_length=40)]
Expected = Annotated[
    int,
    Field(description="State of the assessment that you saw; the act is refused if it has changed since.", ge=1),
]
Remark = Annotated[str, Field(description="What should be known of it; may be empty.", max_length=TEXT_LENGTH)]
