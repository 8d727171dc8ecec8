"""Questions to the restrictions. What refuses an act of another capability is asked here, inside that act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from penholder.actions import moment
from penholder.actions.behind import took_part
from penholder.actions.errors import AbsentError
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass
from penholder.entry.paging import USUAL, Page, page_of
from penholder.restrictions import policy
from penholder.restrictions.answers import Match, Matches, RestrictionView, StepView
from penholder.restrictions.errors import MoratoriumError
from penholder.restrictions.gates import Gate, open_about
from penholder.restrictions.grants import Grant, grants
from penholder.restrictions.loading import (
    Held,
    exemptions_of,
    hold_of,
    load,
    moratoria_of,
    moratorium_of,
    places_of,
    steps_of,
)
from penholder.restrictions.lock import lock_to_ask
from penholder.restrictions.models import Restriction
from penholder.restrictions.values import Block, Exemption, Hold, Kind, LineFacts, Member, Moratorium, StepKind
from penholder.rules.expr import words_of

_WORK = tuple(
    f"restrictions.{name}"
    for name in (
        "set_moratorium",
        "change_moratorium_destinations",
        "lift_moratorium",
        "propose_exemption",
        "announce_exemption",
        "end_exemption",
        "place_hold",
        "lift_hold",
    )
)
_OFFICIAL = ("legal_basis", "reasons", "advice_for", "advice_against", "conditions")


def refuse_if_blocked(facts: LineFacts, *, on: date, act: str) -> tuple[str, ...]:
    """Refuse an act on a line that a moratorium in force matches, or of which that is not known.

    Call it inside the act, for each line that it grants, amends or reinstates, and with the day from which it
    counts; today is asked about too, so that no day in the past leads round a moratorium, and today by the clock
    of the authority's place, so that none begins some hours late.

    Args:
        act: what would be done, for the message: "issue", "amend", "reinstate", "grant".
    Returns: ids of the exemptions that let it through (none: nothing matched); the act records them.
    Raises: MoratoriumError.
    """
    lock_to_ask()
    moratoria, exemptions = moratoria_of(), exemptions_of()
    found = [
        block
        for day in sorted({on, *moment.days_of_now()})
        for block in policy.blocks(facts, moratoria=moratoria, exemptions=exemptions, on=day)
    ]
    for block in found:
        if not block.exemptions:
            raise _refusal(block, act)
    return tuple(sorted({e for block in found for e in block.exemptions}))


def _refusal(block: Block, act: str) -> MoratoriumError:
    if block.truth:
        said = f"it matches: {'; '.join(block.because)}"
        hint = "an exemption in force would let it through; only the decider announces one"
    else:
        missing = ", ".join(name.replace("_", " ") for name in block.missing)
        said = f"it is not known whether it matches: {missing} would have to be known"
        hint = "state what is missing; an unknown is refused as a match is"
    return MoratoriumError(
        f"{act} is refused by moratorium {block.moratorium}: {said}",
        hint=hint,
        moratorium=block.moratorium,
        missing=list(block.missing),
    )


def blocks(facts: LineFacts, *, on: date, known: datetime | None = None) -> tuple[Block, ...]:
    """What would refuse a line on a day, and what would let it through: for pages; nothing is refused here."""
    return policy.blocks(facts, moratoria=moratoria_of(known=known), exemptions=exemptions_of(known=known), on=on)


def exemptions_for(facts: LineFacts, *, limb: str, on: date, known: datetime | None = None) -> tuple[str, ...]:
    """Exemptions in force on a day from a limb, whose scope is known to match: what a grant against it needs."""
    return policy.exempt(facts, exemptions_of(known=known), limb=limb, on=on)


def held(destination: str, on: date, *, known: datetime | None = None) -> tuple[Hold, ...]:
    """The holds on pending cases of a destination, oldest first."""
    found = (hold_of(h, on=on) for h in load(Kind.HOLD, known=known))
    return tuple(h for h in found if h is not None and h.destination == destination)


def moratoria_rules(*, known: datetime | None = None) -> tuple[Moratorium, ...]:
    """The rules of every moratorium that came into force, lifted ones among them."""
    return moratoria_of(known=known)


def exemption_rules(*, known: datetime | None = None) -> tuple[Exemption, ...]:
    """The rules of every exemption that was announced, ended ones among them."""
    return exemptions_of(known=known)


def participants(ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Moratorium, exemption or hold -> staff ids of whoever proposed, announced, set, changed or ended it."""
    return took_part(ids, acts=_WORK)


