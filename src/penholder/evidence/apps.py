"""The Django app of evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Incidents, sources, grades, findings."""

    name = "penholder.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
