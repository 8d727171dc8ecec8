"""The Django app of the register."""

from importlib import import_module

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Licences, lines, usage, customs messages."""

    name = "penholder.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Restrictions look again at what the register granted."""
        import_module("penholder.register.grants")
