"""A ledger with keys and some entries for tests: an act that records as many events as it is asked for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from django.db import connection, connections
from pydantic import Field

from penholder.actions.action import Run, action, perform
from penholder.actions.events import Event
from penholder.actions.values import SYSTEM, Actor, FieldClass, Visibility
from penholder.custody import keyring
from penholder.custody.actions import announce_recovery_key
from penholder.kernel.home import FIRST_KEY
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import Signer, Verifier
from penholder.ledger.verify import VerifyReport, verify_folder
from tests.casework import Casework
from tests.postgresql import cluster

ORIGIN = "ledger.ardenia.invalid/log"


class Permit(StrEnum):
    TELL = "tests.tell"


class Told(Event, visibility=Visibility.PUBLIC, about="thing", public=("thing", "number"), official=("why",)):
    thing: str
    number: int
    why: str


class Whispered(Event, visibility=Visibility.SEALED, about="thing", official=("thing",)):
    thing: str


class Weighed(Event, visibility=Visibility.OFFICIAL, about="thing", official=("thing", "weight")):
    thing: str
    weight: str


@action(permission=Permit.TELL, events=(Told, Whispered))
def tell(run: Run, *, count: Annotated[int, Field(ge=1)] = 1, thing: str = "T-1") -> int:
    """Record some events."""
    for number in range(count):
        run.record(Told(thing=thing, number=number, why="as agreed"))
    run.record(Whispered(thing=thing))
    return count


class EveryoneMay:
    """An authority for these tests."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "system"

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return True


def found(casework: Casework) -> Verifier:
    """Give a fresh installation its keys and its first entry; gives the first key."""
    signer, recovery = Signer.generate(ORIGIN), Signer.generate(f"{ORIGIN}-recovery")
    texts = {
        f"secrets/{keyring.LEDGER_KEY}": signer.text(),
        f"secrets/{keyring.RECOVERY_KEY}": recovery.text(),
        FIRST_KEY: signer.verifier.text(),
    }
    for name, text in texts.items():
        (casework.home / name).write_text(text + "\n", encoding="utf-8")
    perform(announce_recovery_key, SYSTEM, recovery_key=recovery.verifier.text())
    return signer.verifier


@action(permission=Permit.TELL, events=(Told,), apart_from=("ledger_ground.tell",))
def answer(run: Run, *, thing: str) -> None:
    """What somebody else must do than the one who told."""
    run.record(Told(thing=thing, number=9, why="as agreed"))


@action(permission=Permit.TELL, events=(Weighed,))
def weigh(run: Run, *, thing: str) -> None:
    """Record an official event."""
    run.record(Weighed(thing=thing, weight="heavy enough"))


@action(permission=Permit.TELL, events=(Weighed,), apart_from=("ledger_ground.weigh",))
def weigh_again(run: Run, *, thing: str) -> None:
    """What somebody else must do than the one who weighed."""
    run.record(Weighed(thing=thing, weight="lighter"))


def told(count: int = 1, thing: str = "T-1") -> None:
    """One act with `count` + 1 entries."""
    perform(tell, SYSTEM, count=count, thing=thing)


def checked(folder: Path, first: Verifier) -> VerifyReport:
    """Verify a published folder, knowing its first key."""
    return verify_folder(folder, keys=Keyring(first))


def problems(folder: Path, first: Verifier) -> list[str]:
    """What is wrong with it."""
    return [f"{p.file}: {p.message}" for p in checked(folder, first).problems]


def meddle(database: Path, *statements: str) -> None:
    """Change an SQLite database as an intruder does: without triggers, guard, or foreign keys."""
    with closing(sqlite3.connect(database)) as opened:
        triggers = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            opened.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            opened.execute(statement)
        for _, sql in triggers:
            opened.execute(sql)
        opened.commit()


def intrude(casework: Casework, statement: str) -> None:
    """Change rows as whoever owns the database can, whichever it is: past guard, triggers and grants."""
    connections.close_all()
    if casework.vendor == "sqlite":
        meddle(casework.database, statement)
        return
    with cluster().connect(connection.settings_dict["NAME"]) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(statement)
