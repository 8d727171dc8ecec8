"""What happened in a review. Public fields are published with the ledger: ids, codes, days, counts.

Texts are official. Which lines a person classified, and how, is commercial: it is about an exporter's goods.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.register.values import Power
from penholder.review.values import Option, Trigger, Use


class TriggerProposed(
    Event,
    visibility=Visibility.OFFICIAL,
    about="change",
    official=("change", "trigger", "destinations", "happened_on", "answer_by", "words"),
):
    """Somebody said that circumstances have changed. It waits for an answer until `answer_by`."""

    change: str
    trigger: Trigger
    destinations: tuple[str, ...]
    happened_on: date
    answer_by: date
    words: str


class TriggerDeclined(
    Event, visibility=Visibility.OFFICIAL, about="change", official=("change", "declined_on", "reasons")
):
    """A trigger was declined, with reasons."""

    change: str
    declined_on: date
    reasons: str


class ChangeOpened(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=("change", "trigger", "destinations", "happened_on", "opened_on"),
    official=("reasons",),
):
    """A trigger was accepted: licences and pending cases of these destinations are looked at again."""

    change: str
    trigger: Trigger
    destinations: tuple[str, ...]
    happened_on: date
    opened_on: date
    reasons: str


class HoldOrdered(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=("change", "destinations", "review_by"),
    official=("reasons",),
):
    """Pending cases of the destinations are to stand still. The system places the holds."""

    change: str
    destinations: tuple[str, ...]
    review_by: date
    reasons: str


class StocktakeRun(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=(
        "change", "stocktake", "on", "known", "profile", "profile_sha256", "data_sha256", "rows_digest",
        "could", "unknown", "excluded", "granted_could", "granted_unknown", "granted_excluded",
    ),
    official=("title",),
):  # fmt: skip
    """The stocktake was run on the register: lines in force on a day, and lines granted by it.

    known: as our books held it at the end of that day (None: now). rows_digest: commitment to the file of rows.
    """

    change: str
    stocktake: str
    on: date
    known: date | None
    profile: str
    profile_sha256: str
    data_sha256: str
    rows_digest: str
    could: int
    unknown: int
    excluded: int
    granted_could: int
    granted_unknown: int
    granted_excluded: int
    title: str


class LinesClassified(
    Event,
    visibility=Visibility.OFFICIAL,
    about="change",
    commercial=("lines", "use", "reasons"),
    official=("change", "stocktake"),
):
    """A person said of lines whether they could be used. lines: `licence:number`."""

    change: str
    stocktake: str
    lines: tuple[str, ...]
    use: Use
    reasons: str


class ChangeAssessed(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=("change", "stocktake", "yes", "no", "unknown", "differing"),
    official=("words",),
):
    """Every line in force was classified. differing: lines of which a person says other than the stocktake."""

    change: str
    stocktake: str
    yes: int
    no: int
    unknown: int
    differing: int
    words: str


class OptionsSet(
    Event,
    visibility=Visibility.OFFICIAL,
    about="change",
    commercial=("consequences",),
    official=("change", "recommended", "advice", "advice_against"),
):
    """The options were put to the decider, each with what it would do, and what officials recommend.

    consequences: one text per option: lines, licences, value.
    """

    change: str
    recommended: Option
    advice: str
    advice_against: str
    consequences: tuple[str, ...]


class ChangeDecided(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=(
        "change", "option", "is_against_advice", "decided_on", "review_by", "power", "limb", "lines", "licences",
        "left", "exemptions", "moratorium_destinations", "cutoff",
    ),
    commercial=("stopped", "left_lines", "terms"),
    official=("reasons", "against_reasons", "moratorium", "gates", "gate_reasons"),
):  # fmt: skip
    """It was decided. lines, licences: how many are stopped; left: lines that exemptions leave out.

    cutoff: of the assessment of the destination that was current; None: there was none.
    stopped, left_lines: `licence:number`. gates: ids of the questions that were open about it.
    """

    change: str
    option: Option
    is_against_advice: bool
    decided_on: date
    review_by: date
    power: Power | None
    limb: str
    lines: int
    licences: int
    left: int
    exemptions: tuple[str, ...]
    moratorium_destinations: tuple[str, ...]
    cutoff: date | None
    stopped: tuple[str, ...]
    left_lines: tuple[str, ...]
    terms: str
    reasons: str
    against_reasons: str
    moratorium: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class DecisionExecuted(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=("change", "executed_on", "lines", "licences", "skipped", "moratorium"),
    commercial=("stopped", "skipped_lines"),
):
    """What was decided has been done. skipped: lines that were no longer issued by then."""

    change: str
    executed_on: date
    lines: int
    licences: int
    skipped: int
    moratorium: str
    stopped: tuple[str, ...]
    skipped_lines: tuple[str, ...]


class ChangeReviewed(
    Event,
    visibility=Visibility.PUBLIC,
    about="change",
    public=("change", "reviewed_on", "next_review_by"),
    official=("reasons",),
):
    """The decision was looked at again; suspensions are lifted by acts of their own."""

    change: str
    reviewed_on: date
    next_review_by: date | None
    reasons: str
