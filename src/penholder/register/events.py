"""What happened in the register. Public fields are published with the ledger; all others are sealed.

Public: licence, line numbers, dates, codes; of the goods their ratings, places and class of end user. Commercial:
reference, exporter, descriptions, values, quantities, and the terms and reasons of what was done to lines: the
holder must be told them, and customs act on them.
Official: remarks, references of customs; `gates`, the questions about it that were open elsewhere, and
`gate_reasons`, why their answer was not awaited.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.register.values import (
    Completeness,
    ConditionTiming,
    DrawOrigin,
    LineStatus,
    LineTerms,
    MessageKind,
    Power,
    ShownGoods,
    SurrenderReason,
    WithoutCase,
)


class LicenceEntered(
    Event,
    visibility=Visibility.OFFICIAL,
    about="licence",
    commercial=(
        "licence", "reference", "licence_type", "exporter", "decided_on", "valid_from", "valid_until", "lines",
        "case", "without_case",
    ),
    official=("without_case_words",),
):  # fmt: skip
    """A licence was entered as a draft, with its lines, numbered from 1.

    case: that granted it; empty: none did, and without_case says why, without_case_words where it was decided.
    """

    licence: str
    reference: str
    licence_type: str
    exporter: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    lines: tuple[LineTerms, ...]
    case: str = ""
    without_case: WithoutCase | None = None
    without_case_words: str = ""


class LicenceIssued(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=(
        "licence", "lines", "licence_type", "effective_on", "valid_from", "valid_until", "case", "without_case",
        "exemptions", "goods",
    ),
    commercial=("reference",),
    official=("gates", "gate_reasons"),
):  # fmt: skip
    """The draft lines of a licence were issued. exemptions: ids of those that let them past a moratorium.

    case: that granted it. without_case: why there is none; one of the two is always said.
    """

    licence: str
    lines: tuple[int, ...]
    licence_type: str
    effective_on: date
    valid_from: date
    valid_until: date | None
    case: str = ""
    without_case: WithoutCase | None = None
    exemptions: tuple[str, ...] = ()
    goods: tuple[ShownGoods, ...] = ()
    reference: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class LineAmended(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "line", "effective_on", "changed", "wider", "status", "exemptions", "goods"),
    commercial=("before", "after", "reasons"),
    official=("gates", "gate_reasons"),
):
    """The terms of one line were changed; its status was not. exemptions: those that let it past a moratorium."""

    licence: str
    line: int
    effective_on: date
    changed: tuple[str, ...]
    """Names of the terms that changed."""
    wider: tuple[str, ...] = ()
    """Names of the terms by which the line allows what it did not: then somebody did it who had no part in it."""
    status: LineStatus
    exemptions: tuple[str, ...] = ()
    goods: tuple[ShownGoods, ...] = ()
    """As they are from now on."""
    before: LineTerms
    after: LineTerms
    reasons: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class DraftAmended(
    Event,
    visibility=Visibility.OFFICIAL,
    about="licence",
    commercial=("licence", "line", "effective_on", "changed", "before", "after", "reasons"),
):
    """The terms of one line were changed before it was issued. Names as in LineAmended."""

    licence: str
    line: int
    effective_on: date
    changed: tuple[str, ...]
    before: LineTerms
    after: LineTerms
    reasons: str


class LinesSuspended(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "effective_on", "power", "review_by", "before", "after"),
    commercial=("terms", "reasons"),
):
    """Nothing may leave under these lines until they are reinstated."""

    licence: str
    lines: tuple[int, ...]
    effective_on: date
    power: Power
    review_by: date
    before: LineStatus
    after: LineStatus
    terms: str
    reasons: str


class LinesReinstated(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "effective_on", "before", "after", "exemptions"),
    commercial=("reasons",),
    official=("gates", "gate_reasons"),
):
    """A suspension was lifted. exemptions: ids of those that let the lines past a moratorium."""

    licence: str
    lines: tuple[int, ...]
    effective_on: date
    before: LineStatus
    after: LineStatus
    exemptions: tuple[str, ...] = ()
    reasons: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class LinesRevoked(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "effective_on", "limb", "before", "after"),
    commercial=("reasons",),
    official=("gates", "gate_reasons"),
):
    """Lines were ended for good, under a limb of the rules. `before`: one status per line."""

    licence: str
    lines: tuple[int, ...]
    effective_on: date
    limb: str
    before: tuple[LineStatus, ...]
    after: LineStatus
    reasons: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class LinesSurrendered(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "effective_on", "reason", "before", "after"),
    commercial=("words",),
):
    """The holder gave lines back. `before`: one status per line."""

    licence: str
    lines: tuple[int, ...]
    effective_on: date
    reason: SurrenderReason
    before: tuple[LineStatus, ...]
    after: LineStatus
    words: str


class LineDrawn(
    Event,
    visibility=Visibility.OFFICIAL,
    about="licence",
    commercial=(
        "licence", "line", "source", "message", "quantity", "value", "happened_on", "origin", "completeness"
    ),
):  # fmt: skip
    """Goods were shipped under a line."""

    licence: str
    line: int
    source: str
    message: str
    quantity: Decimal
    value: Decimal
    happened_on: date
    origin: DrawOrigin
    completeness: Completeness


class LineExhausted(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "line", "effective_on", "before", "after"),
):
    """Nothing is left of what a line allowed."""

    licence: str
    line: int
    effective_on: date
    before: LineStatus
    after: LineStatus


class LinesExpired(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "effective_on", "before", "after"),
):
    """Lines ran out. `before` and `after`: one status per line."""

    licence: str
    lines: tuple[int, ...]
    effective_on: date
    before: tuple[LineStatus, ...]
    after: tuple[LineStatus, ...]


class ConditionAdded(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "condition", "timing", "due"),
    commercial=("text",),
):
    """A condition was put on lines (none named: on the whole licence)."""

    licence: str
    lines: tuple[int, ...]
    condition: str
    timing: ConditionTiming
    due: date | None
    text: str


class ConditionFulfilled(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "condition", "done_on"),
    official=("remark",),
):
    """A condition was met."""

    licence: str
    condition: str
    done_on: date
    remark: str


class CustomsMessageSent(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "message", "kind", "effective_on", "due"),
):
    """Customs were told about lines, and asked to acknowledge by a day."""

    licence: str
    lines: tuple[int, ...]
    message: str
    kind: MessageKind
    effective_on: date
    due: date


class CustomsMessageAcknowledged(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "message", "kind", "acknowledged_at"),
    official=("their_reference",),
):
    """Customs said that they have taken a message in."""

    licence: str
    message: str
    kind: MessageKind
    acknowledged_at: datetime
    their_reference: str


class ReleaseAnnounced(
    Event,
    visibility=Visibility.PUBLIC,
    about="announced",
    public=("announced", "release", "series", "released", "source_sha256"),
):
    """A release of a data folder shall be taken into the register, by somebody else. Names as in ReleaseLoaded."""

    announced: str
    release: str
    series: str
    released: date
    source_sha256: str


class ReleaseLoaded(
    Event,
    visibility=Visibility.PUBLIC,
    about="loaded",
    public=(
        "loaded", "release", "series", "released", "rows", "licences", "refused", "source_sha256", "data_sha256",
        "loaded_on",
    ),
):  # fmt: skip
    """All licence lines of one release of a data folder were taken into the register.

    loaded: public id of what was taken in: that of its announcement. release: its id in the data folder.
    rows: lines taken in. refused: lines of the release that are refusals, which are no licences.
    source_sha256: of its file of lines. data_sha256: of the rows as the register keeps them.
    """

    loaded: str
    release: str
    series: str
    released: date
    rows: int
    licences: int
    refused: int
    source_sha256: str
    data_sha256: str
    loaded_on: date
