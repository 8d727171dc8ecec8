"""The Django app of the concerns."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Concerns, on a site of their own."""

    name = "penholder.concerns"
    label = "concerns"
    default_auto_field = "django.db.models.BigAutoField"
