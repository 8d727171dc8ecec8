"""Who may what: the role table, as the actions ask it."""

from __future__ import annotations

from penholder.actions.permissions import NobodyMay


class RoleTable(NobodyMay):
    """Closed until the table is read."""
