"""From release to release: every changed cell has its reason, and the changes lead from one to the other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penholder.publication.disclosure import disclosure
from penholder.publication.errors import ReleaseError
from penholder.publication.fold import licences_of
from penholder.publication.releases import files
from penholder.publication.releases.changes import Change, Reason, Steps, applied, as_row, changes_of, of_row
from penholder.publication.releases.tables import TABLES, Material, Row, Table, made_tables
from tests.unit.publication.facts_ground import Acts, Log, acts_on

LINES = next(t for t in TABLES if t.name == "lines")
OLD, NEW = date(2024, 8, 1), date(2024, 9, 1)
KNOWN = {
    ("assessments", 1, "1acfa43b7697"),
    ("concerns", 2, "3c30cfe5ba00"),
    ("decisions", 1, "c994721e7bce"),
    ("destinations", 1, "878776341be6"),
    ("entries", 1, "ef667cf265d0"),
    ("lines", 1, "8851efd0bbfe"),
    ("measures", 1, "a7ebe7dafdfa"),
    ("promises", 1, "cda0769785aa"),
    ("statements", 1, "aaa8cd839c73"),
}
"""Table, version of its definition, hash of its meaning and columns."""


def material(log: Log, *, on: date, size: int | None = None) -> Material:
    facts = log.facts[:size]
    return Material(
        on=on,
        licences=licences_of(facts),
        measures={},
        statements={},
        promises={},
        assessments={},
        decisions={},
        facts=tuple(facts),
        says={name: event.says for name, event in disclosure().events.items()},
        concerns=None,
    )


def between(log: Log, size: int, *, old: date = OLD, new: date = NEW) -> list[Change]:
    """The changes from a release as on `old`, known at `size`, to one as on `new`, known at all."""
    first = made_tables(material(log, on=old, size=size))
    steps = Steps(
        old=first,
        again=first,
        later=made_tables(material(log, on=old)),
        new=made_tables(material(log, on=new)),
        same_day=old == new,
    )

    def bearing(table: Table, key: str) -> Sequence[int]:
        if table.name == "entries":
            return [int(key)] if int(key) >= size else []
        thing = key.split(";", maxsplit=1)[0]
        return [f.number for f in log.facts[size:] if table.name == "destinations" or f.about == thing]

    return changes_of(steps, entries=bearing)


def of_lines(found: list[Change], column: str = "status") -> dict[str, tuple[Any, Any, str, tuple[int, ...]]]:
    return {
        c.key: (c.old, c.new, c.reason.value, c.entries) for c in found if (c.table, c.column) == ("lines", column)
    }


def test_what_happened_since_is_an_entry_and_what_was_so_before_is_a_correction() -> None:
    log = Log()
    for name in ("L-1", "L-2", "L-3"):
        log.issue(name, ("XV", "ML10"), until=date(2024, 8, 15) if name == "L-3" else date(2026, 1, 1))
    log.suspend("L-1", 1, on=date(2024, 8, 10))
    log.suspend("L-2", 1, on=date(2024, 7, 10), recorded=date(2024, 8, 20))
    assert of_lines(between(log, 3)) == {
        "L-1;1": ("issued", "suspended", "entry", (3,)),
        "L-2;1": ("issued", "suspended", "correction", (4,)),
        "L-3;1": ("issued", "expired", "day", ()),
    }


def test_a_row_that_is_new_has_a_change_for_itself_and_for_each_cell() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), on=date(2024, 8, 5))
    found = between(log, 0)
    assert of_lines(found, "") == {"L-1;1": (None, "row", "entry", (0,))}
    assert of_lines(found, "ratings") == {"L-1;1": (None, "ML10", "entry", (0,))}


def test_news_of_the_same_day_are_no_corrections() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    log.suspend("L-1", 1, on=OLD)
    assert of_lines(between(log, 1, new=OLD)) == {"L-1;1": ("issued", "suspended", "entry", (1,))}


def test_another_definition_is_a_reason_of_its_own() -> None:
    old: dict[str, list[Row]] = {
        "lines": [dict.fromkeys(LINES.columns) | {"licence": "L-1", "line": 1, "limb": "a"}]
    }
    new = {"lines": [{**old["lines"][0], "limb": "b"}]}
    steps = Steps(old=old, again=new, later=new, new=new, redefined=frozenset({"lines"}))
    found = changes_of(steps, entries=lambda _t, _k: ())
    assert [(c.column, c.old, c.new, c.reason) for c in found] == [("limb", "a", "b", Reason.DEFINITION)]
    with pytest.raises(ReleaseError, match="no entry, day or definition accounts for it"):
        changes_of(replace(steps, redefined=frozenset({"decisions"})), entries=lambda _t, _k: (7,))


def test_where_definition_and_entry_bear_on_a_cell_the_first_is_the_reason_and_the_other_is_named() -> None:
    row = dict.fromkeys(LINES.columns) | {"licence": "L-1", "line": 1}
    old, again, new = ({"lines": [{**row, "limb": limb}]} for limb in "abc")
    steps = Steps(old=old, again=again, later=again, new=new, redefined=frozenset({"lines"}))
    (found,) = changes_of(steps, entries=lambda _t, _k: (7,))
    assert (found.old, found.new, found.reason, found.entries) == ("a", "c", Reason.DEFINITION, (7,))


def test_a_table_that_means_something_else_has_another_version_of_its_definition() -> None:
    """Whoever changes columns or meaning counts the version up, and writes the new hash here."""
    said = {t.name: [t.means, *t.key, "|", *t.columns, "|", *sorted(t.integers)] for t in TABLES}
    hashes = {n: hashlib.sha256("\n".join(words).encode()).hexdigest()[:12] for n, words in said.items()}
    assert {(t.name, t.definition, hashes[t.name]) for t in TABLES} == KNOWN


def test_a_cell_that_changed_and_that_nothing_accounts_for_stops_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("penholder.publication.releases.changes._reason", lambda *_a, **_k: None)
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    log.suspend("L-1", 1, on=date(2024, 8, 10))
    with pytest.raises(ReleaseError, match="no entry, day or definition accounts for it"):
        between(log, 1)


days = st.integers(0, 100).map(lambda n: date(2024, 6, 1) + timedelta(days=n))
acts = acts_on(days, licences=3, most=8)


@given(acts, st.integers(0, 8), days, days)
def test_the_changes_of_any_log_have_reasons_and_lead_from_the_old_tables_to_the_new(
    done: Acts, size: int, one: date, other: date
) -> None:
    log = Log()
    log.play(done, ("XV", "ML10"), lasts=40)
    old, new = sorted((one, other))
    found = between(log, size, old=old, new=new)
    made = applied(made_tables(material(log, on=old, size=size)), [of_row(as_row(c)) for c in found])
    for name, rows in made_tables(material(log, on=new)).items():
        assert sorted(map(str, map(sorted, (r.items() for r in made[name])))) == sorted(
            map(str, map(sorted, (r.items() for r in rows)))
        )
    assert all(c.entries for c in found if c.reason in {Reason.ENTRY, Reason.CORRECTION})


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(
        st.tuples(texts, st.none() | texts | st.just("a\nb"), st.none() | st.integers(0, 1 << 40)), max_size=4
    )
)
def test_all_formats_give_the_same_rows_back(
    tmp_path: Path, cells: list[tuple[str, str | None, int | None]]
) -> None:
    shape = files.SHAPES["assessments"]
    rows: list[Row] = [
        dict.fromkeys(shape.columns) | {"version": key, "gist": gist, "number": number}
        for key, gist, number in cells
    ]
    (tmp_path / files.DATABASE).unlink(missing_ok=True)
    files.write_all(tmp_path, {"assessments": rows})
    for read in (files.read_lines, files.read_csv, files.read_parquet, files.read_database):
        assert read(tmp_path, "assessments") == rows, read.__name__
