"""At every start: do head, places, tree and the newest signed head agree? Cheap enough to be asked always."""

from __future__ import annotations

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from penholder.custody.signing import check_before_signing, head_of_tree
from penholder.kernel.errors import ConfigurationError
from penholder.ledger import store
from penholder.ledger.triggers import trigger_faults
from penholder.vault.journal import ErasureJournal, reapply
from penholder.vault.store import keys

_SHOWN = 5


def check_at_start() -> None:
    """Raises: as `check_books` and `check_triggers`."""
    check_books()
    check_triggers()


def check_triggers() -> None:
    """Raises: ConfigurationError: a trigger of the database is not ours word by word, or none of ours."""
    faults = trigger_faults(connection)
    if faults:
        named = "; ".join(f"{f.name} {f.what}" for f in faults[:_SHOWN])
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise ConfigurationError(
            f"the triggers of the database are not as they were made: {named}{more}",
            hint="find out who changed them (`penholder doctor`, `penholder fsck`); then `penholder upgrade`",
        )


def check_books() -> None:
    """Raises: LedgerIntegrityError, RollbackError, ConfigurationError (no tables), and destroys keys again that
    the journal of erasures says are destroyed. At most two seconds for a million entries."""
    _check_tables()
    store.check_contiguous()
    check_before_signing(head_of_tree())
    reapply(keys(), ErasureJournal(settings.PENHOLDER_HOME / "erasures.jsonl"))


def waiting_migrations() -> int:
    """How many changes of tables of this version are not applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_up_to_date() -> None:
    """Raises: ConfigurationError: the tables are of an older version. Asked before serving and working."""
    waiting = waiting_migrations()
    if waiting:
        raise ConfigurationError(
            f"the tables are of an older version: {waiting} changes are not applied",
            hint="run `penholder upgrade`",
        )


def has_tables() -> bool:
    """Does the database answer, and has it tables?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ledger_head LIMIT 1")
            cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return False
    return True


def _check_tables() -> None:
    if not has_tables():
        raise ConfigurationError(
            "the database cannot be asked, or has no tables yet",
            hint="is the server up? `penholder upgrade` makes missing tables",
        )
