"""What stands at the boxes of the forms on a licence, where a page says it better than the declaration."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.register.values import DrawOrigin

LABELS: Mapping[str, tuple[str, str]] = {
    "effective_on": ("In effect from", "Today or earlier, never in the future."),
    "power": ("By what power", ""),
    "review_by": ("Review by", "The day by which it is looked at again."),
    "limb": ("On which rule it rests", ""),
    "done_on": ("Met on", ""),
    "remark": ("How it is known", ""),
    "text": ("The condition", "What must be done."),
    "timing": ("When it must be met", "Before goods leave, after, or as its text says."),
    "due": ("By which day", "Empty: no day is set."),
    "kind": ("What customs are told of", ""),
    "their_reference": ("Their reference", "As customs gave it."),
    "source": ("Which system reports it", "For example, the declarations of customs."),
    "message": ("Number of the message there", "Each message counts once."),
    "happened_on": ("Shipped on", ""),
    "origin": ("Who says so", ""),
    "quantity": ("Quantity", "In the unit of the line. 0 where it is not said."),
    "value": ("Value", "In the currency of the line. 0 where it is not said."),
    "completeness": ("Is this all that was shipped that day?", ""),
    "reason": ("Why they are given back", ""),
    "words": ("In your own words", ""),
}
"""Parameter -> label and hint, of all forms on a licence."""
ORIGINS = {
    DrawOrigin.CUSTOMS: "Customs",
    DrawOrigin.RETURN: "The holder, in a return",
    DrawOrigin.AUDIT: "An audit",
}
