"""The Django app of the assessments."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from penholder.assessment.machine import limits_of


class AssessmentConfig(AppConfig):
    """Assessments, their versions, what was asked of their drafters."""

    name = "penholder.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Acts on a place rest on its assessments. Check what is configured. Raises: ConfigurationError."""
        import_module("penholder.assessment.stakes")
        limits_of(settings.PENHOLDER_STALENESS)
