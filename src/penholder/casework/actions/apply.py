"""An exporter's application: each act saves the next version of it. None is ever changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.casework.actions.locked import Locked, lock_case, new_case
from penholder.casework.actions.parameters import ApplicationVersion, CaseId
from penholder.casework.actions.places import kept_places, with_codes
from penholder.casework.actions.undertakings import keep_undertakings
from penholder.casework.events import ApplicationSaved, ApplicationStarted
from penholder.casework.machine import machine
from penholder.casework.parts import Application, EndUse, GoodsLine, Leg, Party, TemporaryExport
from penholder.casework.policy import complete
from penholder.casework.values import CASE, CaseStatus, CaseworkPermission, Changed
from penholder.regime.end_users import end_user_classes
from penholder.rules.records import did_you_mean


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationStarted,))
def start_application(
    run: Run,
    *,
    licence_type: Annotated[
        str,
        Field(description="Id of the licence type: standard_permanent or standard_temporary.", max_length=40),
    ],
    title: Annotated[str, Field(description="What it is about, in a few words.", min_length=3, max_length=200)],
    organisation: Annotated[
        str, Field(description="Public id of the exporter for which you act (O-…).", max_length=40)
    ],
) -> Changed:
    """Start an application for a licence. Until it is submitted nobody but the exporter's own people sees it."""
    complete.check_type(licence_type)
    if organisation not in run.actor.organisations:
        raise InvalidError(
            "you do not act for this organisation",
            hint="your own page names the organisations for which you act",
            fields={"organisation": "is none for which you act"},
        )
    application = Application(licence_type=licence_type, title=title)
    public_id = run.new_id(CASE)
    event = ApplicationStarted(case=public_id, exporter=organisation, application=application)
    return new_case(run, public_id, organisation, event, application).changed(public_id)


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationSaved,))
def set_goods(
    run: Run,
    *,
    case: CaseId,
    goods: Annotated[
        tuple[GoodsLine, ...], Field(description="All goods lines. What is left out is gone.", max_length=200)
    ],
    expected_version: ApplicationVersion,
) -> Changed:
    """State the goods: what, how many, of which value, whether they become part of another product."""
    locked = _open(run, case, expected_version)
    return _save(locked, replace(locked.dossier.application, goods=goods), complete.GOODS)


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationSaved,))
def set_parties(
    run: Run,
    *,
    case: CaseId,
    parties: Annotated[
        tuple[Party, ...],
        Field(description="All parties: organisations, never private persons. What is left out is gone.",
              max_length=100),
    ],
    expected_version: ApplicationVersion,
) -> Changed:  # fmt: skip
    """State the parties: end user, consignees, others; and the undertaking of the end user, a file.

    A file is sent first (its handle begins with UN-); this act keeps it.
    """
    locked = _open(run, case, expected_version)
    _check_classes(parties)
    coded = tuple(with_codes(p, on=locked.today, field=f"parties.{n}") for n, p in enumerate(parties))
    keep_undertakings(locked, coded)
    application = replace(locked.dossier.application, parties=coded)
    return _save(locked, application, complete.PARTIES, said=kept_places(parties, coded))


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationSaved,))
def set_route(
    run: Run,
    *,
    case: CaseId,
    route: Annotated[
        tuple[Leg, ...],
        Field(description="Every stage, in order: to which place, to which party, and what happens there.",
              max_length=30),
    ],
    expected_version: ApplicationVersion,
) -> Changed:  # fmt: skip
    """State by which places the goods go, where they become part of something, and where they end."""
    locked = _open(run, case, expected_version)
    coded = tuple(with_codes(leg, on=locked.today, field=f"route.{n}") for n, leg in enumerate(route))
    application = replace(locked.dossier.application, route=coded)
    return _save(locked, application, complete.ROUTE, said=kept_places(route, coded))


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationSaved,))
def state_end_use(
    run: Run,
    *,
    case: CaseId,
    expected_version: ApplicationVersion,
    intended: Annotated[str, Field(description="What the goods are intended for.", max_length=20_000)] = "",
    military: Annotated[bool | None, Field(description="Is the end use military?")] = None,
    told_of_wmd: Annotated[
        bool | None,
        Field(description="Were you told that the goods may serve weapons of mass destruction?"),
    ] = None,
    suspects_wmd: Annotated[
        bool | None, Field(description="Do you suspect that they may serve weapons of mass destruction?")
    ] = None,
    security_approvals: Annotated[
        tuple[str, ...] | None,
        Field(description="Clearances to release classified information; an empty list: none is needed.",
              max_length=20),
    ] = None,
    temporary: Annotated[
        TemporaryExport | None, Field(description="Why for a time only, who controls the goods, back by when.")
    ] = None,
    harm_of_disclosure: Annotated[
        str | None,
        Field(description="What would harm you if it became public; empty: nothing.", max_length=4_000),
    ] = None,
) -> Changed:  # fmt: skip
    """Answer the questions on the end use, and on what may become public. What is left out is not answered."""
    locked = _open(run, case, expected_version)
    answers = EndUse(
        intended=intended,
        military=military,
        told_of_wmd=told_of_wmd,
        suspects_wmd=suspects_wmd,
        security_approvals=security_approvals,
        temporary=temporary,
        harm_of_disclosure=harm_of_disclosure,
    )
    return _save(locked, replace(locked.dossier.application, end_use=answers), complete.END_USE)


