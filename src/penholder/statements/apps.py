"""The Django app of the statements."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Public statements and promises."""

    name = "penholder.statements"
    label = "statements"
    default_auto_field = "django.db.models.BigAutoField"
