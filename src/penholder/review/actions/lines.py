"""What a person says of lines, and the options that are put to the decider."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.review import policy
from penholder.review.actions.parameters import ChangeId, LineNames, Reasons, Version
from penholder.review.actions.rows import Changed, lock
from penholder.review.events import ChangeAssessed, LinesClassified, OptionsSet
from penholder.review.loading import found_lines, key_of, name_of, newest_run
from penholder.review.models import Classification, Options
from penholder.review.values import Consequence, Move, Option, ReviewPermission, Use

_NAMED = 5


@action(permission=ReviewPermission.CLASSIFY, events=(LinesClassified,))
def classify_lines(
    run: Run,
    *,
    change: ChangeId,
    lines: LineNames,
    use: Annotated[Use, Field(description="Could these lines be used in the operations?")],
    reasons: Reasons,
    expected_version: Version,
) -> Changed:
    """Say of lines whether they could be used in the operations, with reasons.

    The engine's answer stays beside it. What was said before stays in the history; the newest counts.
    """
    check_words(reasons=reasons)
    found = lock(run, change, Move.CLASSIFY, expected_version=expected_version)
    known = {x.key for x in found_lines(found.row)}
    keys = [key_of(name) for name in dict.fromkeys(lines)]
    if missing := [name_of(k) for k in keys if k not in known]:
        raise InvalidError(
            f"the stocktake has no line {', '.join(missing[:_NAMED])}",
            hint="name lines that its page shows",
            fields={"lines": f"not found by the stocktake: {', '.join(missing[:_NAMED])}"},
        )
    Classification.objects.bulk_create(
        Classification(
            circumstance=found.row, licence=k[0], number=k[1], use=use.value, reasons=reasons, change=found.change
        )
        for k in keys
    )
    stocktake = newest_run(found.row)
    made = found.move(Move.CLASSIFY)
    run.record(
        LinesClassified(
            change=change,
            stocktake=stocktake.public_id if stocktake else "",
            lines=tuple(name_of(k) for k in keys),
            use=use,
            reasons=reasons,
        )
    )
    return made


@action(permission=ReviewPermission.ASSESS, events=(ChangeAssessed,))
def assess_change(
    run: Run,
    *,
    change: ChangeId,
    words: Annotated[
        str,
        Field(description="What the assessment comes to, and what is not known.", min_length=1, max_length=4_000),
    ],
    expected_version: Version,
) -> Changed:
    """Close the assessment of the lines.

    Each line in force that could be used, or of which that is unknown, was looked at by a person.
    """
    check_words(words=words)
    found = lock(run, change, Move.ASSESS, expected_version=expected_version)
    lines = found_lines(found.row)
    if left := policy.open_lines(lines):
        raise ConflictError(
            f"{len(left)} lines in force are not classified by a person: {', '.join(map(name_of, left[:_NAMED]))}",
            hint="classify them first; “unknown” is an answer",
        )
    stocktake = newest_run(found.row)
    said = Counter(policy.says(x) for x in lines if x.in_force)
    made = found.move(Move.ASSESS, text=words)
    run.record(
        ChangeAssessed(
            change=change,
            stocktake=stocktake.public_id if stocktake else "",
            yes=said[Use.YES],
            no=said[Use.NO],
            unknown=said[Use.UNKNOWN],
            differing=sum(policy.differs(x) for x in lines),
            words=words,
        )
    )
    return made


@action(permission=ReviewPermission.OPTIONS, events=(OptionsSet,))
def set_options(
    run: Run,
    *,
    change: ChangeId,
    recommended: Annotated[Option, Field(description="What officials recommend.")],
    advice: Annotated[
        str, Field(description="Why they recommend it, in its strongest form.", min_length=1, max_length=8_000)
    ],
    expected_version: Version,
    advice_against: Annotated[
        str, Field(description="The strongest advice for another option; empty: none on file.", max_length=8_000)
    ] = "",
) -> Changed:
    """Put the options to the decider: all of them, each with what it would do today, and the recommendation.

    Options: keep under review; suspend those that might be used; suspend all; revoke those that might be used.
    """
    check_words(advice=advice)
    found = lock(run, change, Move.OPTIONS, expected_version=expected_version)
    would = policy.consequences(found_lines(found.row))
    Options.objects.create(
        circumstance=found.row,
        recommended=recommended.value,
        advice=advice,
        advice_against=advice_against,
        consequences=[_kept(c) for c in would],
        change=found.change,
    )
    made = found.move(Move.OPTIONS)
    run.record(
        OptionsSet(
            change=change,
            recommended=recommended,
            advice=advice,
            advice_against=advice_against,
            consequences=tuple(_said(c) for c in would),
        )
    )
    return made


def _kept(found: Consequence) -> dict[str, object]:
    return {
        "option": found.option.value,
        "lines": found.lines,
        "licences": found.licences,
        "values": {currency: str(value) for currency, value in found.values.items()},
        "unvalued": found.unvalued,
        "of_them_unknown": found.of_them_unknown,
    }


def _said(found: Consequence) -> str:
    worth = ", ".join(f"{currency} {value}" for currency, value in found.values.items()) or "no stated value"
    return f"{found.option}: {found.lines} lines, {found.licences} licences, {worth}"
