"""Dates as publishers write them: patterns such as DD/MM/YYYY, each with the precision that it can give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from penholder.kernel.dates import PartialDate, Precision
from penholder.kernel.errors import InputError

ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_TOKENS = re.compile(r"YYYY|MMMM|MMM|MM|M|DD|D|\*")
_SHORT = 3
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class DatePattern:
    """One way to write a date.

    Tokens: YYYY, MM or M, MMMM (name of a month) or MMM (beginning of one), DD or D, * (anything).
    """

    written: str
    expression: re.Pattern[str]
    months: tuple[str, ...]

    @classmethod
    def of(cls, written: str, *, months: tuple[str, ...] = ()) -> DatePattern:
        """Compile a pattern; `months` are twelve names (default: English).

        Raises: InputError for a pattern without a year, with a day but no month, or with a part given twice.
        """
        names = months or ENGLISH
        parts: list[str] = []
        seen: list[str] = []
        end = 0
        for token in _TOKENS.finditer(written):
            parts.append(re.escape(written[end : token.start()]))
            parts.append(_expression(token.group(), names))
            seen.append(token.group()[0])
            end = token.end()
        parts.append(re.escape(written[end:]))
        letters = re.sub(r"[^A-Za-z]", "", _TOKENS.sub("", written))
        if (
            seen.count("Y") != 1
            or seen.count("M") > 1
            or seen.count("D") > ("M" in seen)
            or "Y" in letters.upper()
        ):
            raise InputError(
                f"{written!r} is not a date pattern",
                hint="use YYYY, MM or M or MMMM or MMM, DD or D, and * for anything after; for example DD/MM/YYYY",
            )
        return cls(written, re.compile("".join(parts) + r"\Z", re.IGNORECASE), names)

    def read(self, text: str) -> PartialDate | None:
        """The date, or None where the text is not written in this way. Raises: ValueError for 31 February."""
        match = self.expression.match(text)
        if not match:
            return None
        found = match.groupdict()
        month = self._month(found)
        day = found.get("day")
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        year = int(found["year"])
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError(f"year {year}")
        return PartialDate(date(year, month or 1, int(day or 1)), precision)

    def _month(self, found: dict[str, str]) -> int | None:
        if found.get("month"):
            return int(found["month"])
        name = found.get("name")
        if not name:
            return None
        said = name.casefold().rstrip(".")
        names = [m.casefold() for m in self.months]
        return 1 + (
            names.index(said) if said in names else next(i for i, m in enumerate(names) if m.startswith(said))
        )


def _expression(part: str, months: tuple[str, ...]) -> str:
    if part in {"MMMM", "MMM"}:
        names = months if part == "MMMM" else _short_names(months)
        choice = "|".join(sorted((re.escape(n) for n in names), key=len, reverse=True))
        return f"(?P<name>{choice})" + (r"\.?" if part == "MMM" else "")
    return {
        "YYYY": r"(?P<year>[0-9]{4})",
        "MM": r"(?P<month>[0-9]{2})",
        "M": r"(?P<month>[0-9]{1,2})",
        "DD": r"(?P<day>[0-9]{2})",
        "D": r"(?P<day>[0-9]{1,2})",
        "*": r".*",
    }[part]


def _short_names(months: tuple[str, ...]) -> tuple[str, ...]:
    """Beginnings of the names, of three letters or more, that only one month has: not `jui` in French."""
    names = [m.casefold() for m in months]
    found = []
    for month, name in zip(months, names, strict=True):
        for length in range(min(_SHORT, len(month)), len(month) + 1):
            if sum(other.startswith(month[:length].casefold()) for other in names) == 1:
                found.append(month[:length])
        if name not in (f.casefold() for f in found):  # a name that another one begins with
            found.append(month)
    return tuple(found)


def read_date(text: str, patterns: tuple[DatePattern, ...]) -> PartialDate | None:
    """The date by the first pattern that fits, or None. 31 February and the year 14 are None too."""
    for pattern in patterns:
        try:
            found = pattern.read(text)
        except ValueError:
            return None
        if found:
            return found
    return None