def restrictions(
    *, viewer: Actor, kind: Kind | None = None, cause: str = "", cursor: str | None = None, limit: int = USUAL
) -> Page[RestrictionView]:
    """Restrictions as they stand today. cause: those that were made for one change of circumstances."""
    found = Restriction.objects.all()
    if kind is not None:
        found = found.filter(kind=kind.value)
    if cause:
        found = found.filter(cause=cause)
    if not reads_official(viewer):
        found = found.exclude(pk__in=_never_announced())
    page = page_of(found, order=("kind", "public_id"), cursor=cursor, limit=limit)
    ids = [r.public_id for r in page.items]
    by_id = {h.row.public_id: h for k in Kind for h in load(k, ids=ids)}
    return page.map(lambda r: _view(by_id[r.public_id], viewer, moment.today()))


def restriction(
    *,
    viewer: Actor,
    id: str,  # noqa: A002 - the public id
    on: date | None = None,
    known: datetime | None = None,
) -> RestrictionView:
    """One restriction, as of a day (None: today) and as known at a moment (None: now). Raises: AbsentError."""
    found = _find(id, known=known)
    seen = _view(found, viewer, on or moment.today())
    if seen.kind is Kind.EXEMPTION and "reasons" in seen.withheld and not _is_announced(found):
        raise _absent(id)
    return seen


def matching(*, viewer: Actor, moratorium: str, on: date | None = None, known: datetime | None = None) -> Matches:
    """Which grants since the beginning of a moratorium match it: then, and by its destinations of a day.

    For officials: lines, their numbers and what decided are commercial. Raises: AbsentError.
    """
    found = _find(moratorium, known=known)
    if found.row.kind != Kind.MORATORIUM or not reads_official(viewer):
        raise _absent(moratorium)
    return look_again(found, on=on or moment.today(), known=known)


def look_again(found: Held, *, on: date, known: datetime | None = None) -> Matches:
    """The grants since the beginning of a moratorium, looked at with its destinations of a day."""
    rule = moratorium_of(found)
    start = found.steps[0].on
    if rule is None:
        return Matches(moratorium=found.row.public_id, since=start, on=on, looked_at=0, found=())
    exemptions = exemptions_of(known=known)
    seen, made = 0, []
    for grant in grants(since=start, known=known):
        seen += 1
        match = _match(grant, rule, exemptions, on=on, set_at=found.row.change.recorded_at)
        if match is not None:
            made.append(match)
    made.sort(key=lambda m: (m.on, m.subject, m.line, m.act))
    return Matches(moratorium=rule.id, since=start, on=on, looked_at=seen, found=tuple(made))


def _match(
    grant: Grant, rule: Moratorium, exemptions: Iterable[Exemption], *, on: date, set_at: datetime
) -> Match | None:
    """None: it matches neither by the destinations of its own day nor by those of `on`.

    What was done on the first day, before the moratorium was set on that day, was not under it.
    """
    acted_on = grant.acted_at.date()
    days = [d for d in sorted({grant.on, acted_on}) if rule.valid.covers(d)]
    if set_at.date() == rule.valid.start and grant.acted_at < set_at:
        days = []
    findings = [policy.reaches(grant.facts, rule, on=d) for d in days]
    then = next((f for f in findings if f.truth), None) or next((f for f in findings if f.truth is None), None)
    now = policy.reaches(grant.facts, rule, on=on)
    shown = then or now
    if shown.truth is False:
        return None
    through = policy.exempt(grant.facts, tuple(exemptions), limb=rule.limb, on=acted_on)
    return Match(
        subject=grant.subject,
        line=grant.line,
        act=grant.act,
        on=grant.on,
        acted_on=acted_on,
        then=then.truth if then else False,
        now=now.truth,
        because=shown.because,
        missing=shown.missing,
        exemptions=through,
    )


