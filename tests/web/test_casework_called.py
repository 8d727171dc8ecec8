"""Sentences of the core in words: things by their names, limbs by their numbers."""

from __future__ import annotations

from penholder.casework.web.called import in_words

MORATORIUM = "MO-0123456789abcdefghjkmnpqrs"


def test_ids_are_replaced_by_what_they_stand_for() -> None:
    said = f"moratorium {MORATORIUM} matches line 1"
    assert (
        in_words(said, {MORATORIUM: "moratorium on Velmora (XV)"}) == "moratorium on Velmora (XV) matches line 1"
    )
    assert in_words(said, {}) == said.replace("_", " ")


def test_limbs_are_called_by_their_numbers() -> None:
    said = "nothing is known under uk-selc-2021/1, uk-selc-2021/2-gbv, uk-selc-2021/OF, where a clear_risk refuses"
    assert in_words(said, {}) == "nothing is known under 1, 2-gbv, OF, where a clear risk refuses"
