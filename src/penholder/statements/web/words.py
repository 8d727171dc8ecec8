"""Statements and promises in words."""

from __future__ import annotations

from penholder.statements.answers import PromiseView, StatementView
from penholder.statements.values import PromiseState


def days(number: int) -> str:
    """`1 day`, `31 days`."""
    return f"{number:,} day{'' if number == 1 else 's'}"


def standing(promise: PromiseView) -> tuple[str, str, str]:
    """Words, colour and sign of a tag."""
    if promise.days_overdue:
        return f"{days(promise.days_overdue)} overdue", "red", "!"
    if promise.state is PromiseState.OPEN:
        return "Open", "blue", "○"
    if promise.state is PromiseState.KEPT:
        return "Kept", "green", "●"
    return "Replaced", "grey", "↪"


def link_words(found: StatementView) -> str:
    """To what it is linked, in a sentence."""
    if not found.assessed:
        return f"No assessment of {found.destination} was accepted that day."
    if not found.sees_assessment:
        return "A version of the assessment was accepted that day."
    age = f"; its information was {days(found.age.days)} old" if found.age else ""
    return f"Version {found.number} of the assessment was accepted that day{age}."


def late_words(found: StatementView) -> str:
    """What an acceptance that was recorded later changes; empty: nothing."""
    if not found.is_link_late or not found.sees_assessment:
        return ""
    if found.by_now is None:
        return "By what is held now, none was accepted that day."
    return f"By what is held now, version {found.by_now.number} was accepted that day: that was recorded later."
