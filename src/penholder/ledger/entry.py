"""One entry of the ledger: what was done, in canonical JSON, and nothing that would have to be forgotten.

An entry has one spelling. Reading is strict: whatever `to_bytes` would not have written is refused (duplicate
keys, floats, -0, NaN, text that is not NFC, other spaces, other order). Format: docs/reference/ledger-format.md.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from json.encoder import encode_basestring as quoted
from operator import lt
from typing import Any, NamedTuple

from penholder.kernel.canonical import canonical_json
from penholder.ledger.errors import LedgerIntegrityError

MAX_ENTRY = 65_535
"""Bytes: the length is a uint16 in the published bundles (C2SP tlog-tiles)."""
MAX_INTEGER = (1 << 53) - 1
"""Larger integers are not read the same by everyone (RFC 7493 section 2.2)."""
MAX_DEPTH = 16
LATE_AFTER = timedelta(hours=24)
PUBLIC = "public"
VISIBILITIES = (PUBLIC, "official", "restricted")

_DIGEST = '"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"'
_STAMP = r"[0-9]{4}-[01][0-9]-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_PATTERNS: dict[str, str] = {
    "about": r"[!#-\[\]-~]{1,100}",
    "act": r"[a-z][a-z0-9_]{0,49}\.[a-z][a-z0-9_]{0,99}",
    "at": _STAMP,
    "claimed_at": rf"{_STAMP}|[0-9]{{4}}-[01][0-9]-[0-3][0-9]",
    "event": r"[a-z][a-z0-9_]{0,49}\.[A-Z][A-Za-z0-9]{0,99}",
    "role": r"[a-z][a-z0-9_]{0,49}",
    "rules": r"[!#-\[\]-~]{1,200}",
    "run": r"[0-9A-Za-z]{26}",
    "visibility": "|".join(VISIBILITIES),
}
_MAY_BE_NULL = frozenset({"about", "claimed_at", "rules"})
_KEYS = frozenset({*_PATTERNS, "_sd", "data", "v"})


class EntryFacts(NamedTuple):
    """What a reader of the whole log wants of each entry."""

    event: str
    at: str
    late: bool


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One act in the ledger. Times are texts: `at` is `2026-11-22T10:14:05Z`; `claimed_at` that, or a day.

    Args:
        event: `capability.EventName`. act: `capability.action_name`. run: 26 random letters and digits.
        role: in what role the actor acted; who it was is a private field (a digest in `sd`).
        about: random public id of the subject. Only of a public event: of any other it is a private field, so that
            the log does not show what is being done to whom. claimed_at: when the actor says that the fact was.
        data: public fields: any JSON without floats. sd: digests of private fields (see `disclosure.commit`).
        rules: version of the rules that applied.
    """

    event: str
    act: str
    run: str
    role: str
    at: str
    visibility: str
    sd: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    about: str | None = None
    claimed_at: str | None = None
    rules: str | None = None

    @property
    def late(self) -> bool:
        """Is the claimed time more than 24 h from the recorded one? A claimed day counts as all its moments."""
        return self.claimed_at is not None and is_late(self.at, self.claimed_at)

    def to_bytes(self) -> bytes:
        """The leaf data: see `entry_bytes`."""
        return entry_bytes(
            event=self.event, act=self.act, run=self.run, role=self.role, at=self.at, visibility=self.visibility,
            sd=self.sd, data=self.data, about=self.about, claimed_at=self.claimed_at, rules=self.rules,
        )  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> LedgerEntry:
        """The entry that `data` is. Raises: LedgerIntegrityError: what `to_bytes` would not have written."""
        found = _read(data)
        fields = {name: found[name] for name in _PATTERNS}
        return cls(data=found["data"], sd=tuple(found["_sd"]), **fields)


def entry_bytes(
    *,
    event: str,
    act: str,
    run: str,
    role: str,
    at: str,
    visibility: str,
    sd: Sequence[str],
    data: Mapping[str, Any],
    about: str | None = None,
    claimed_at: str | None = None,
    rules: str | None = None,
) -> bytes:
    """The leaf data of an entry with these fields: canonical JSON, UTF-8, at most 65,535 bytes.

    Raises: LedgerIntegrityError: a field is not what it must be, or the entry is too long. TypeError: a float, or
    no text where there must be one.
    """
    late = '"late":true,' if claimed_at is not None and is_late(at, claimed_at) else ""
    text = (  # as `canonical_json` writes a dict of these fields, in a third of the time
        f'{{"_sd":[{",".join(map(quoted, sd))}],"about":{_word(about)},"act":{quoted(act)},'
        f'"at":{quoted(at)},"claimed_at":{_word(claimed_at)},"data":{_object(data)},'
        f'"event":{quoted(event)},{late}"role":{quoted(role)},"rules":{_word(rules)},'
        f'"run":{quoted(run)},"v":1,"visibility":{quoted(visibility)}}}'
    )
    found = text.encode("utf-8", "surrogatepass")
    tells = about is not None and visibility != PUBLIC
    if tells or not (_PLAIN_ENTRY.fullmatch(found) and _is_sound(found, at, sd)):
        check_entry(found)
    return found


