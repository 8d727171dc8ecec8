"""Decide on licences after a change of circumstances."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import check_words
from penholder.assessment.queries import all_current_on
from penholder.register.standing import lines_now
from penholder.register.values import Power
from penholder.restrictions.gates import GateReasons, open_about
from penholder.restrictions.given import read_destinations, read_scope
from penholder.restrictions.limbs import check_limb
from penholder.restrictions.policy import matches
from penholder.restrictions.queries import exemption_rules
from penholder.review import policy
from penholder.review.actions.parameters import ChangeId, Reasons, ReviewBy, Version
from penholder.review.actions.rows import Changed, Open, check_ahead, lock
from penholder.review.events import ChangeDecided
from penholder.review.loading import found_lines, key_of, name_of
from penholder.review.models import Decision, Options
from penholder.review.values import LineKey, Move, Option, ReviewPermission

LimbId = Annotated[str, Field(max_length=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the decider said, beside the lines."""

    option: Option
    recommended: Option
    reasons: str
    against_reasons: str
    gates: tuple[str, ...]
    gate_reasons: str
    power: Power | None
    limb: str
    terms: str
    review_by: date
    exemptions: tuple[str, ...]
    moratorium: Mapping[str, Any] | None


@action(permission=ReviewPermission.DECIDE, events=(ChangeDecided,), apart_from=("review.set_options",))
def decide_change(
    run: Run,
    *,
    change: ChangeId,
    option: Annotated[Option, Field(description="Which of the options.")],
    reasons: Reasons,
    review_by: ReviewBy,
    expected_version: Version,
    against_reasons: Annotated[
        str, Field(description="Why not as officials advise; needed where it is not.", max_length=4_000)
    ] = "",
    power: Annotated[Power | None, Field(description="By what power lines are suspended.")] = None,
    terms: Annotated[
        str,
        Field(
            description="What is suspended and what it means for the holder; every holder is told this.",
            max_length=4_000,
        ),
    ] = "",
    limb: Annotated[LimbId, Field(description="To revoke: id of the rule under which, uk-selc-2021/2c.")] = "",
    exemptions: Annotated[
        tuple[Annotated[str, Field(pattern=r"^EX-[0-9a-z]+$", max_length=40)], ...],
        Field(description="Exemptions in force: lines that one is known to match are left.", max_length=50),
    ] = (),
    moratorium_destinations: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=400)], ...],
        Field(description="Destinations of a moratorium that is set with it; none: none is set.", max_length=300),
    ] = (),
    moratorium_scope: Annotated[
        str, Field(description="Which lines the moratorium reaches, as a condition.", max_length=20_000)
    ] = "",
    moratorium_limb: Annotated[LimbId, Field(description="Id of the rule on which the moratorium rests.")] = "",
    moratorium_basis: Annotated[str, Field(description="Legal basis of the moratorium.", max_length=4_000)] = "",
    gate_reasons: GateReasons = "",
) -> Changed:
    """Decide: one of the options that were put, with reasons. The system then does what was decided.

    A decision against the advice of officials needs reasons for that, and so does one while a question is open
    about the change, its destinations, their assessments or the licences it is about. Suspending needs power,
    terms, reasons and a day of review. Lines that a named exemption is known to match are left; an unknown is not.
    """
    further = {"against_reasons": against_reasons, "gate_reasons": gate_reasons}
    check_words(reasons=reasons, **{name: text for name, text in further.items() if text})
    check_ahead(review_by, today=run.now.date())
    found = lock(run, change, Move.DECIDE, expected_version=expected_version)
    on_file = found_lines(found.row)
    said = _Said(
        option=option,
        recommended=_recommended(found),
        reasons=reasons,
        against_reasons=against_reasons,
        gates=_gates(found, {x.key[0] for x in on_file}),
        gate_reasons=gate_reasons,
        power=power,
        limb=limb,
        terms=terms,
        review_by=review_by,
        exemptions=exemptions,
        moratorium=_moratorium(
            moratorium_destinations, moratorium_scope, moratorium_limb, moratorium_basis, today=found.today
        ),
    )
    _check(said, today=found.today)
    lines = [x.key for x in policy.lines_of(option, on_file)]
    left = _left(lines, exemptions, on=found.today)
    return _write(found, said, [k for k in lines if k not in left], left)


def _check(said: _Said, *, today: date) -> None:
    """Raises: InvalidError."""
    policy.check_decision(
        said.option,
        recommended=said.recommended,
        against_reasons=said.against_reasons,
        gates=said.gates,
        gate_reasons=said.gate_reasons,
        terms=said.terms,
        has_power=said.power is not None,
        limb=said.limb,
        exemptions=said.exemptions,
    )
    if said.terms:
        check_words(terms=said.terms)
    if said.limb:
        check_limb(said.limb, on=today)


