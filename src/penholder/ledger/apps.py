"""The Django app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Tables of the ledger: entries, their places, the hashes, heads and checkpoints."""

    name = "penholder.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
