"""The Django app of the assessments."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments, their versions, what was asked of their drafters."""

    name = "penholder.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"
