"""What goods are: the technical assessor's word, beside the exporter's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected
from penholder.casework.events import GoodsRated
from penholder.casework.parts import Rating
from penholder.casework.policy.rating import not_listed, wrong_with_ratings
from penholder.casework.values import CaseStatus, CaseworkPermission, Changed


@action(permission=CaseworkPermission.RATE, events=(GoodsRated,))
def rate_goods(
    run: Run,
    *,
    case: CaseId,
    ratings: Annotated[
        tuple[Rating, ...],
        Field(description="One for each line that is rated now.", min_length=1, max_length=200),
    ],
    expected_version: Expected,
) -> Changed:
    """Say what goods are on the control lists, line by line. Where the exporter stated otherwise, say why.

    A rating that was given before stays readable; the newest counts.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(
        CaseStatus.UNDER_REVIEW, CaseStatus.DEPARTMENTS_ADVISING, CaseStatus.FINAL_REVIEW, what="goods are rated"
    )
    _check(locked, ratings)
    locked.record(GoodsRated(case=case, ratings=ratings))
    return locked.changed(said=_unlisted(locked, ratings))


def _check(locked: Locked, ratings: tuple[Rating, ...]) -> None:
    wrong = wrong_with_ratings(locked.dossier.application.goods, ratings)
    if wrong:
        raise InvalidError("the ratings cannot be recorded", hint="mend the named parts", fields=wrong)


def _unlisted(locked: Locked, ratings: tuple[Rating, ...]) -> tuple[str, ...]:
    codes = not_listed(ratings, on=locked.today)
    return (f"no control list that is held here has {', '.join(codes)}",) if codes else ()
