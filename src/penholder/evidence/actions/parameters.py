"""Parameters that several acts of evidence take, described once for forms, API and command line."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.evidence.values import Credibility, Reliability

IncidentId = Annotated[str, Field(description="Public id of the incident (IN-…).", min_length=1, max_length=40)]
SourceId = Annotated[str, Field(description="The source (SR-…).", min_length=1, max_length=40)]
OptionalSource = Annotated[str, Field(description="The source that says so (SR-…), if any.", max_length=40)]
Version = Annotated[
    int, Field(description="Version of the incident that you saw; the act is refused if it has changed.", ge=1)
]
_NO_NAMES = "No names of persons. Official: never published."
Reason = Annotated[str, Field(description=f"Why. {_NO_NAMES}", min_length=1, max_length=4_000)]
Party = Annotated[
    str,
    Field(description="Forces, state or group, as reports name it; never a person.", max_length=200),
]
IsReliable = Annotated[
    Reliability,
    Field(description="How reliable the source is, whatever it says here: A completely, to E not at all; "
          "F cannot be judged."),
]  # fmt: skip
IsCredible = Annotated[
    Credibility,
    Field(description="How credible it is, whoever says it: 1 confirmed by others, to 5 improbable; "
          "6 cannot be judged."),
]  # fmt: skip
WhyReliable = Annotated[
    str,
    Field(description=f"Why the source gets this letter. {_NO_NAMES}", min_length=1, max_length=4_000),
]
WhyCredible = Annotated[
    str,
    Field(description=f"Why what is said gets this figure. {_NO_NAMES}", min_length=1, max_length=4_000),
]
