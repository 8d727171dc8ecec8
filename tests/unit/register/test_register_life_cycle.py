"""The life of a line is data, and the data are these moves and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words, plain
from penholder.kernel.errors import RuleError
from penholder.register.life_cycle import life_cycle, read_life_cycle
from penholder.register.policy import next_status
from penholder.register.values import LineAct, LineStatus
from penholder.rules.records import parse_record

MOVES = {
    ("issue", "draft"): "issued",
    ("amend", "draft"): "draft",
    ("amend", "issued"): "issued",
    ("amend", "suspended"): "suspended",
    ("suspend", "issued"): "suspended",
    ("reinstate", "suspended"): "issued",
    ("revoke", "issued"): "revoked",
    ("revoke", "suspended"): "revoked",
    ("surrender", "issued"): "surrendered",
    ("surrender", "suspended"): "surrendered",
    ("exhaust", "issued"): "exhausted",
    ("expire", "issued"): "expired",
    ("expire", "suspended"): "expired_while_suspended",
    ("draw", "issued"): "issued",
    ("draw", "suspended"): "suspended",
    ("draw", "expired"): "expired",
    ("draw", "expired_while_suspended"): "expired_while_suspended",
    ("draw", "surrendered"): "surrendered",
    ("draw", "revoked"): "revoked",
}


@pytest.mark.parametrize("act", list(LineAct))
@pytest.mark.parametrize("status", list(LineStatus))
def test_every_act_from_every_status_is_as_the_table_says(act: LineAct, status: LineStatus) -> None:
    wanted = MOVES.get((act.value, status.value))
    if wanted is not None:
        assert next_status(act, status, line="line 1") == wanted
        return
    with pytest.raises(ConflictError, match=f"line 1 is {status}; {act} is not allowed") as refused:
        next_status(act, status, line="line 1")
    allowed = [a for a in LineAct if (a.value, status.value) in MOVES]
    assert refused.value.message.endswith(f"Allowed: {', '.join(allowed) or 'nothing: this status is final'}")


def test_what_has_ended_does_not_begin_again() -> None:
    ended = {"revoked", "surrendered", "expired", "expired_while_suspended", "exhausted"}
    for (_, before), after in life_cycle().moves.items():
        assert before not in ended or after == before


MOVE = "  - act: {act}\n    from: [{before}]\n    to: {to}\n"


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ([("isue", "draft", "issued")], "'isue' is not allowed"),
        ([("issue", "drft", "issued")], "'drft' is no status"),
        ([("issue", "draft", "open")], "'open' is not allowed"),
        ([("issue", "draft", "issued"), ("issue", "draft", "same")], "issue from draft is given twice"),
    ],
)
def test_a_wrong_table_is_refused(moves: list[tuple[str, str, str]], said: str) -> None:
    text = "".join(MOVE.format(act=act, before=before, to=to) for act, before, to in moves)
    with pytest.raises(RuleError, match=said):
        read_life_cycle(parse_record(f"begins: draft\nmoves:\n{text}", name="t.yaml", error=RuleError))


@pytest.mark.parametrize("text", ["", " ", ".", "N/A", "n.a.", "See  file!", "POLICY REASONS", "Tbc...", "—"])
def test_words_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_words(reasons=text, terms="Article 32: nothing may leave.")
    assert list(refused.value.fields) == ["reasons"]


def test_words_that_say_something_are_taken() -> None:
    check_words(reasons="Policy reasons are set out in the letter of 2 September: strikes on the port.")
    assert plain("  See — file! ") == "see file"


def test_the_document_shows_the_table_as_it_is() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "register.md"
    section = page.read_text(encoding="utf-8").split("## Life cycle", 1)[1].split("\n## ", 1)[0]
    shown = {}
    for act, before, to in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", section, re.M):
        for status in re.findall(r"`(\w+)`", before):
            shown[act, status] = status if to == "same" else to.strip("`")
    assert shown == {(a.value, b.value): c.value for (a, b), c in life_cycle().moves.items()}