def _recommended(found: Open) -> Option:
    newest = Options.objects.filter(circumstance=found.row).order_by("-pk")[0]
    return Option(newest.recommended)


def _gates(found: Open, licences: Collection[str]) -> tuple[str, ...]:
    """Ids of the questions that are open about what is decided on, and about what that rests on."""
    about = (found.row.public_id, *licences)
    return tuple(gate.id for gate in open_about(about, places=found.destinations, on=found.today))


def _moratorium(
    destinations: tuple[str, ...], scope: str, limb: str, basis: str, *, today: date
) -> Mapping[str, Any] | None:
    """What is to be set, checked now, so that the system can do it afterwards. Raises: InvalidError."""
    if not destinations:
        if scope or limb or basis:
            raise InvalidError(
                "a moratorium without destinations", fields={"moratorium_destinations": "name at least one"}
            )
        return None
    if not limb:
        raise InvalidError("a moratorium rests on a rule", fields={"moratorium_limb": "is needed"})
    check_words(moratorium_basis=basis)
    check_limb(limb, on=today)
    return {
        "destinations": list(read_destinations(destinations, field="moratorium_destinations")),
        "scope": read_scope(scope, field="moratorium_scope"),
        "limb": limb,
        "legal_basis": basis,
    }


def _left(lines: Collection[LineKey], exemptions: Collection[str], *, on: date) -> dict[LineKey, tuple[str, ...]]:
    """The lines that exemptions leave: of which it is known that a named one in force matches them.

    Raises: InvalidError: one of them is not in force.
    """
    rules = {e.id: e for e in exemption_rules() if e.valid.covers(on)}
    if absent := [e for e in exemptions if e not in rules]:
        raise InvalidError(
            f"not in force: {', '.join(absent)}",
            hint="an exemption leaves lines once it is announced",
            fields={"exemptions": f"not in force: {', '.join(absent)}"},
        )
    now = lines_now(lines, on=on) if exemptions else {}
    found = {
        key: tuple(e for e in exemptions if matches(line.facts, rules[e].scope).truth is True)
        for key, line in now.items()
    }
    return {key: by for key, by in found.items() if by}


def _write(
    found: Open, said: _Said, stopped: Collection[LineKey], left: Mapping[LineKey, tuple[str, ...]]
) -> Changed:
    version = next(iter(v for d in found.destinations for v in all_current_on(d, found.today)), None)
    names, left_names = [name_of(k) for k in stopped], {name_of(k): list(by) for k, by in left.items()}
    Decision.objects.create(
        circumstance=found.row,
        option=said.option.value,
        recommended=said.recommended.value,
        reasons=said.reasons,
        against_reasons=said.against_reasons,
        gates=list(said.gates),
        gate_reasons=said.gate_reasons,
        power=said.power.value if said.power else "",
        limb=said.limb,
        terms=said.terms,
        review_by=said.review_by,
        decided_on=found.today,
        decided_at=found.run.now,
        stopped=names,
        left=left_names,
        exemptions=list(said.exemptions),
        moratorium=said.moratorium,
        assessment=version.id if version else "",
        cutoff=version.cutoff if version else None,
        change=found.change,
    )
    made = found.move(Move.DECIDE, text=said.reasons, review_by=said.review_by)
    found.run.record(_event(found, said, names, left_names, cutoff=version.cutoff if version else None))
    return made


def _event(
    found: Open, said: _Said, names: list[str], left: Mapping[str, list[str]], *, cutoff: date | None
) -> ChangeDecided:
    return ChangeDecided(
        change=found.row.public_id,
        option=said.option,
        is_against_advice=said.option is not said.recommended,
        decided_on=found.today,
        review_by=said.review_by,
        power=said.power,
        limb=said.limb,
        lines=len(names),
        licences=len({key_of(n)[0] for n in names}),
        left=len(left),
        exemptions=said.exemptions,
        moratorium_destinations=tuple(said.moratorium["destinations"]) if said.moratorium else (),
        cutoff=cutoff,
        stopped=tuple(names),
        left_lines=tuple(left),
        terms=said.terms,
        reasons=said.reasons,
        against_reasons=said.against_reasons,
        gates=said.gates,
        gate_reasons=said.gate_reasons,
        moratorium=said.moratorium["legal_basis"] if said.moratorium else "",
    )
