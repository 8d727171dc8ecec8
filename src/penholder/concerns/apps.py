"""The Django app of the concerns."""

from importlib import import_module

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Concerns, on a site of their own."""

    name = "penholder.concerns"
    label = "concerns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the triggers of its tables."""
        import_module("penholder.concerns.database")
