"""Classes of end users: is a user of this class the armed forces of a state?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from penholder.kernel.errors import RuleError
from penholder.kernel.truth import Truth
from penholder.rules.records import Record, read_record

TABLE = Path(__file__).parent / "data" / "int" / "end_users.yaml"
NOT_STATED = "not_stated"
_TRUTHS = {truth.word: truth for truth in Truth}


@dataclass(frozen=True, slots=True)
class EndUserClass:
    """`forces` answers: is a user of this class the armed forces?"""

    id: str
    title: str
    forces: Truth


@lru_cache(maxsize=1)
def end_user_classes() -> Mapping[str, EndUserClass]:
    """Id -> class, in the order of the table.

    `not_stated` is UNKNOWN here; what it means for a line depends on its rating.
    Raises: RuleError for a table that is not allowed.
    """
    return read_classes(read_record(TABLE, error=RuleError))


def read_classes(record: Record) -> Mapping[str, EndUserClass]:
    """The classes of a table. Raises: RuleError with file and line."""
    record.refuse_unknown({"version", "source", "classes"})
    record.text("version")
    record.text("source")
    classes: dict[str, EndUserClass] = {}
    for entry in record.items("classes"):
        entry.refuse_unknown({"id", "title", "forces"})
        found = EndUserClass(entry.text("id"), entry.text("title"), _TRUTHS[entry.choice("forces", _TRUTHS)])
        if found.id in classes:
            raise entry.refusal("id", f"class {found.id!r} is given twice")
        classes[found.id] = found
    if NOT_STATED not in classes:
        raise record.refusal("classes", f"the class {NOT_STATED!r} is missing")
    return MappingProxyType(classes)
