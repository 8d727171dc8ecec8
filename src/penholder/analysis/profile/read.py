"""Read an operation profile from its YAML record. Every complaint names file and line and what is allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path

from penholder.analysis.profile.model import (
    FORCES,
    MeansUse,
    OperationProfile,
    Operator,
    Party,
    Series,
    Source,
    Territory,
)
from penholder.kernel.canonical import sha256_of
from penholder.kernel.dates import Interval, PartialDate, Precision
from penholder.kernel.errors import InputError, ProfileError
from penholder.kernel.grade import Grade, parse_grade
from penholder.kernel.truth import Truth
from penholder.regime.end_users import NOT_STATED, end_user_classes
from penholder.regime.hints import means
from penholder.regime.regimes import concerns
from penholder.rules.records import Record, did_you_mean, parse_record, read_record

KEYS = (
    "profile", "title", "concern", "period", "parties", "operators_complete", "territory", "means", "other_means",
    "sources",
)  # fmt: skip
_PARTY_KEYS = ("id", "name", "operated_by", "operators_complete", "named_in_incidents", "counted_by", "end_users")
_TRUTHS = {t.word: t for t in Truth}
Sources = Mapping[str, Source]


def read_profile(path: Path, *, further_means: Collection[str] = ()) -> OperationProfile:
    """The profile that a file holds. `further_means`: means to which edges lead, beside those of the vocabulary.

    Raises: ProfileError (`file:line: ...`) for anything missing, unknown, unsourced or contradictory.
    """
    return profile_of(read_record(path, error=ProfileError), further_means=further_means)


def parse_profile(text: str, *, name: str, further_means: Collection[str] = ()) -> OperationProfile:
    """As `read_profile`, from text; `name` is the file name that messages show."""
    return profile_of(parse_record(text, name=name, error=ProfileError), further_means=further_means)


def profile_of(record: Record, *, further_means: Collection[str] = ()) -> OperationProfile:
    """The profile that a record holds."""
    record.refuse_unknown(KEYS)
    name, title, concern = record.text("profile"), record.text("title"), _concern(record)
    sources = _sources(record)
    period = _interval(record.child("period"), need_start=True)
    parties = _parties(record, sources)
    other, other_source = _other_means(record, sources)
    allowed = (*(m.id for m in means()), *further_means)
    profile = OperationProfile(
        id=name,
        title=title,
        concern=concern,
        period=period,
        parties=parties,
        territory=_territory(record, sources),
        means=_means(record, sources, parties, allowed=allowed, period=period),
        other_means=other,
        other_means_source=other_source,
        sources=sources,
        sha256="",
    )
    return replace(profile, sha256=sha256_of(_plain(profile)))


def _sources(record: Record) -> dict[str, Source]:
    table = record.child("sources")
    found: dict[str, Source] = {}
    for name in table.keys():  # noqa: SIM118 - Record is not a dict
        entry = table.child(name)
        entry.refuse_unknown(("title", "grade", "ref", "date"))
        found[name] = Source(
            name, entry.text("title"), _grade(entry), entry.opt_text("ref") or "", entry.opt_partial("date")
        )
    if not found:
        raise record.refusal("sources", "the profile names no source", hint="every statement needs one")
    return found


def _grade(entry: Record) -> Grade:
    try:
        return parse_grade(entry.text("grade"))
    except ProfileError:
        raise
    except InputError as error:
        raise entry.refusal("grade", f"key 'grade': {error.message}", hint=error.hint) from error


def _source(entry: Record, sources: Sources) -> str:
    if not entry.has("source"):
        raise entry.refusal("source", "key 'source' is missing", hint="every statement names one of `sources`")
    return entry.choice("source", sources)


def _interval(entry: Record, *, need_start: bool = False, more: tuple[str, ...] = ()) -> Interval:
    """`from` counts from the first day that it can mean; `until` is the first day that no longer counts."""
    entry.refuse_unknown(("from", "until", *more))
    start = entry.partial("from") if need_start else entry.opt_partial("from")
    end = entry.opt_partial("until")
    if end and end.precision is not Precision.DAY:
        raise entry.refusal(
            "until", f"key 'until': a day is needed, not {str(end)!r}", hint="the first day that no longer counts"
        )
    try:
        return Interval(start.first if start else None, end.first if end else None)
    except InputError as error:
        raise entry.refusal(
            "until", error.message, hint="`until` is the first day that no longer counts, after `from`"
        ) from error


def _concern(record: Record) -> tuple[str, ...]:
    found, allowed = record.words("concern"), concerns()
    for word in found:
        _among(record, "concern", word, allowed)
    return found


def _parties(record: Record, sources: Sources) -> tuple[Party, ...]:
    shared = _complete(record, sources)
    found: dict[str, Party] = {}
    for entry in record.items("parties"):
        party = _party(entry, sources, shared)
        if party.id in found:
            raise entry.refusal("id", f"party {party.id!r} is given twice")
        found[party.id] = party
    if not found:
        raise record.refusal("parties", "the profile names no party", hint="say whose forces acted")
    return tuple(found.values())


def _party(entry: Record, sources: Sources, shared: tuple[bool, str | None] | None) -> Party:
    entry.refuse_unknown(_PARTY_KEYS)
    complete, complete_source = _complete(entry, sources) or shared or (False, None)
    end_users = entry.opt_words("end_users") or (FORCES,)
    for word in end_users:
        _among(entry, "end_users", word, [c for c in end_user_classes() if c != NOT_STATED])
    return Party(
        id=entry.text("id"),
        name=entry.text("name"),
        operated_by=tuple(_operator(e, sources) for e in entry.opt_items("operated_by")),
        operators_complete=complete,
        operators_complete_source=complete_source,
        named_in_incidents=entry.opt_words("named_in_incidents"),
        counted_by=tuple(_series(e, sources) for e in entry.opt_items("counted_by")),
        end_users=end_users,
    )


def _complete(entry: Record, sources: Sources) -> tuple[bool, str | None] | None:
    """`{value: yes, source: s1}`; a plain `no` needs no source, for it states nothing."""
    key = "operators_complete"
    if not entry.has(key):
        return None
    if not entry.is_mapping(key):
        if entry.flag(key):
            raise entry.refusal(
                key, f"key {key!r}: yes needs a source", hint=f"write {key}: {{value: yes, source: s1}}"
            )
        return False, None
    said = entry.child(key)
    said.refuse_unknown(("value", "source"))
    value = said.flag("value")
    return value, _source(said, sources) if value or said.has("source") else None


def _operator(entry: Record, sources: Sources) -> Operator:
    valid = _interval(entry, more=("state", "source"))
    return Operator(_code(entry, "state"), valid, _source(entry, sources))


def _series(entry: Record, sources: Sources) -> Series:
    entry.refuse_unknown(("series", "source"))
    return Series(entry.text("series"), _source(entry, sources))


def _territory(record: Record, sources: Sources) -> tuple[Territory, ...]:
    found = []
    for entry in record.items("territory"):
        entry.refuse_unknown(("place", "admin1", "source"))
        found.append(Territory(_code(entry, "place"), entry.opt_words("admin1"), _source(entry, sources)))
    if not found:
        raise record.refusal("territory", "the profile names no territory", hint="say where the operations were")
    return tuple(found)


def _code(entry: Record, key: str) -> str:
    code = entry.text(key)
    if len(code) != 2 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise entry.refusal(
            key, f"key {key!r}: {code!r} is not a country code", hint="write ISO 3166-1 alpha-2, for example XA"
        )
    return code


def _means(
    record: Record, sources: Sources, parties: tuple[Party, ...], *, allowed: Collection[str], period: Interval
) -> tuple[MeansUse, ...]:
    found: list[MeansUse] = []
    for entry in record.items("means"):
        use = _means_use(entry, sources, parties, allowed)
        for earlier in found:
            if _contradict(use, earlier, period):
                said = f"means {use.means!r} is said to be used and not used on the same days"
                raise entry.refusal("used", said, hint="give `from` and `until` so that the two do not overlap")
        found.append(use)
    if not found:
        raise record.refusal("means", "the profile names no means", hint="say by which means the parties acted")
    return tuple(found)


def _means_use(entry: Record, sources: Sources, parties: tuple[Party, ...], allowed: Collection[str]) -> MeansUse:
    valid = _interval(entry, more=("means", "used", "party", "source"))
    return MeansUse(
        means=_among(entry, "means", entry.text("means"), allowed),
        used=_TRUTHS[entry.choice("used", _TRUTHS)],
        valid=valid,
        party=entry.choice("party", [p.id for p in parties]) if entry.has("party") else None,
        source=_source(entry, sources),
    )


def _contradict(one: MeansUse, other: MeansUse, period: Interval) -> bool:
    if (one.means, one.party) != (other.means, other.party) or {one.used, other.used} != {Truth.YES, Truth.NO}:
        return False
    begins = [Interval(s.valid.start or _before(period, s.valid), s.valid.end) for s in (one, other)]
    return begins[0].overlaps(begins[1])


def _before(period: Interval, valid: Interval) -> date | None:
    """A statement without `from` begins with the period, unless it ends before that."""
    return None if valid.end and period.start and valid.end <= period.start else period.start


def _other_means(record: Record, sources: Sources) -> tuple[Truth, str | None]:
    key = "other_means"
    if not record.has(key):
        return Truth.UNKNOWN, None
    if not record.is_mapping(key):
        if record.choice(key, ("no", "unknown")) == "no":
            raise record.refusal(
                key, f"key {key!r}: no needs a source", hint=f"write {key}: {{used: no, source: s1}}"
            )
        return Truth.UNKNOWN, None
    said = record.child(key)
    said.refuse_unknown(("used", "source"))
    used = _TRUTHS[said.choice("used", ("no", "unknown"))]
    return used, _source(said, sources) if used is Truth.NO or said.has("source") else None


def _among(entry: Record, key: str, word: str, allowed: Collection[str]) -> str:
    if word not in allowed:
        said = did_you_mean(word, allowed)
        raise entry.refusal(key, f"key {key!r}: {word!r} is not allowed; allowed: {', '.join(allowed)}{said}")
    return word


def _plain(value: object) -> object:
    """The content as plain JSON values: dates and grades as text, so that equal content has one hash."""
    if isinstance(value, Truth):
        return value.word
    if isinstance(value, date | PartialDate | Grade | Enum):
        return str(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value
