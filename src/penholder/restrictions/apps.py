"""The Django app of the restrictions."""

from django.apps import AppConfig


class RestrictionsConfig(AppConfig):
    """Moratoria, exemptions, holds."""

    name = "penholder.restrictions"
    label = "restrictions"
    default_auto_field = "django.db.models.BigAutoField"
