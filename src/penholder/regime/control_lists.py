"""Control lists: is a code on a military list, and what is its heading?

Codes are compared without case, spaces and dots (`ml10.a` = `ML10a`). An entry below a heading belongs to it:
ML10a to ML10, 6A003b to 6A, PL5017 to the family PL5. ML10 does not belong to ML1.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from penholder.kernel.dates import Interval
from penholder.regime.loader import STATUSES, data_files, data_record
from penholder.regime.types import ControlEntry, TextStatus
from penholder.rules.loader import interval_of
from penholder.rules.records import Record

_LIST_KEYS = frozenset({"list", "source", "text_status", "entries", "categories", "subcategories"})
_ENTRY_KEYS = frozenset(
    {"code", "title", "military", "family", "valid_from", "valid_until", "source", "text_status"}
)
_DROPPED = re.compile(r"[\s.]+")
_BELOW = re.compile(r"(?:[A-Z][A-Z0-9]*)?\Z")
"""What may follow a heading: a letter first, since a digit would be another heading."""
_BELOW_FAMILY = re.compile(r"[0-9]{3}(?:[A-Z][A-Z0-9]*)?\Z")


def folded(code: str) -> str:
    """The spelling in which codes are compared: capitals, no spaces or dots."""
    return _DROPPED.sub("", code).upper()


def is_military(code: str) -> bool | None:
    """Is the code on a military list? None: the code is not known here."""
    versions = _versions_of(folded(code))
    return versions[0].is_military if versions else None


def headline(code: str, *, on: date | None = None) -> str | None:
    """The heading that the code belongs to, in plain words; None: not known here, or not valid on that day."""
    found = entry(code, on=on)
    return found.title if found else None


def entry(code: str, *, on: date | None = None) -> ControlEntry | None:
    """The nearest entry that the code is or belongs to, as valid on that day (None: the newest)."""
    holding = [e for e in _versions_of(folded(code)) if on is None or e.valid.covers(on)]
    return holding[-1] if holding else None


def known_ratings() -> tuple[str, ...]:
    """All codes that have an entry of their own, as written in the lists."""
    return tuple(dict.fromkeys(e.code for e in entries()))


@cache
def entries() -> tuple[ControlEntry, ...]:
    """All entries of all lists. Raises: RuleError, with file and line."""
    return tuple(e for path in data_files("control_lists") for e in list_entries(data_record(path)))


def list_entries(record: Record) -> tuple[ControlEntry, ...]:
    """The entries of one list file. Raises: RuleError, with file and line."""
    record.refuse_unknown(_LIST_KEYS)
    plain = tuple(_entry(e, whole=record) for e in record.opt_items("entries"))
    return plain + _structure(record)


def _entry(record: Record, *, whole: Record) -> ControlEntry:
    record.refuse_unknown(_ENTRY_KEYS)
    status = record if record.has("text_status") else whole
    return ControlEntry(
        code=record.text("code"),
        title=record.text("title"),
        is_military=record.flag("military"),
        family=record.flag("family", default=False),
        valid=interval_of(record, "valid_from", "valid_until"),
        text_status=TextStatus(status.choice("text_status", STATUSES)),
        source=record.opt_text("source") or whole.opt_text("source") or "",
        where=record.where,
    )


def _structure(whole: Record) -> tuple[ControlEntry, ...]:
    """Categories times sub-categories of a dual-use list, none of them military."""
    status, source = TextStatus(whole.choice("text_status", STATUSES)), whole.opt_text("source") or ""
    found = []
    for category in whole.opt_items("categories"):
        code, title = category.text("code"), category.text("title")
        found.append(ControlEntry(code, title, False, False, Interval(None, None), status, source, category.where))  # noqa: FBT003 - positional fields
        found += [
            ControlEntry(
                code=code + part.text("code"),
                title=f"{title}: {part.text('title')}",
                is_military=False,
                family=True,
                valid=Interval(None, None),
                text_status=status,
                source=source,
                where=category.where,
            )
            for part in whole.opt_items("subcategories")
        ]
    return tuple(found)


@cache
def _by_code() -> dict[str, tuple[ControlEntry, ...]]:
    table: dict[str, tuple[ControlEntry, ...]] = {}
    for found in entries():
        key = folded(found.code)
        versions = (*table.get(key, ()), found)
        table[key] = tuple(sorted(versions, key=lambda e: e.valid.start or date.min))
    return table


@cache
def _versions_of(code: str) -> tuple[ControlEntry, ...]:
    """Entries of the longest heading that `code` (folded) is or belongs to."""
    table = _by_code()
    for length in range(len(code), 0, -1):
        versions, rest = table.get(code[:length], ()), code[length:]
        if versions and _belongs(versions[0], rest):
            return versions
    return ()


def _belongs(heading: ControlEntry, rest: str) -> bool:
    if not rest:
        return True
    if heading.family:
        return bool(_BELOW_FAMILY.match(rest))
    # 6 has sub-categories of its own (6A); a heading in letters (MEND) has nothing below it.
    return len(heading.code) > 1 and heading.code[-1].isdigit() and bool(_BELOW.match(rest))
