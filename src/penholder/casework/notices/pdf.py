"""A notice as a tagged PDF (PDF/UA-1): made by typst from the sections of the page, without network or clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst

from penholder.casework.notices.content import Notice
from penholder.casework.notices.sections import sections_of, title_of

MEDIA_TYPE = "application/pdf"
STANDARD: Literal["ua-1"] = "ua-1"


def pdf_of(notice: Notice) -> bytes:
    """The document. The same notice gives the same bytes, on any day and machine with the same version of typst.

    Its fonts come with typst and are embedded; it is tagged, and declares PDF/UA-1, which typst checks.
    """
    moment = datetime.combine(notice.issued_on, time(), UTC)
    made: Any = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(_data(notice), ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(moment.timestamp()),
        pdf_standards=[STANDARD],
        pdf_tags=True,
    )
    return bytes(made)


def _data(notice: Notice) -> dict[str, Any]:
    day = notice.issued_on
    return {
        "title": title_of(notice),
        "authority": notice.authority,
        "id": notice.id,
        "issued": [day.year, day.month, day.day],
        "sections": [
            {
                "heading": s.heading,
                "sentences": list(s.sentences),
                "facts": [list(f) for f in s.facts],
                "head": list(s.head),
                "rows": [list(r) for r in s.rows],
            }
            for s in sections_of(notice)
        ],
    }


@cache
def _template() -> bytes:
    return resources.files("penholder.casework").joinpath("notices", "notice.typ").read_bytes()
