"""What changed between two versions: findings and links apart from wording; nothing is lost in a word diff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from penholder.assessment.diff import Piece, diff_of, word_diff
from penholder.assessment.policy import dropped
from penholder.assessment.values import (
    Area,
    Aspect,
    Cell,
    Concern,
    Conflict,
    Content,
    Finding,
    Kind,
    RiskView,
    UseRisk,
    UseView,
)

IDS = [f"IN-{n}" for n in range(6)]
texts = st.text(alphabet="ab .\n", max_size=30)
evidence = st.lists(st.sampled_from(IDS), unique=True, max_size=4).map(tuple)
cells = st.builds(
    Cell,
    area=st.just(Area.DETAINEES),
    aspect=st.sampled_from(list(Aspect)),
    finding=st.sampled_from(list(Concern)),
    grounds=texts,
    evidence=evidence,
    gaps=st.lists(st.sampled_from(["one", "two"]), unique=True).map(tuple),
)
risks = st.builds(
    UseRisk,
    use_class=st.sampled_from(["air_strike", "detention"]),
    limb=st.just("uk-selc-2021/2c"),
    finding=st.sampled_from(list(Finding)),
    risk=st.sampled_from(list(RiskView)),
    use=st.sampled_from(list(UseView)),
    grounds=texts,
    evidence=evidence,
)
contents = st.builds(
    Content,
    kind=st.sampled_from(list(Kind)),
    cutoff=st.dates(date(2024, 1, 1), date(2024, 1, 9)),
    conflict=st.sampled_from(list(Conflict)),
    cells=st.lists(cells, unique_by=lambda c: c.aspect, max_size=3).map(tuple),
    attitude=st.sampled_from(list(Concern)),
    attitude_grounds=texts,
    risks=st.lists(risks, unique_by=lambda r: r.use_class, max_size=2).map(tuple),
    gaps=st.lists(st.sampled_from(["three", "four"]), unique=True).map(tuple),
)


@given(texts, texts)
def test_a_word_diff_holds_both_texts_whole(before: str, after: str) -> None:
    found = word_diff(before, after)
    assert "".join(w.text for w in found if w.piece is not Piece.ADDED) == before
    assert "".join(w.text for w in found if w.piece is not Piece.REMOVED) == after


@given(contents)
def test_a_version_differs_in_nothing_from_itself(content: Content) -> None:
    assert diff_of(content, content).is_empty


@given(contents, contents)
def test_what_is_gone_is_what_the_newer_version_cites_nowhere(before: Content, after: Content) -> None:
    found = diff_of(before, after)
    assert set(found.gone) == set(before.evidence()) - set(after.evidence())
    assert set(dropped(before, after)) == set(found.gone)
    assert {m.evidence for m in found.added if m.is_gone} == set(after.evidence()) - set(before.evidence())


@given(contents, contents)
def test_the_diff_back_is_the_diff_turned_round(before: Content, after: Content) -> None:
    there, back = diff_of(before, after), diff_of(after, before)
    assert {(f.part, f.what, f.before, f.after) for f in there.findings + there.frame} == {
        (f.part, f.what, f.after, f.before) for f in back.findings + back.frame
    }
    assert {(m.part, m.evidence) for m in there.dropped} == {(m.part, m.evidence) for m in back.added}
    assert {(g.part, g.closed, g.opened) for g in there.gaps} == {(g.part, g.opened, g.closed) for g in back.gaps}


@given(contents, contents)
def test_two_versions_that_say_different_things_have_a_diff(before: Content, after: Content) -> None:
    def said(content: Content) -> Content:
        # What is empty says nothing: a cell that is not assessed, without words, links and gaps.
        kept = tuple(
            c for c in content.cells if c.grounds or c.evidence or c.gaps or c.finding is not Concern.NOT_ASSESSED
        )
        order = sorted(kept, key=lambda c: c.aspect), sorted(content.risks, key=lambda r: r.use_class)
        cells = tuple(replace(c, evidence=tuple(sorted(c.evidence)), gaps=tuple(sorted(c.gaps))) for c in order[0])
        found = tuple(replace(r, evidence=tuple(sorted(r.evidence)), gaps=tuple(sorted(r.gaps))) for r in order[1])
        return replace(content, cells=cells, risks=found, gaps=tuple(sorted(content.gaps)))

    if said(before) != said(after):
        assert not diff_of(before, after).is_empty


def test_a_link_that_moves_to_another_part_is_not_gone() -> None:
    cell = Cell(area=Area.DETAINEES, aspect=Aspect.RECORD, finding=Concern.SOME_CONCERN, grounds="Seen.")
    base = Content(kind=Kind.UPDATE, cutoff=date(2024, 1, 1), conflict=Conflict.ACTIVE)
    before = replace(base, cells=(replace(cell, evidence=("IN-1",)), replace(cell, aspect=Aspect.CAPABILITY)))
    after = replace(base, cells=(cell, replace(cell, aspect=Aspect.CAPABILITY, evidence=("IN-1",))))
    found = diff_of(before, after)
    assert ([(m.part, m.is_gone) for m in found.dropped], found.gone) == ([("detainees/record", False)], ())
