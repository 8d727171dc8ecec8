"""What happened to cases, up to the advice of the departments. What is decided of them: `decision_events`.

Commercial: what the exporter says, and what is said to the exporter. Official: how the authority works on it.
Restricted: the text of a dissent. Public: that somebody dissented, and the commitment to the text. That anything
happened to a case, and in which role, shows in the ledger; of which exporter, or about what, does not.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.casework.parts import (
    Advice,
    Application,
    Circulation,
    Match,
    Question,
    Rating,
    Screening,
    Verdict,
    Waiver,
)
from penholder.casework.values import ListKind


class ApplicationStarted(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "exporter", "application")
):
    """An exporter began an application."""

    case: str
    exporter: str
    application: Application


class ApplicationSaved(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "application", "part")
):
    """A version of the application was saved. It is never changed: a change is the next version.

    part: which part of it the act was about.
    """

    case: str
    application: Application
    part: str


class ApplicationSubmitted(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "application")
):
    """The exporter applied. application: the version that counts."""

    case: str
    application: int


class ApplicationWithdrawn(Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "reasons")):
    """The exporter took the application back."""

    case: str
    reasons: str


class CaseAccepted(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case",), official=("remark",)
):
    """Reception took the application in."""

    case: str
    remark: str


class ExporterAsked(Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "question", "asked")):
    """The exporter was asked something. Until the answer the clock of the case stands still."""

    case: str
    question: str
    asked: Question


class QuestionAnswered(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "question", "text")
):
    """The exporter answered."""

    case: str
    question: str
    text: str


class GoodsRated(Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "ratings")):
    """The technical assessor said what goods are, line by line."""

    case: str
    ratings: tuple[Rating, ...]


class PartyListLoaded(
    Event,
    visibility=Visibility.OFFICIAL,
    about="party_list",
    official=(
        "party_list", "called", "kind", "source", "as_of", "read", "loaded", "reasons", "file", "file_digest",
        "data_sha256",
    ),
):  # fmt: skip
    """A list of parties was read from a file. read = loaded + all reasons. data_sha256: of the entries."""

    party_list: str
    called: str
    kind: ListKind
    source: str
    as_of: date
    read: int
    loaded: int
    reasons: dict[str, int]
    file: str
    file_digest: str
    data_sha256: str


class PartiesScreened(
    Event,
    visibility=Visibility.OFFICIAL,
    about="case",
    official=("case", "screening", "screened", "matches"),
):
    """Parties were compared with lists. matches: (public id, match), highest score first."""

    case: str
    screening: str
    screened: Screening
    matches: tuple[tuple[str, Match], ...]


class MatchJudged(Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "match", "judged")):
    """A person said whether a party is the entry of the list."""

    case: str
    match: str
    judged: Verdict


class CaseCirculated(Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "circulation")):
    """Departments were asked for advice."""

    case: str
    circulation: Circulation


class AdviceRecorded(
    Event,
    visibility=Visibility.OFFICIAL,
    about="case",
    official=("case", "advice_id", "advice", "earlier", "completes"),
):
    """A department advised. earlier: its version before, which stands. completes: no other is waited for now."""

    case: str
    advice_id: str
    advice: Advice
    earlier: str
    completes: bool


class AdviceWaived(Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "waiver", "completes")):
    """The case goes on without the advice of a department."""

    case: str
    waiver: Waiver
    completes: bool


class DissentRecorded(
    Event,
    visibility=Visibility.PUBLIC,
    about="case",
    public=("case", "dissent", "digest"),
    official=("target",),
    restricted=("text", "salt"),
):
    """An officer dissented. digest: SHA-256 of salt and text, so that whoever is given both can check them.

    target: the case, an advice or a decision.
    """

    case: str
    dissent: str
    digest: str
    target: str
    text: str
    salt: str


class DissentRead(Event, visibility=Visibility.SEALED, about="dissent", official=("dissent",)):
    """Somebody read the text of a dissent."""

    dissent: str
