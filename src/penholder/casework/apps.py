"""The Django app of casework."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases, advice, decisions, notices, appeals."""

    name = "penholder.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
