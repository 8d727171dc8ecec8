"""Between rows of the tables and values."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from penholder.assessment.models import Version
from penholder.assessment.values import Content

_CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
_AT_ONCE = 500


def content_of(row: Version) -> Content:
    """What a version says."""
    return _CONTENT.validate_python(row.content)


def column_of(content: Content) -> Any:
    """The same as JSON values."""
    return _CONTENT.dump_python(content, mode="json")
