"""YAML records: strict, positioned, and never clever about scalars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.kernel.dates import Precision
from penholder.kernel.errors import InputError, ProfileError
from penholder.rules.records import Record, parse_record, read_record


def record(text: str) -> Record:
    return parse_record(text, name="x.yaml", error=ProfileError)


def complaint(text: str, getter: str, *arguments: object) -> str:
    with pytest.raises(ProfileError) as caught:
        getattr(record(text), getter)(*arguments)
    return caught.value.message


def test_scalars_stay_as_written() -> None:
    found = record("code: NO\nnumber: 0.10\noctal: 010\ntime: 12:30:00\nday: 2014-03-25\n")
    assert [found.text(k) for k in found.keys()] == ["NO", "0.10", "010", "12:30:00", "2014-03-25"]  # noqa: SIM118
    assert found.decimal("number") == Decimal("0.10")
    assert found.integer("octal") == 10
    assert found.day("day") == date(2014, 3, 25)


def test_partial_date_keeps_its_precision() -> None:
    found = record("since: 2014-03\n").partial("since")
    assert (found.first, found.precision) == (date(2014, 3, 1), Precision.MONTH)


def test_null_and_absent_are_not_given() -> None:
    found = record("a: ~\nb:\nc: null\nd: ''\n")
    assert [found.opt_text(k) for k in "abce"] == [None] * 4
    assert (found.opt_words("a"), found.opt_items("b"), found.opt_child("c")) == ((), [], None)
    assert complaint("d: ''\n", "text", "d") == "x.yaml:1: key 'd' is empty; a text is needed"


def test_unknown_key_says_line_allowed_and_nearest() -> None:
    assert complaint("id: a\ntitel: b\n", "refuse_unknown", {"id", "title"}) == (
        "x.yaml:2: key 'titel' is not allowed; allowed: id, title; did you mean 'title'?"
    )


@pytest.mark.parametrize(
    ("text", "getter", "message"),
    [
        (
            "a: 2014-02-31\n",
            "day",
            "x.yaml:1: key 'a': no such date: '2014-02-31' (day is out of range for month)",
        ),
        ("b: 1\na: 2014-02\n", "day", "x.yaml:2: key 'a': a day is needed, not '2014-02'"),
        ("a: 1.5\n", "integer", "x.yaml:1: key 'a': a whole number is needed, not '1.5'"),
        ("a: 1e400\n", "decimal", "x.yaml:1: key 'a': a number is needed, not '1e400'"),
        ("a: maybe\n", "flag", "x.yaml:1: key 'a': 'maybe' is not allowed; allowed: yes, no, true, false"),
        ("a: [b]\n", "text", "x.yaml:1: key 'a': a single value is needed, not a list"),
        ("a: b\n", "items", "x.yaml:1: key 'a': a list is needed, not the single value 'b'"),
        (
            "a: [b]\n",
            "items",
            "x.yaml:1: an entry of 'a' must be a mapping (key: value), not the single value 'b'",
        ),
        ("a: [b, b]\n", "words", "x.yaml:1: key 'a': 'b' is given twice"),
        ("a:\n- b\n-\n", "words", "x.yaml:3: key 'a': a text is needed in the list, not nothing"),
        ("b: 1\n", "text", "x.yaml:1: key 'a' is missing"),
    ],
)
def test_getters_complain_with_file_and_line(text: str, getter: str, message: str) -> None:
    assert complaint(text, getter, "a") == message


def test_choice_offers_the_nearest() -> None:
    assert complaint("a: verifed\n", "choice", "a", ("verified", "to_load")) == (
        "x.yaml:1: key 'a': 'verifed' is not allowed; allowed: to_load, verified; did you mean 'verified'?"
    )


def test_nested_records_know_their_lines() -> None:
    found = record("rules:\n- id: a\n- id: b\n  extra: {x: 1}\n")
    second = found.items("rules")[1]
    assert (second.where, second.child("extra").where) == ("x.yaml:3", "x.yaml:4")
    assert second.child("extra").texts is not None
    assert record("t: {A: 1, B: NO}\n").texts("t") == {"A": "1", "B": "NO"}


def test_flags() -> None:
    found = record("a: Yes\nb: false\n")
    assert (found.flag("a"), found.flag("b"), found.flag("c", default=True), found.opt_flag("c")) == (
        True,
        False,
        True,
        None,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: key 'a' is given twice; first on line 1"),
        ("a: &x {b: 1}\nc: *x\n", "x.yaml:1: anchors and aliases (& and *) are not allowed; write the values out"),
        ("a: &x [*x]\n", "x.yaml:1: anchors and aliases (& and *) are not allowed; write the values out"),
        ("[a]: 1\n", "x.yaml:1: a key must be a single word, not a list"),
        ("- a\n", "x.yaml:1: the file must be a mapping (key: value), not a list"),
        ("", "x.yaml: the file is empty"),
        ("# only a remark\n", "x.yaml: the file is empty"),
        ("a: b: c\n", "x.yaml:1: mapping values are not allowed in this context"),
        ("a: " + "[" * 50 + "]" * 50, "x.yaml:1: nested more than 40 deep"),
        ("a: !!binary x\n", "x.yaml:1: tags (!) are not allowed; put the value in quotes if it is a text"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: a second document begins (---); one file holds one record"),
    ],
)
def test_odd_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        record(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    "text", ["a: \0", "a: 1\n---\nb: 2\n", "a: \ud800", "a: [" * 3000, "{" * 100_000, "a: !!x"]
)
def test_broken_text_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(ProfileError):
        record(text).text("a")


@given(st.text(max_size=60))
def test_any_text_gives_a_record_or_the_error(text: str) -> None:
    try:
        found = record(text)
    except ProfileError:
        return
    assert found.name == "x.yaml"


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_record(good).text("b") == "2"
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"a: 1\nb: caf\xe9\n")
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * ((4 << 20) + 1))
    wanted = {
        bad: f"{bad}:2: not UTF-8",
        tmp_path / "none.yaml": f"{tmp_path / 'none.yaml'}: there is no such file",
        tmp_path: f"{tmp_path}: is a folder; a file is needed",
        big: f"{big}: larger than 4 MB; a YAML record is a small file written by a person",
    }
    for path, message in wanted.items():
        with pytest.raises(InputError) as caught:
            read_record(path)
        assert caught.value.message == message
