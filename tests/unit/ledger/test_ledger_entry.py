"""Entries have one spelling; whatever else is offered is refused, and by both lanes of the check alike."""

from __future__ import annotations

import json
from hashlib import shake_128
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penholder.kernel.canonical import canonical_json
from penholder.ledger.disclosure import Disclosure, Randomness, commit, digests_of, salted_text
from penholder.ledger.entry import LedgerEntry, _quick, check_entry, is_late
from penholder.ledger.errors import LedgerIntegrityError, ProofError

SD = tuple(f"{chr(ord('A') + n)}{'a' * 41}A" for n in range(8))


def entry(**fields: Any) -> LedgerEntry:
    given: dict[str, Any] = {
        "event": "register.LineSuspended", "act": "register.suspend_lines", "run": "01hzy4k3m5n6p7q8r9s0t1v2w3",
        "role": "licensing_manager", "at": "2026-11-22T10:14:05Z", "about": "L-7F3K2M9QX4",
        "visibility": "public", "sd": SD, "data": {"power": "order-12", "lines": 3}, "rules": "xa-2021",
    }  # fmt: skip
    return LedgerEntry(**{**given, **fields})


PLAIN = entry().to_bytes()


def test_an_entry_survives_its_bytes() -> None:
    for one in (entry(), entry(about=None, visibility="official"),
                entry(about=None, rules=None, data={}), entry(claimed_at="2026-11-01"),
                entry(data={"nested": {"list": [1, None, True, "Prüfung"]}, "Key": ""}),
                entry(data={"n": -(2**53) + 1})):  # fmt: skip
        assert LedgerEntry.from_bytes(one.to_bytes()) == one


def test_simple_entries_take_the_quick_lane_and_it_says_the_same() -> None:
    assert _quick(PLAIN) == ("register.LineSuspended", "2026-11-22T10:14:05Z", False)
    nested = entry(data={"a": {"b": 1}}).to_bytes()
    assert _quick(nested) is None
    assert check_entry(nested) == ("register.LineSuspended", "2026-11-22T10:14:05Z", False)


TEXT = st.text(st.sampled_from('aZ 9_"\\/~<é雪𝄞\t\n\x7f'))


@given(st.dictionaries(st.text("abz_09"), TEXT | st.integers(-9, 9) | st.booleans() | st.none(), max_size=4))
def test_an_entry_is_written_as_canonical_json_writes_it(data: dict[str, Any]) -> None:
    written = entry(data=data).to_bytes()
    assert written.decode() == canonical_json(json.loads(written))
    assert json.loads(written)["data"] == data
    assert LedgerEntry.from_bytes(written).data == data


WRONG: list[dict[str, Any]] = [
    {"event": "LineSuspended"}, {"act": "x"}, {"run": "short"}, {"role": "No"}, {"at": "2026-02-30T10:00:00Z"},
    {"about": "a b"}, {"visibility": "secret"}, {"rules": ""}, {"sd": SD[:7]}, {"sd": SD[::-1]}, {"sd": ()},
    {"sd": (SD[0], *SD[:7])}, {"sd": (f'{SD[0]}","{SD[1]}', *SD[2:])}, {"sd": (*SD[:7], "B" * 43)},
    {"data": {"n": 2**53}}, {"data": {"n": "e\u0301"}}, {"data": {"n": "x" * 66_000}}, {"data": {"n": "\ud800"}},
    {"data": []}, {"claimed_at": "yesterday"}, {"visibility": "official"}, {"visibility": "restricted"},
]  # fmt: skip


@pytest.mark.parametrize("fields", WRONG)
def test_what_is_no_entry_is_not_written(fields: dict[str, Any]) -> None:
    with pytest.raises(LedgerIntegrityError):
        entry(**fields).to_bytes()


@pytest.mark.parametrize("name", ["event", "at", "about", "sd"])
def test_what_is_no_text_is_not_written(name: str) -> None:
    with pytest.raises(TypeError):
        entry(**{name: (1,) * 8 if name == "sd" else 1}).to_bytes()


