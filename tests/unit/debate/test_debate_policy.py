"""The rules of the debate without a database: the life of comments, names, texts, clocks, figures."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError, InvalidError
from penholder.debate.house_rules import edition, editions
from penholder.debate.policy import tally
from penholder.debate.policy.clocks import appeal_until, check_appeal_in_time, is_editable, is_overdue
from penholder.debate.policy.machine import machines, member_state
from penholder.debate.policy.names import checked_name, skeleton
from penholder.debate.policy.text import checked_text, html_of
from penholder.debate.values import CommentMove, CommentState, Measure, MemberMove, MemberState
from penholder.kernel.errors import RuleError

NOON = datetime(2024, 11, 22, 12, tzinfo=UTC)


@given(st.lists(st.sampled_from(CommentMove), max_size=8))
def test_a_comment_is_hidden_by_hold_and_remove_alone_and_a_removal_ends_by_an_appeal_alone(
    moves: list[CommentMove],
) -> None:
    table, state = machines(), machines().comment.begins
    for move in moves:
        try:
            after = table.comment.after(move, state, what="it")
        except ConflictError:
            continue
        if state in table.shown and after not in table.shown:
            assert move in {CommentMove.HOLD, CommentMove.REMOVE}
        if state is CommentState.REMOVED:
            assert move is CommentMove.RESTORE
        state = after


def test_reports_never_hide_a_comment_however_many_there_are() -> None:
    state = machines().comment.begins
    for _ in range(1_000):
        state = machines().comment.after(CommentMove.REPORT, state, what="it")
    assert state in machines().shown


def test_every_state_and_every_move_of_the_tables_is_reached() -> None:
    table = machines()
    assert {s for _, s in table.comment.moves} | set(table.comment.moves.values()) == set(CommentState)
    assert {m for m, _ in table.comment.moves} == set(CommentMove)
    assert {s for _, s in table.member.moves} | set(table.member.moves.values()) == set(MemberState)
    assert {m for m, _ in table.member.moves} == set(MemberMove)


@given(st.sets(st.sampled_from((Measure.WARN, Measure.SUSPEND, Measure.BAN))))
def test_the_gravest_measure_that_holds_says_where_a_member_stands(held: set[Measure]) -> None:
    wanted = MemberState.ACTIVE
    for measure, state in (
        (Measure.WARN, MemberState.WARNED),
        (Measure.SUSPEND, MemberState.RESTRICTED),
        (Measure.BAN, MemberState.BANNED),
    ):
        wanted = state if measure in held else wanted
    assert member_state(held) is wanted


# Names


@pytest.mark.parametrize(
    "name",
    [
        "Moderator", "moderator", "M0derator", "rnoderator", "Mode-rator", "The Minister", "M\u0456nister",
        "\uff2dinister", "Off1cial", "admin", "Licensing authority of Ardenia", "licensing-authority of ardenia",
        "P\u0430vel", "ab", "x" * 41, "...", "12345", "a\u202eb c", "zero\u200bwidth", "<b>bold</b>",
    ],
)  # fmt: skip
def test_a_name_that_misleads_is_refused(name: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_name(name, reserved=("Licensing authority of Ardenia",))
    assert list(refused.value.fields) == ["name"]


def test_a_name_is_shown_as_it_was_written_with_single_spaces() -> None:
    assert checked_name("  Ana  of the Quay ") == "Ana of the Quay"
    assert checked_name("\uff21\uff4e\uff41 K.") == "Ana K."
    assert checked_name("\u0410\u043d\u043d\u0430 \u041f.") == "\u0410\u043d\u043d\u0430 \u041f."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Watch", "harbour-watch"), ("Harbour Watch", "HARBOUR WATCH"), ("Harbour", "Harb0ur"),
        ("Ilse", "llse"), ("Ana", "\u0410n\u0430"),
        ("Rene", "Ren\u00e9"), ("modern", "modem"),
        ("\uff21na", "Ana"), ("wave", "vvave"),
    ],
)  # fmt: skip
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_names_that_differ_have_two() -> None:
    names = ("Reader A", "Reader B", "Harbour", "Harvest", "Ana", "Anna", "Ian", "Jan")
    assert len({skeleton(n) for n in names}) == len(names)


@given(st.text(max_size=60))
def test_a_name_that_is_taken_has_a_skeleton_and_stays_itself(name: str) -> None:
    try:
        shown = checked_name(name)
    except InvalidError:
        return
    assert checked_name(shown) == shown
    assert skeleton(shown) == skeleton(shown.upper())
    assert skeleton(shown)


# Texts

UNSAFE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<style>p{}</style>", "<form action=/x>",
    "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a](vbscript:x)", "[a](//evil.example)", "[a](/local)",
    "<a href='https://a.example' onclick=x>a</a>", "![p](https://a.example/p.png)", "<iframe src=x></iframe>",
    "<svg onload=alert(1)>", "[a]: javascript:x\n\n[a]", "<javascript:alert(1)>", "# heading", "heading\n===",
    "[a](JaVaScRiPt:alert(1))", "[a](java\nscript:x)", "<https://a.example/\" onmouseover=\"x>",
)  # fmt: skip


@pytest.mark.parametrize("text", UNSAFE)
def test_nothing_unsafe_comes_out_of_a_comment(text: str) -> None:
    html = html_of(checked_text(text)).lower()
    tags = {t.strip("</>").split()[0] for t in html.split() if t.startswith("<") and len(t) > 1}
    for word in ("<script", "<img", "<style", "<form", "<iframe", "<svg", "<h1", 'href="javascript', 'href="data',
                 'href="vbscript', 'href="//', 'href="/'):  # fmt: skip
        assert word not in html, (text, tags)
    outside = html.replace("&lt;", "").replace("&quot;", "")
    assert " onclick=" not in outside.partition("<a ")[2].partition(">")[0]


def test_links_are_marked_and_the_rest_of_the_marks_are_shown() -> None:
    assert html_of("[x](https://a.example/p) **b** *i* `c`") == (
        '<p><a href="https://a.example/p" rel="nofollow ugc noopener noreferrer">x</a> <strong>b</strong> '
        "<em>i</em> <code>c</code></p>"
    )
    assert html_of("> said\n\n1. one\n2. two") == (
        "<blockquote>\n<p>said</p>\n</blockquote>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>"
    )


def test_signs_that_cannot_be_seen_or_turn_the_text_are_left_out() -> None:
    assert checked_text("a\u202egnp.exe\u200b b\ufeff") == "agnp.exe b"
    assert checked_text("e" + "\u0301" * 40 + "nd") == "\u00e9" + "\u0301" * 3 + "nd"


@pytest.mark.parametrize("sign", ["&#8238;", "&#x202e;", "&rlm;", "&ZeroWidthSpace;", "&shy;", "&#xfeff;"])
def test_what_cannot_be_seen_does_not_come_back_by_the_entities_of_markdown(sign: str) -> None:
    assert html_of(checked_text(f"a{sign}gnp.exe [l{sign}](https://a.example)")) == (
        '<p>agnp.exe <a href="https://a.example" rel="nofollow ugc noopener noreferrer">l</a></p>'
    )
    assert html_of("e" + "&#x336;" * 40) == "<p>e" + "\u0336" * 3 + "</p>"


@pytest.mark.parametrize("text", ["&#8203;", "[](https://a.example)", "> " * 13 + "x", "&nbsp;\n\n&#8238;"])
def test_a_comment_of_which_nothing_is_to_be_read_is_empty(text: str) -> None:
    with pytest.raises(InvalidError, match="the comment is empty"):
        checked_text(text)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "***", "x" * 4_001])
def test_an_empty_comment_and_one_that_is_too_long_are_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_text(text)
    assert list(refused.value.fields) == ["text"]


@pytest.mark.parametrize(
    "text", ["[" * 4_000, "*" * 4_000, ">" * 4_000, "- " * 2_000, "`" * 4_000, "[a](" * 1_000]
)
def test_a_comment_made_to_be_slow_is_rendered_quickly(text: str) -> None:
    began = time.process_time()
    html_of(text)
    assert time.process_time() - began < 0.5  # 20 ms on a quiet machine


# Clocks


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2024, 11, 22), date(2025, 5, 22)), (date(2024, 8, 31), date(2025, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)), (date(2024, 12, 31), date(2025, 6, 30)),
    ],
)  # fmt: skip
def test_an_appeal_is_open_for_six_months(day: date, last: date) -> None:
    assert appeal_until(day) == last
    check_appeal_in_time(day, today=last)
    with pytest.raises(ConflictError):
        check_appeal_in_time(day, today=last + timedelta(days=1))


def test_a_comment_can_be_changed_for_ten_minutes_while_nobody_has_replied() -> None:
    assert is_editable(NOON, now=NOON + timedelta(minutes=10), has_replies=False)
    assert not is_editable(NOON, now=NOON + timedelta(minutes=10, seconds=1), has_replies=False)
    assert not is_editable(NOON, now=NOON, has_replies=True)


def test_an_appeal_is_overdue_by_the_times_alone() -> None:
    late = NOON + timedelta(days=14, seconds=1)
    assert not is_overdue(NOON, None, now=NOON + timedelta(days=14))
    assert is_overdue(NOON, None, now=late)
    assert is_overdue(NOON, late, now=late + timedelta(days=90))
    assert not is_overdue(NOON, NOON, now=late)


# House rules and figures


def test_the_rules_that_ship_have_ids_titles_and_texts() -> None:
    (first,) = editions(file=None)
    assert (first.version, len(first.rules)) == ("1", 8)
    assert edition("1", file=None).sha256 == first.sha256
    assert all(r.id and r.title and r.text for r in first.rules)


@pytest.mark.parametrize(
    "text",
    [
        "versions: []",
        "versions:\n  - {version: '1', rules: []}",
        "versions:\n  - version: '1'\n    rules:\n      - {id: A B, title: t, text: t}",
        "versions:\n  - version: '1'\n    rules:" + 2 * "\n      - {id: a, title: t, text: t}",
        "rules: []",
    ],
)
def test_rules_that_are_not_sound_are_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError):
        editions(file=file)


def test_the_median_is_one_of_the_values_and_nothing_has_none() -> None:
    said = [tally.Said("debate.CommentReported", NOON, {"report": f"R{n}", "rule": "a"}) for n in range(3)]
    asked = {"measure": "M", "ended": None}
    for n, minutes in enumerate((5, 60, 1_000)):
        at = NOON + timedelta(minutes=minutes)
        said.append(tally.Said("debate.CommentKept", at, asked | {"reports": [f"R{n}"]}))
    found = tally.recount(said, first=date(2024, 1, 1), last=date(2025, 1, 1), now=NOON)
    assert next(f.number for f in found if f.name == tally.MEDIAN) == 60
    empty = tally.recount([], first=date(2024, 1, 1), last=date(2025, 1, 1), now=NOON)
    assert {f.number for f in empty} == {0, None}
    assert [f.name for f in empty] == list(tally.FIGURES)
