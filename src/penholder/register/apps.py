"""The Django app of the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Licences, lines, usage, customs messages."""

    name = "penholder.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
