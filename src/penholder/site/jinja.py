"""The Jinja2 environment of the pages: what templates may call, and how values read.

Dates read "2 September 2024", moments "2 September 2024, 10:14 UTC", money "GBP 38.1 m" or exact, counts "1,942".
`None` is *not known* and never an empty place. Undefined names are errors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from markupsafe import Markup

from penholder.analysis.report.html import elements
from penholder.analysis.sources.places import name_and_code
from penholder.regime.regimes import rule_words
from penholder.site.fields import errors_of, field_view, whole_sentence

ABSENT = {
    "unknown": "not known",
    "withheld": "withheld",
    "none": "none",
}
"""Why a value is not there -> the words for it. White, hatched and grey on the page (penholder.css)."""
_THOUSAND = Decimal(1000)
_STEPS = ((_THOUSAND, "k"), (_THOUSAND**2, "m"), (_THOUSAND**3, "bn"))


def environment(**options: Any) -> jinja2.Environment:
    """The environment. Named in settings as TEMPLATES[...]["OPTIONS"]["environment"]."""
    strict = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = jinja2.Environment(**(options | strict))  # noqa: S701 - Django's back end sets autoescape
    made.globals.update(static=static, url=_url, field_view=field_view, errors_of=errors_of)
    made.filters.update(
        day=day,
        moment=moment,
        money=money,
        money_short=money_short,
        count=count,
        absent=absent,
        shown=shown,
        rule=rule_words,
        place=name_and_code,
        whole_sentence=whole_sentence,
    )
    return made


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def day(value: date | str | None) -> Markup:
    """`2 September 2024` in a <time> element; not known where there is none. Of a moment: its day in UTC."""
    if value is None:
        return absent("unknown")
    if isinstance(value, str):
        return Markup(elements.day_of_text(value[:10]))  # noqa: S704 - escaped there
    return Markup(elements.day(value.date() if isinstance(value, datetime) else value))  # noqa: S704


def moment(value: datetime | str | None) -> Markup:
    """`2 September 2024, 10:14 UTC` in a <time> element; the data has the seconds."""
    if value is None:
        return absent("unknown")
    text = value if isinstance(value, str) else value.isoformat()
    return Markup(elements.day_of_text(text))  # noqa: S704 - escaped there


def money(value: Decimal | None, currency: str) -> Markup:
    """`GBP 1,234,567`, with pence where there are any, and never broken between code and digits."""
    if value is None:
        return absent("unknown")
    return _unbroken(elements.money(value, currency))


def money_short(value: Decimal | None, currency: str) -> Markup:
    """`GBP 38.1 m` in a <data> element that holds the exact value; below a thousand as `money`."""
    if value is None:
        return absent("unknown")
    exact = money(value, currency)
    if value.copy_abs() < _THOUSAND:
        return exact
    # The smallest unit that keeps the rounded digits below a thousand: 999,949 is 999.9 k, 999,950 is 1.0 m.
    scaled = ((value / step).quantize(Decimal("0.1")) for step, _ in _STEPS)
    fits = [
        (tenths, unit) for tenths, (_, unit) in zip(scaled, _STEPS, strict=True) if tenths.copy_abs() < _THOUSAND
    ]
    tenths, unit = fits[0] if fits else ((value / _STEPS[-1][0]).quantize(Decimal("0.1")), _STEPS[-1][1])
    words = _unbroken(f"{currency} {tenths:,} {unit}")
    return Markup('<data value="{}" title="{}">{}</data>').format(f"{value:f}", exact, words)


def count(value: int | None) -> Markup:
    """`1,942`."""
    return absent("unknown") if value is None else Markup(elements.count(value))  # noqa: S704 - digits


def absent(kind: str, why: str | None = None) -> Markup:
    """A named sign in place of a value: `unknown`, `withheld` or `none`; `why` is said after it."""
    words = ABSENT[kind] if why is None else f"{ABSENT[kind]}: {why}"
    return Markup('<span class="ph-absent ph-absent--{}">{}</span>').format(kind, words)


def shown(value: object) -> object:
    """The value itself; `None` as not known, an empty text or list as none, True and False as words."""
    if value is None:
        return absent("unknown")
    if isinstance(value, str | list | tuple):
        return value or absent("none")
    for kind, read in _READ:
        if isinstance(value, kind):
            return read(value)
    return value


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 - converts the value itself
    return "yes" if value else "no"


_READ: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (bool, _yes_or_no),
    (int, count),
    (datetime, moment),  # before date, which it is a kind of
    (date, day),
)


def _unbroken(words: str) -> Markup:
    return Markup(words.replace(" ", "&nbsp;"))  # noqa: S704 - a currency code and digits
