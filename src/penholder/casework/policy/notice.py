"""What a notice must say, and which rules it cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from penholder.actions.errors import InvalidError
from penholder.actions.words import says_nothing
from penholder.casework.notices.content import CitedRule, Notice
from penholder.casework.values import NoticeKind
from penholder.regime.types import Rule

_NEEDS_RULES = frozenset({NoticeKind.REFUSAL, NoticeKind.REVOCATION})


def check_notice(notice: Notice) -> None:
    """Nothing is told to a holder without reasons; a suspension says its terms, too. Raises: InvalidError."""
    wrong: dict[str, str] = {}
    if says_nothing(notice.reasons):
        wrong["reasons"] = "says nothing; whoever gets the notice must be able to understand it from this text"
    if notice.kind is NoticeKind.SUSPENSION and says_nothing(notice.terms):
        wrong["terms"] = "says nothing; a suspension says what may not be done, and what would lift it"
    if notice.kind in _NEEDS_RULES and not notice.rules:
        wrong["rules"] = "is needed: it rests on at least one limb"
    if wrong:
        raise InvalidError("the notice cannot be issued as it is", hint="mend the named parts", fields=wrong)


def cited_rules(ids: Iterable[str], rules: Mapping[str, Rule]) -> tuple[CitedRule, ...]:
    """The limbs that a notice cites; each whose text is not verified says so."""
    return tuple(CitedRule(id=i, title=rules[i].title, caution=rules[i].text_status.caution) for i in ids)
