"""What happened to the ledger itself. Verifiers read these entries: their names and fields never change.

See `ledger.keyring` and docs/reference/ledger-format.md.
"""

from __future__ import annotations

from penholder.actions.events import Event
from penholder.actions.values import Visibility


class KeyRotated(Event, visibility=Visibility.PUBLIC, public=("old_key", "new_key", "recovery")):
    """From the next head on `new_key` signs. `recovery`: a recovery key vouches for it, not the old one."""

    old_key: str
    new_key: str
    recovery: bool


class RecoveryKeyAnnounced(Event, visibility=Visibility.PUBLIC, public=("recovery_key",)):
    """This key may name a new signing key when the signing key is lost."""

    recovery_key: str


class PolicyAnnounced(Event, visibility=Visibility.PUBLIC, public=("policy", "policy_sha256")):
    """Whose cosignatures a head needs (C2SP tlog-policy); the text is the published file `policy`."""

    policy: str
    policy_sha256: str


class RecoveredActSettled(
    Event, visibility=Visibility.PUBLIC, about="settled", public=("settled", "place", "how"), official=("why",)
):
    """An act that came back from the published files without its tables was done again, or need not be."""

    settled: str
    """Run of the recovered act."""
    place: int
    """Of one of its entries, as the one who settled it named it."""
    how: str
    """See `custody.values.Settlement`."""
    why: str
