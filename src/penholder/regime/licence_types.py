"""Types of licences, and the validity to assume where a record states no expiry."""

from __future__ import annotations

from functools import cache

from penholder.regime.loader import STATUSES, data_files, data_record
from penholder.regime.types import LicenceType, TextStatus
from penholder.rules.records import Record

NOT_STATED = "not_stated"
_KEYS = frozenset(
    {"id", "title", "code", "assumed_months", "stated_range", "is_licence", "text_status", "source", "note"}
)


@cache
def licence_types() -> dict[str, LicenceType]:
    """All types, by id. Raises: RuleError, with file and line."""
    found: dict[str, LicenceType] = {}
    for path in data_files("licence_types"):
        for record in data_record(path).items("types"):
            kind = _licence_type(record)
            if kind.id in found:
                raise record.refusal("id", f"licence type {kind.id!r} is given twice")
            found[kind.id] = kind
    return found


def _licence_type(record: Record) -> LicenceType:
    record.refuse_unknown(_KEYS)
    months = record.opt_integer("assumed_months")
    if months is not None and not 1 <= months <= 600:
        raise record.refusal("assumed_months", f"assumed_months must be 1 to 600, not {months}")
    return LicenceType(
        id=record.text("id"),
        title=record.text("title"),
        code=record.verbatim("code"),
        assumed_months=months,
        stated_range=record.opt_text("stated_range") or "",
        is_licence=record.flag("is_licence", default=True),
        text_status=TextStatus(record.choice("text_status", STATUSES)),
        source=record.opt_text("source") or "",
        note=record.opt_text("note") or "",
    )
