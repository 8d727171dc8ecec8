"""The Django app of the vault."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Tables of the vault: sealed private fields and files."""

    name = "penholder.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