def open_questions(id: str) -> tuple[Gate, ...]:  # noqa: A002 - the public id
    """The questions that are open about a restriction, its cause and its places: for whoever may act on it.

    Raises: AbsentError.
    """
    found = _find(id, known=None)
    return open_about((id, found.row.cause), places=places_of(found), on=moment.today())


def overdue(*, on: date | None = None) -> tuple[tuple[str, Kind, date], ...]:
    """Restrictions in force past their review: id, kind, due. Oldest first."""
    day = on or moment.today()
    found = [
        (h.row.public_id, kind, h.row.review_by)
        for kind in Kind
        for h in load(kind)
        if h.valid is not None and h.valid.covers(day) and h.row.review_by < day
    ]
    return tuple(sorted(found, key=lambda f: (f[2], f[0])))


def _find(public_id: str, *, known: datetime | None) -> Held:
    for kind in Kind:
        if found := load(kind, known=known, ids=[public_id]):
            return found[0]
    raise _absent(public_id)


def _absent(public_id: str) -> AbsentError:
    return AbsentError(f"there is no restriction {public_id}", hint="look it up in the list of restrictions")


def reads_official(viewer: Actor) -> bool:
    """May the viewer read texts of restrictions, and know of proposals and of the lines that they match?"""
    return viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.OFFICIAL)


def _never_announced() -> list[int]:
    """Exemptions that were only proposed: officials alone know of them."""
    return [h.row.pk for h in load(Kind.EXEMPTION) if not _is_announced(h)]


def _is_announced(found: Held) -> bool:
    return any(s.kind == StepKind.ANNOUNCE for s in found.steps)


def _view(found: Held, viewer: Actor, on: date) -> RestrictionView:
    row, valid, reads = found.row, found.valid, reads_official(viewer)
    in_force = valid is not None and valid.covers(on)
    members: tuple[Member, ...] = policy.members_of(steps_of(found.steps))
    hold = tuple(s.destination for s in found.steps if s.kind == StepKind.PLACE)
    over = {StepKind.LIFT, StepKind.END}
    return RestrictionView(
        id=row.public_id,
        kind=Kind(row.kind),
        version=row.version,
        limb=row.limb,
        scope=row.scope,
        scope_words=words_of(policy.read_scope(row.scope)),
        legal_basis=row.legal_basis if reads else None,
        reasons=row.reasons if reads else None,
        advice_for=row.advice_for if reads else None,
        advice_against=row.advice_against if reads else None,
        conditions=row.conditions if reads else None,
        review_by=row.review_by,
        cause=row.cause,
        valid_from=valid.start if valid else None,
        valid_until=valid.end if valid else None,
        in_force=in_force,
        overdue=in_force and row.review_by < on,
        is_over=any(s.kind in over for s in found.steps),
        members=members,
        destinations=hold or tuple(sorted({m.destination for m in members if m.valid.covers(on)})),
        steps=tuple(_step(s, reads=reads) for s in found.steps),
        withheld=() if reads else _OFFICIAL,
    )


def _step(row: Any, *, reads: bool) -> StepView:
    return StepView(
        kind=StepKind(row.kind),
        on=row.on,
        destination=row.destination,
        where=row.where,
        reasons=row.reasons if reads else None,
        gates=tuple(row.gates) if reads else None,
        gate_reasons=row.gate_reasons if reads else None,
        run=row.change.run,
    )
