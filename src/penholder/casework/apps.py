"""The Django app of casework."""

from importlib import import_module

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases, advice, decisions, notices, appeals."""

    name = "penholder.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The register shows from which case a licence came, and what was told of it."""
        import_module("penholder.casework.licences")