@pytest.mark.parametrize(
    ("claimed_at", "late"),
    [
        (None, False),
        ("2026-11-22T10:14:05Z", False),
        ("2026-11-21T10:14:05Z", False),
        ("2026-11-21T10:14:04Z", True),
        ("2026-11-23T10:14:05Z", False),
        ("2026-11-23T10:14:06Z", True),
        ("2026-11-21", False),
        ("2026-11-20", True),
        ("2026-11-24", True),
        ("2026-11-23", False),
        ("0001-01-01", True),
        ("9999-12-31", True),
    ],
)
def test_more_than_a_day_between_claimed_and_recorded_shows(claimed_at: str | None, *, late: bool) -> None:
    one = entry(claimed_at=claimed_at)
    data = one.to_bytes()
    assert one.late is late
    assert (b'"late":true' in data) is late
    assert check_entry(data).late is late


def changed(**fields: Any) -> bytes:
    """The plain entry with other fields, canonically written, whatever they are."""
    found = {**json.loads(PLAIN), **fields}
    found = {k: v for k, v in found.items() if v is not ...}
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff" + PLAIN,
        PLAIN + b"\n",
        b" " + PLAIN,
        PLAIN[:-1],
        PLAIN.replace(b'"v":1', b'"v":1.0'),
        PLAIN.replace(b'"v":1', b'"v":2'),
        PLAIN.replace(b'"v":1', b'"v":true'),
        PLAIN.replace(b'"v":1', b'"v":1,"v":1'),
        PLAIN.replace(b'"lines":3', b'"lines":3.0'),
        PLAIN.replace(b'"lines":3', b'"lines":-0'),
        PLAIN.replace(b'"lines":3', b'"lines":NaN'),
        PLAIN.replace(b'"lines":3', b'"lines":3e2'),
        PLAIN.replace(b'"lines":3', b'"lines":03'),
        PLAIN.replace(b'"lines":3', b'"lines":3,"lines":3'),
        PLAIN.replace(b'"lines":3', b'"lines":9007199254740992'),
        PLAIN.replace(b'"lines":3', b'"lines": 3'),
        PLAIN.replace(b'"lines":3', b'"zines":3'),
        PLAIN.replace(b"order-12", b"\\u006frder-12"),
        PLAIN.replace(b"order-12", b"\\ud800"),
        PLAIN.replace(b"order-12", "e\u0301".encode()),
        PLAIN.replace(b"order-12", b"\x01"),
        PLAIN.replace(b'"power"', "\"cafe\u0301\"".encode()),
        changed(run=...),
        changed(extra=1),
        changed(late=True),
        changed(late=False),
        changed(claimed_at="2026-11-01"),
        changed(claimed_at="2026-13-01"),
        changed(claimed_at="2026-11-31T00:00:00Z", late=True),
        changed(at="2026-11-22"),
        changed(at="2026-11-22T24:00:00Z"),
        changed(at="2026-02-30T10:00:00Z"),
        changed(at="2026-11-22T10:14:05+00:00"),
        changed(event="LineSuspended"),
        changed(event=None),
        changed(visibility="secret"),
        changed(role=""),
        changed(run="short"),
        changed(about=""),
        changed(visibility="official"),
        changed(visibility="restricted"),
        changed(about="two words"),
        changed(data=None),
        changed(data=[1]),
        changed(data={"deep": json.loads("[" * 20 + "]" * 20)}),
        changed(_sd=[]),
        changed(_sd=SD[:7]),
        changed(_sd=(*SD[1:], SD[0])),
        changed(_sd=(*SD[:7], SD[6])),
        changed(_sd=(*SD[:7], SD[7][:-1] + "B")),
        changed(_sd=[1] * 8),
        changed(data={"text": "x" * 70_000}),
        changed(data={"deep": None}).replace(b"null}", b"[" * 5_000 + b"]" * 5_000 + b"}"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(data: bytes) -> None:
    assert _quick(data) is None
    with pytest.raises(LedgerIntegrityError):
        check_entry(data)
    with pytest.raises(LedgerIntegrityError):
        LedgerEntry.from_bytes(data)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "Two Words"}, {"sd": SD[:3]}, {"at": "yesterday"}, {"claimed_at": "soon"}, {"data": {"n": 2**60}},
        {"data": {"text": "e\u0301"}}, {"data": {"text": "x" * 70_000}}, {"data": {"text": "\ud800"}},
        {"at": "2026-11-22", "claimed_at": "2026-11-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_an_entry_that_could_not_be_read_is_not_written(fields: dict[str, Any]) -> None:
    with pytest.raises(LedgerIntegrityError):
        entry(**fields).to_bytes()


def test_a_float_is_not_written() -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        entry(data={"value": 1.5}).to_bytes()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(data=st.dictionaries(texts, values, max_size=4))
def test_any_public_fields_make_the_round_or_are_refused(data: dict[str, Any]) -> None:
    try:
        written = entry(data=data).to_bytes()
    except LedgerIntegrityError:
        return
    assert LedgerEntry.from_bytes(written).data == data


@settings(max_examples=300)
@given(place=st.integers(0, len(PLAIN) - 1), new=st.binary(max_size=3), cut=st.integers(0, 3))
def test_the_quick_lane_accepts_nothing_that_the_slow_lane_refuses(place: int, new: bytes, cut: int) -> None:
    mutated = PLAIN[:place] + new + PLAIN[place + cut :]
    quick = _quick(mutated)
    try:
        slow: LedgerEntry | None = LedgerEntry.from_bytes(mutated)
    except LedgerIntegrityError:
        slow = None
    if quick is not None:
        assert slow is not None
        assert (slow.event, slow.at, slow.late) == quick
    if slow is not None:
        assert slow.to_bytes() == mutated


def test_is_late_refuses_what_is_no_date() -> None:
    with pytest.raises(LedgerIntegrityError):
        is_late("2026-11-22T10:00:00Z", "tomorrow")


# Disclosures


def counted(start: int = 0) -> Any:
    numbers = iter(range(start, 1_000_000))
    return lambda size: shake_128(next(numbers).to_bytes(4, "big")).digest(size)


def test_a_disclosure_is_found_among_the_digests_and_its_number_is_hidden() -> None:
    random = counted()
    few = [Disclosure.make("actor", "officer-37", random=random)]
    many = [Disclosure.make(f"field_{n}", n, random=random) for n in range(8)]
    assert len(commit(few)) == len(commit(many)) == len(commit([])) == 8
    assert len(commit([*many, *few])) == 16
    found = commit(few, random=random)
    assert few[0].digest() in found
    assert list(found) == sorted(found)
    entry(sd=found).to_bytes()


def test_a_disclosure_survives_its_text() -> None:
    for value in ("officer-37", 5, None, ["a", {"b": "Prüfung"}]):
        one = Disclosure.make("actor", value)
        assert Disclosure.parse(one.text()) == one
        assert len(one.digest()) == 43


@pytest.mark.parametrize("value", ["officer-37", 'a "quoted" Prüfung\n', "", 5, None, ["a", {"b": "c"}]])
def test_a_disclosure_is_written_at_once_as_it_is_in_two_steps(value: object) -> None:
    text = salted_text("reason", value, random=counted())
    assert text == Disclosure.make("reason", value, random=counted()).text()
    assert Disclosure.parse(text).value == value
    one = Disclosure.parse(text)
    assert digests_of([text], random=counted(1)) == commit([one], random=counted(1))
    assert one.digest() in digests_of([text])


def test_decoys_look_like_digests_and_are_never_the_same() -> None:
    found = [digest for _ in range(100) for digest in commit([])]
    assert len(set(found)) == 800
    assert {len(digest) for digest in found} == {43}
    assert {digest[-1] for digest in found} == set("AEIMQUYcgkosw048")


def test_randomness_gives_no_byte_twice_and_never_too_few() -> None:
    random = Randomness(48)
    parts = [random(size) for size in (16, 32, 32, 16)]
    assert [len(part) for part in parts] == [16, 32, 32, 16]
    assert len({part[:16] for part in parts}) == 4
    assert parts[1][16:] not in parts


def test_the_same_value_has_another_digest_each_time() -> None:
    assert Disclosure.make("actor", "officer-37").digest() != Disclosure.make("actor", "officer-37").digest()


@pytest.mark.parametrize("text", ["", "=", "e30", "WyJhIl0", "WzEsMiwzXQ", "WyJhIiwgImIiLCAxXQ", "\u00e9"])
def test_a_disclosure_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        Disclosure.parse(text)


def test_a_disclosure_with_a_float_is_not_written() -> None:
    with pytest.raises(TypeError):
        Disclosure.make("value", {"a": [1.5]}).text()
