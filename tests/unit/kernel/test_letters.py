"""Texts as they are read: what looks alike is spelled alike, what cannot be seen is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.words import says_nothing
from penholder.kernel.letters import folded


@pytest.mark.parametrize(
    "spelled",
    [
        "NOTED", "no\u200bted", "n\u043eted", "\u039d\u039f\u03a4\u0395D", "note\u0301d", "\uff2eoted",
        "no\u00adted", "not\u034fed", "\u202enoted",
    ],
)  # fmt: skip
def test_what_looks_alike_is_spelled_alike(spelled: str) -> None:
    assert folded(spelled) == "noted"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "text", ["n/a", "n\u200b/a", "N o n e.", "see\u00a0above", "\u0440ending", "__", "\u200b" * 30]
)
def test_a_phrase_that_says_nothing_says_nothing_however_it_is_spelled_and_spaced(text: str) -> None:
    assert says_nothing(text)


def test_words_say_something() -> None:
    assert not says_nothing("The archive is closed until March.")
    assert not says_nothing("\u0410\u0440\u0445\u0438\u0432 \u0437\u0430\u043a\u0440\u044b\u0442.")
