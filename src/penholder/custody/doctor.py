"""Is the installation well? What is wrong, what wants attention, and how to mend it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from penholder.actions import moment
from penholder.actions.models import OutboxRow, ScheduledRun
from penholder.actions.outbox import MOST_ATTEMPTS
from penholder.actions.schedule import SCHEDULE
from penholder.custody import keyring
from penholder.custody.files import is_private
from penholder.custody.published import read_head
from penholder.custody.recovered import unsettled
from penholder.custody.selfcheck import check_books, waiting_migrations
from penholder.custody.values import Finding, Level
from penholder.kernel import clock
from penholder.kernel.errors import PenholderError
from penholder.kernel.home import PUBLISHED_HEAD
from penholder.ledger import store
from penholder.ledger.errors import NoteError
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.models import Entry, Waiting
from penholder.ledger.note import open_note
from penholder.ledger.policy import Policy
from penholder.ledger.triggers import trigger_faults
from penholder.vault.erase import pending_erasures
from penholder.vault.rows import VaultRows
from penholder.vault.store import vault

LEAST_FREE = 20
"""Per cent of the disk."""
ENOUGH = 20 << 30
"""Bytes: whoever has as much is not warned, however large the disk is."""
MOST_WAL = 256 << 20
STALE = timedelta(hours=24)
LATE = timedelta(minutes=10)
_OF_THE_SITE = {
    "lookup-key": (r"[0-9a-f]{64}", "nobody can sign in, and no address is found"),
    "secret-key": (r".+", "sessions and links of invitations cannot be checked"),
}
"""Name in the folder `secrets` -> its shape, and what cannot be without it."""
_SHOWN = 5


def examine() -> Iterator[Finding]:
    """Every finding; a check that cannot be made is one too. Changes nothing but what is due at every start."""
    for name, check in CHECKS.items():
        try:
            yield from check()
        except (PenholderError, OSError, ImproperlyConfigured) as error:
            said = error.message if isinstance(error, PenholderError) else str(error)
            yield Finding(name, said, hint=getattr(error, "hint", ""))


def _tables() -> Iterator[Finding]:
    waiting = waiting_migrations()
    if waiting:
        yield Finding("tables", f"{waiting} changes of tables are not applied", hint="run `penholder upgrade`")
    for fault in trigger_faults(connection):
        yield Finding("tables", f"trigger {fault.name} {fault.what}", hint=fault.hint)


_QUIET = {
    "log_min_error_statement": ({"panic"}, "ALTER ROLE ... SET log_min_error_statement = panic"),
    "log_statement": ({"none", "ddl"}, "set it to none"),
    "log_min_duration_statement": ({"-1"}, "set it to -1"),
}
"""Settings of a PostgreSQL server -> values by which its log holds no private values of ours; how to set it."""


def _server() -> Iterator[Finding]:
    """What the server writes into its own log."""
    with connection.cursor() as cursor:
        for name, (quiet, how) in _QUIET.items():
            cursor.execute(f"SHOW {name}")
            found = cursor.fetchone()[0]
            if found not in quiet:
                what = f"{name} is {found}: the log of the server can hold values of private fields"
                yield Finding("database", what, Level.ATTEND, f"{how}; docs/how-to/use-postgresql.md")


def _database() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        yield from _server()
        return
    with connection.cursor() as cursor:
        for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            cursor.execute(f"PRAGMA {pragma}")
            found = cursor.fetchone()[0]
            if found != wanted:
                yield Finding("database", f"{pragma} is {found}, not {wanted}", hint="use a local disk")
    wal = Path(f"{connection.settings_dict['NAME']}-wal")
    if wal.is_file() and wal.stat().st_size > MOST_WAL:
        yield Finding(
            "database",
            f"the write-ahead log has {wal.stat().st_size >> 20} MB: a reader holds it",
            hint="restart the server and the worker",
        )


def _start() -> Iterator[Finding]:
    check_books()
    yield from ()


def _clock() -> Iterator[Finding]:
    newest = Entry.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    if newest is not None and newest > clock.now() + timedelta(minutes=1):
        yield Finding(
            "clock", f"the newest entry is of {clock.stamp(newest)}, which is to come", hint="set the clock"
        )


def _outbox() -> Iterator[Finding]:
    waiting = OutboxRow.objects.filter(done_at=None)
    failed = waiting.exclude(failure="").order_by("id")
    for row in failed[:_SHOWN]:
        end = "given up" if row.attempts >= MOST_ATTEMPTS else "tried again later"
        what = f"{row.reaction} to {row.event} (entry {row.entry_id})"
        yield Finding(
            "reactions",
            f"{what} failed {row.attempts} times, {end}: {row.failure}",
            hint="mend the cause; `penholder work --once` tries what is due",
        )
    count = failed.count()
    if count > _SHOWN:
        yield Finding("reactions", f"{count - _SHOWN} more failed")
    late = waiting.filter(failure="", due_at__lt=moment.now() - LATE).count()
    if late:
        yield Finding("reactions", f"{late} wait for over ten minutes", hint="is `penholder work` running?")


def _schedule() -> Iterator[Finding]:
    rows = {row.name: row for row in ScheduledRun.objects.all()}
    now = moment.now()
    for job in SCHEDULE.values():
        row = rows.get(job.name)
        period = timedelta(days=1) if job.period == "day" else job.period
        if row is None:
            yield Finding("schedule", f"{job.name} has never run", Level.ATTEND, "is `penholder work` running?")
        elif row.failure:
            yield Finding("schedule", f"{job.name} failed at {clock.stamp(row.ran_at)}: {row.failure}")
        elif now - row.ran_at > 2 * period + LATE:
            yield Finding(
                "schedule",
                f"{job.name} ran last at {clock.stamp(row.ran_at)}",
                hint="is `penholder work` running?",
            )


def _places() -> Iterator[Finding]:
    store.place_waiting()
    count = Waiting.objects.count()
    if count:
        yield Finding("ledger", f"{count} entries have no place in the log", hint="run `penholder work --once`")


def _space() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.PENHOLDER_HOME)
    free = usage.free * 100 // usage.total
    if free < LEAST_FREE and usage.free < ENOUGH:
        yield Finding("disk", f"{free} % is free, {usage.free >> 20:,} MB; below {LEAST_FREE} % is little")


def _publication() -> Iterator[Finding]:
    size, _ = store.head()
    last: Path = settings.PENHOLDER_HOME / PUBLISHED_HEAD
    if not last.is_file():
        yield Finding(
            "publication", "the ledger was never published", Level.ATTEND, "run `penholder ledger publish`"
        )
        return
    head = read_head(last.read_bytes())
    row = CheckpointRow.objects.filter(size=head.size).first()
    age = moment.kept() - row.signed_at if row else STALE * 2
    if head.size < size and age > STALE:
        yield Finding(
            "publication",
            f"{size - head.size:,} entries are not published; the last head is of "
            f"{clock.stamp(row.signed_at) if row else 'an unknown time'}",
            hint="run `penholder ledger publish`, and from a timer from now on",
        )


def _witnesses() -> Iterator[Finding]:
    last: Path = settings.PENHOLDER_HOME / PUBLISHED_HEAD
    if not last.is_file():
        return
    head = read_head(last.read_bytes())
    policy = Policy.parse(keyring.policy_at(head.size))
    keys = keyring.keys_at(head.size, settings.PENHOLDER_ORIGIN)
    try:
        note = open_note(last.read_bytes(), [*keys.everyone, *policy.witnesses.values()])
    except NoteError as error:
        yield Finding("witnesses", f"the head that was published last: {error.message}")
        return
    verdict = policy.satisfied(note, now=int(clock.now().timestamp()))
    if not verdict.witnessed:
        asked = f"{len(verdict.signed)} of {verdict.needed}" if verdict.needed else "none, and none is asked for"
        yield Finding(
            "witnesses",
            f"the published head is UNWITNESSED: signed by {asked}",
            Level.ATTEND,
            "docs/how-to/publish-the-ledger.md: find outside witnesses, and name them",
        )


def _keys() -> Iterator[Finding]:
    home: Path = settings.PENHOLDER_HOME
    private = [home, home / "secrets", home / "files", home / "keys.sqlite3", home / "casework.sqlite3"]
    private += sorted((home / "secrets").iterdir())
    for path in private:
        if path.exists() and not is_private(path):
            yield Finding("keys", f"{path} can be read by others", hint=f"chmod go= {path}")
    keys = keyring.newest(settings.PENHOLDER_ORIGIN)
    signer = keyring.secret_key(keyring.LEDGER_KEY)
    if signer is None or signer.verifier != keys.current:
        yield Finding(
            "keys",
            f"secrets/{keyring.LEDGER_KEY} is not the key that signs now",
            hint="restore it; after a loss: penholder ledger rotate-key --recovery-key FILE",
        )
    if keys.pending is not None:
        yield Finding("keys", "a change of key is not finished", hint="run `penholder ledger publish`")
    if (home / "secrets" / keyring.RECOVERY_KEY).exists():
        yield Finding(
            "keys",
            f"secrets/{keyring.RECOVERY_KEY} is still on this machine",
            Level.ATTEND,
            "move it to a medium that is kept elsewhere",
        )
    if connection.settings_dict.get("PENHOLDER_OWNER_PASSWORD"):
        yield Finding(
            "keys",
            "the password of the owner of the tables is in secrets/: with it the triggers can be removed",
            Level.ATTEND,
            "take it away; only `penholder upgrade` and `penholder restore` need it",
        )


def _secrets() -> Iterator[Finding]:
    folder: Path = settings.PENHOLDER_HOME / "secrets"
    hint = "put back the copy that `penholder backup --keys-to` made; nothing else gives it again"
    for name, (wanted, lost) in _OF_THE_SITE.items():
        try:
            text = (folder / name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            yield Finding("secrets", f"secrets/{name} is not there, or cannot be read: {lost}", hint=hint)
            continue
        if not re.fullmatch(wanted, text):
            yield Finding("secrets", f"secrets/{name} is not what `penholder init` made: {lost}", hint=hint)


def _erasures() -> Iterator[Finding]:
    ids = [record.id for record in vault().journal.records()]
    entries = Entry.objects.filter(about__in=ids) if ids else Entry.objects.none()
    left = pending_erasures(vault=vault(), rows=VaultRows(), recorded=set(entries.values_list("about", flat=True)))
    if left:
        yield Finding(
            "erasures",
            f"{len(left)} erasures are not finished (keys are destroyed; rows are left or an entry is missing): "
            f"{', '.join(r.id for r in left[:_SHOWN])}",
            hint="an administrator erases the same subject again",
        )


def _recovered() -> Iterator[Finding]:
    found = unsettled()
    if not found:
        return
    named = [f"place {e.place}: {e.act}" + (f" on {e.about}" if e.about else "") for e in found[:_SHOWN]]
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    yield Finding(
        "recovered",
        f"{len({e.run for e in found})} acts came back from the published log without what they did to tables, "
        f"and are not settled ({'; '.join(named)}{more})",
        Level.REDO,
        "do each again, then settle it (custody.settle_recovered); docs/how-to/back-up-and-restore.md",
    )


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "tables": _tables,
    "database": _database,
    "start": _start,
    "clock": _clock,
    "ledger": _places,
    "reactions": _outbox,
    "schedule": _schedule,
    "disk": _space,
    "publication": _publication,
    "witnesses": _witnesses,
    "keys": _keys,
    "secrets": _secrets,
    "erasures": _erasures,
    "recovered": _recovered,
}