_TEXTS = frozenset({str})


def _object(data: Mapping[str, Any]) -> str:
    if type(data) is dict and {*map(type, data.values())} <= _TEXTS:  # as nearly all are
        return "{" + ",".join([f"{quoted(name)}:{quoted(data[name])}" for name in sorted(data)]) + "}"
    return canonical_json(data)


def _word(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _is_sound(data: bytes, at: str, sd: Sequence[str]) -> bool:
    """Is what the shape of a plain entry leaves open as it must be? (Its data are sorted.)"""
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return len(sd) % 8 == 0 and all(map(lt, sd, sd[1:])) and len(data) <= MAX_ENTRY


def is_about(text: str) -> bool:
    """Can an entry be about a subject with this id? 1 to 100 visible ASCII characters, no quotes."""
    return re.fullmatch(_PATTERNS["about"], text) is not None


def is_late(at: str, claimed_at: str) -> bool:
    """More than 24 h between them? Raises: LedgerIntegrityError: not dates."""
    try:
        recorded = datetime.fromisoformat(at)
        if "T" in claimed_at:
            return abs(recorded - datetime.fromisoformat(claimed_at)) > LATE_AFTER
        begins = datetime.combine(date.fromisoformat(claimed_at), time(), UTC)
    except (ValueError, TypeError) as error:
        raise LedgerIntegrityError("field 'at' or 'claimed_at' is no date that exists") from error
    return recorded - begins < -LATE_AFTER or recorded - begins > timedelta(days=1) + LATE_AFTER


def check_entry(data: bytes) -> EntryFacts:
    """Check `data` as strictly as `LedgerEntry.from_bytes` does, without building the entry where it is simple.

    Raises: LedgerIntegrityError.
    """
    quick = _quick(data)
    if quick is not None:
        return quick
    found = _read(data)
    return EntryFacts(found["event"], found["at"], "late" in found)


# The quick lane: an entry whose texts are plain ASCII and whose public fields are flat, as nearly all are.
_PLAIN = r'"[ !#-\[\]-~]*"'
_VALUE = rf"(?:{_PLAIN}|0|-?[1-9][0-9]{{0,14}}|true|false|null)"
_HEAD = re.compile(
    rf'\{{"_sd":\[({_DIGEST}(?:,{_DIGEST})*)\],"about":(null|"{_PATTERNS["about"]}"),"act":"{_PATTERNS["act"]}",'
    rf'"at":"({_STAMP})","claimed_at":(?:null|"({_PATTERNS["claimed_at"]})"),"data":'.encode()
)
_TAIL = re.compile(
    rf',"event":"({_PATTERNS["event"]})",(?:"late":(true),)?"role":"{_PATTERNS["role"]}",'
    rf'"rules":(?:null|"{_PATTERNS["rules"]}"),"run":"{_PATTERNS["run"]}","v":1,'
    rf'"visibility":"({_PATTERNS["visibility"]})"\}}\Z'.encode()
)
_FLAT = re.compile(rf'\{{(?:"[a-z0-9_]+":{_VALUE}(?:,"[a-z0-9_]+":{_VALUE})*)?\}}'.encode())
_PLAIN_ENTRY = re.compile(
    rf'\{{"_sd":\[{_DIGEST}(?:,{_DIGEST})*\],"about":(?:null|"{_PATTERNS["about"]}"),"act":"{_PATTERNS["act"]}",'
    rf'"at":"{_STAMP}","claimed_at":null,"data":'.encode()
    + _FLAT.pattern
    + rf',"event":"{_PATTERNS["event"]}","role":"{_PATTERNS["role"]}","rules":(?:null|"{_PATTERNS["rules"]}"),'
    rf'"run":"{_PATTERNS["run"]}","v":1,"visibility":"(?:{_PATTERNS["visibility"]})"\}}'.encode()
)
"""The whole of a simple entry that claims no time."""
_FLAT_KEY = re.compile(rb'"([a-z0-9_]+)":')


def _quick(data: bytes) -> EntryFacts | None:
    """The facts of a simple and right entry; None for everything else, right or wrong."""
    head = _HEAD.match(data)
    cut = data.rfind(b'},"event":"') + 1
    tail = _TAIL.match(data, cut) if head and cut else None
    if head is None or tail is None or len(data) > MAX_ENTRY:
        return None
    public = data[head.end() : cut]
    digests, about, at, claimed_at = head.groups()
    event, late, visibility = tail.groups()
    slots = digests.split(b",")
    if len(slots) % 8 or not _rises(slots) or not _FLAT.fullmatch(public):
        return None
    if not _rises(_FLAT_KEY.findall(public)) or (about != b"null" and visibility != PUBLIC.encode()):
        return None
    moment = at.decode()
    try:
        datetime.fromisoformat(moment)
        if bool(late) != (claimed_at is not None and is_late(moment, claimed_at.decode())):
            return None
    except (ValueError, LedgerIntegrityError):
        return None
    return EntryFacts(event.decode(), moment, bool(late))


def _rises(items: list[bytes]) -> bool:
    """Sorted, and none twice?"""
    return all(map(lt, items, items[1:]))


# The slow lane: any entry, with a complaint that says what is wrong. It shows no content, which may be restricted.
def _refuse(what: str) -> Callable[[str], object]:
    def refuse(_text: str) -> object:
        raise ValueError(what)

    return refuse


_DECODER = json.JSONDecoder(
    parse_float=_refuse("a number that is not an integer"), parse_constant=_refuse("NaN or Infinity")
)


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_ENTRY:
        raise LedgerIntegrityError(f"an entry has at most {MAX_ENTRY:,} bytes, not {len(data):,}")
    try:
        text = data.decode("utf-8")
        found = _DECODER.decode(text)
        same = canonical_json(found) == text
    except UnicodeDecodeError as error:
        raise LedgerIntegrityError(f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise LedgerIntegrityError(f"not JSON: {error.msg} at character {error.pos}") from error
    except (ValueError, RecursionError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:100]
        raise LedgerIntegrityError(f"not a ledger entry: {said}") from error
    if not same:
        raise LedgerIntegrityError("not canonical JSON (a key given twice, another order, spaces, -0, escapes)")
    if not unicodedata.is_normalized("NFC", text):
        raise LedgerIntegrityError("not in Unicode normal form C")
    if not isinstance(found, dict) or found.keys() - {"late"} != _KEYS:
        raise LedgerIntegrityError(
            f"an entry has the fields {', '.join(sorted(_KEYS))} (and late); this one has not"
        )
    _check_fields(found)
    return found


def _check_fields(found: dict[str, Any]) -> None:
    if found["v"] is True or found["v"] != 1:
        raise LedgerIntegrityError("field 'v': only version 1 is known")
    if found.get("late", True) is not True:
        raise LedgerIntegrityError("field 'late' is true, or is not there")
    for name, pattern in _PATTERNS.items():
        value = found[name]
        if value is None and name in _MAY_BE_NULL:
            continue
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise LedgerIntegrityError(f"field {name!r} is not what it must be ({pattern})")
    if found["about"] is not None and found["visibility"] != PUBLIC:
        raise LedgerIntegrityError(f"field 'about' is null in an entry that is {found['visibility']}")
    _check_digests(found["_sd"])
    if not isinstance(found["data"], dict):
        raise LedgerIntegrityError("field 'data' must be an object")
    _check_public(found["data"])
    _check_times(found["at"], found["claimed_at"], late="late" in found)


def _check_digests(digests: object) -> None:
    given = digests if isinstance(digests, list) else []
    right = bool(given) and len(given) % 8 == 0
    right = right and all(isinstance(d, str) and re.fullmatch(_DIGEST, f'"{d}"') for d in given)
    if not right or not all(map(lt, given, given[1:])):
        raise LedgerIntegrityError(
            "field '_sd' must hold 8, 16, 24 ... digests of 43 characters, sorted, none twice"
        )


def _check_public(value: object, depth: int = 1) -> None:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise LedgerIntegrityError("an integer must lie within 2**53 - 1 of nought", hint="write it as a text")
    if depth > MAX_DEPTH:
        raise LedgerIntegrityError(f"field 'data' is nested more than {MAX_DEPTH} deep")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_public(item, depth + 1)


def _check_times(at: str, claimed_at: str | None, *, late: bool) -> None:
    wanted = is_late(at, claimed_at or at)
    if late != wanted:
        said = "more than 24 h apart, and 'late' is missing" if wanted else "not 24 h apart, and 'late' is given"
        raise LedgerIntegrityError(f"'at' and 'claimed_at' are {said}")
