"""The first acts of a new ledger: its recovery key and its policy are in the log from the beginning."""

from __future__ import annotations

from django.conf import settings

from penholder.actions.action import perform
from penholder.actions.shape import upgrade_tables
from penholder.actions.values import SYSTEM
from penholder.custody import keyring
from penholder.custody.actions import announce_policy, announce_recovery_key
from penholder.custody.errors import InstallationError
from penholder.kernel.home import FIRST_KEY
from penholder.ledger import store
from penholder.ledger.models import Entry
from penholder.ledger.note import Verifier
from penholder.ledger.policy import policy_text


def found_ledger() -> None:
    """Make the tables, and the first entries. Raises: InstallationError: it has a ledger already."""
    upgrade_tables()
    if Entry.objects.exists():
        raise InstallationError(
            "the database has a ledger already; nothing was changed in it",
            hint="give an empty database, or restore the home that belongs to this one",
        )
    recovery = keyring.secret_key(keyring.RECOVERY_KEY)
    if recovery is not None:
        perform(announce_recovery_key, SYSTEM, recovery_key=recovery.verifier.text())
    first = Verifier.parse((settings.PENHOLDER_HOME / FIRST_KEY).read_text(encoding="utf-8").strip())
    perform(announce_policy, SYSTEM, policy=policy_text(logs=[first], witnesses={}, threshold=0))
    store.check_contiguous()