@action(permission=CaseworkPermission.DRAFT, events=(ApplicationSaved,))
def declare_application(run: Run, *, case: CaseId, expected_version: ApplicationVersion) -> Changed:
    """Declare that the application is true and complete. Any later change takes the declaration back."""
    locked = _open(run, case, expected_version)
    if locked.dossier.application.declared:
        raise ConflictError(f"{case} is declared already, as it stands", hint="nothing needs to be done")
    locked.record(
        ApplicationSaved(
            case=case,
            application=replace(locked.dossier.application, declared=True),
            part=complete.DECLARATION,
        )
    )
    return _changed(locked)


def _open(run: Run, case: str, expected_version: int) -> Locked:
    """The case, where the exporter may change the application: a draft, or while a question is open.

    Raises: AbsentError; ConflictError.
    """
    locked = lock_case(run, case, expected_version=None)
    locked.check_application(expected_version)
    is_asked = locked.status in machine().pending and locked.dossier.open_questions
    if locked.status is not CaseStatus.DRAFT and not is_asked:
        raise ConflictError(
            f"{case} was submitted: it can be changed only while a question to you is open",
            hint="withdraw it, or wait for a question",
        )
    return locked


def _save(locked: Locked, application: Application, part: str, *, said: tuple[str, ...] = ()) -> Changed:
    before = locked.dossier.application
    if replace(application, declared=before.declared) == before:
        raise ConflictError(
            "the application says this already: nothing would change", hint="nothing needs to be done"
        )
    new = replace(application, declared=False)
    locked.record(ApplicationSaved(case=locked.row.public_id, application=new, part=part))
    return _changed(locked, said=said)


def _changed(locked: Locked, *, said: tuple[str, ...] = ()) -> Changed:
    """What the exporter gets back: the version of the application, not the inner one of the case."""
    return Changed(locked.row.public_id, locked.dossier.drafted.number, "", said)


def _check_classes(parties: tuple[Party, ...]) -> None:
    known = end_user_classes()
    wrong = {
        f"parties.{n}.end_user_class": f"is no class of end users{did_you_mean(p.end_user_class, known)}"
        for n, p in enumerate(parties)
        if p.end_user_class not in known
    }
    if wrong:
        raise InvalidError(
            "a class of end users is not known", hint="docs/reference/end-user-classes.md lists them", fields=wrong
        )
