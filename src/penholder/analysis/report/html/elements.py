"""HTML and SVG elements whose texts are always escaped. There is no other way to put text on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain

_EMPTY = frozenset({"meta", "link", "br", "hr", "img", "path", "rect", "line", "circle", "use", "polyline"})
# Controls that HTML does not allow, and marks that change the direction of the text around them.
_FORBIDDEN = dict.fromkeys(chain(range(9), (11, 12), range(14, 32), range(127, 160)), "�")
_FORBIDDEN |= dict.fromkeys(chain(range(8234, 8239), range(8294, 8298)), "")


_DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


class Markup(str):
    """Text that is markup already. Made by the functions of this module only."""

    __slots__ = ()


Child = str | int | None | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """One element. `class_` is written `class`, other `_` become `-`; None and False leave an attribute out."""
    pairs = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY and not children:
        return Markup(f"<{name}{pairs}>" if name in {"meta", "link", "br", "hr", "img"} else f"<{name}{pairs}/>")
    return Markup(f"<{name}{pairs}>{join(children)}</{name}>")


def _attribute(key: str, value: str | float | bool | None) -> str:  # noqa: FBT001 - converts the value itself
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-") if key not in {"viewBox", "patternUnits"} else key
    text = "" if value is True else html.escape(str(value).translate(_FORBIDDEN), quote=True)
    return f' {name}="{text}"'


def join(children: Iterable[Child]) -> Markup:
    """Children one after the other: markup as it is, texts escaped, None left out."""
    return Markup("".join(_text(child) for child in children))


def _text(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str | int):
        return html.escape(str(child).translate(_FORBIDDEN), quote=False)
    return join(child)


def day(value: date, *, precision: str = "day") -> Markup:
    """`2 September 2024` in a <time> element, as finely as it is known."""
    iso = value.isoformat()
    if precision == "year":
        return tag("time", str(value.year), datetime=iso[:4])
    if precision == "month":
        return tag("time", f"{value:%B} {value.year}", datetime=iso[:7])
    return tag("time", f"{value.day} {value:%B} {value.year}", datetime=iso)


def day_of_text(text: str) -> Child:
    """As `day` where the text is a date YYYY-MM-DD, with the minute (UTC) where it is a moment, else the text."""
    try:
        if len(text) == len("2024-09-02"):
            return day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    words = f"{moment.day} {moment:%B} {moment.year}, {moment:%H:%M} UTC"
    return tag("time", words, datetime=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def dated(text: str) -> list[Child]:
    """`text` with every date YYYY-MM-DD in it as `day` writes it."""
    return [day_of_text(part) if at % 2 else part for at, part in enumerate(_DAY.split(text))]


def month(text: str) -> Markup:
    """`March 2015` in a <time> element, from `2015-03`."""
    return day(date.fromisoformat(f"{text}-01"), precision="month")


def count(number: int) -> str:
    """`1,942`."""
    return f"{number:,}"


def many(number: int, thing: str) -> str:
    """`1 place`, `1,942 places`."""
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"


def money(value: Decimal | None, currency: str) -> str:
    """`GBP 1,234,567` with pence only where there are any; `not stated` without a value."""
    if value is None:
        return "not stated"
    whole = value == value.to_integral_value()
    return f"{currency} {value:,.0f}".strip() if whole else f"{currency} {value:,.2f}".strip()


def slug(text: str) -> str:
    """`text` as part of an anchor: letters, digits and hyphens; anything else becomes its number."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}" for c in text)


def link(text: Child, address: str) -> Child:
    """A link to an anchor of this page, or to an http(s) address; any other address gives the text alone."""
    if address.startswith("#"):
        return tag("a", text, href=address)
    if address.startswith(("https://", "http://")):
        return tag("a", text, href=address, rel="noreferrer noopener")
    return text
