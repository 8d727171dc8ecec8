"""What `penholder doctor` looks at on the site of concerns, beside what it looks at everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from penholder.actions.moment import today
from penholder.concerns import officers, queries
from penholder.concerns.models import Concern, KnownTarget
from penholder.concerns.policy.ladder import NEEDED
from penholder.custody.values import Finding, Level
from penholder.kernel.errors import ConfigurationError
from penholder.people.staff import exchange_key

_STALE = timedelta(days=2)


def examine() -> Iterator[Finding]:
    """Every finding."""
    yield from _levels()
    yield from _representatives()
    yield from _exchange()
    stale = Concern.objects.filter(has_stale_key=True).count()
    if stale:
        said = f"{stale} concerns get another key when they are next opened: somebody who had it took part"
        yield Finding("concerns", said, level=Level.ATTEND)


def _levels() -> Iterator[Finding]:
    for level in queries.levels():
        if level.people >= NEEDED:
            continue
        said = f"{level.name}: {level.people} people with keys, {NEEDED} are needed"
        hint = "invite people, grant their role; each makes a key on the page Concerns"
        if level.outside:
            yield Finding("concerns", f"the channel is closed. {said}", hint=hint)
        else:
            yield Finding("concerns", f"{said}: concerns pass this level by", hint=hint, level=Level.ATTEND)


def _representatives() -> Iterator[Finding]:
    found = officers.count_by_level(officers.officers(on=today())).get(officers.BRINGS, 0)
    if found == 1:
        said = "one staff representative has a key, two are needed to let a second person join: one asks, one does"
        yield Finding("concerns", said, hint="grant staff_representative to another one", level=Level.ATTEND)


def _exchange() -> Iterator[Finding]:
    try:
        exchange_key()
    except ConfigurationError as error:
        yield Finding("exchange", error.message, hint=error.hint)
    if not settings.PENHOLDER_EXCHANGE.get("peer"):
        said = "whose list is taken is not configured: no conflict of interest can be computed"
        yield Finding("exchange", said, hint="[exchange] peer in penholder.toml", level=Level.ATTEND)
    newest = KnownTarget.objects.order_by("-made_on").values_list("made_on", flat=True).first()
    if newest is None or newest < today() - _STALE:
        said = f"the list of the authority is of {newest}" if newest else "no list of the authority was taken in"
        yield Finding("exchange", said, hint="run `penholder concerns exchange` once a day", level=Level.ATTEND)
