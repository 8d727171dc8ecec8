"""The Django app of the reviews."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Changes of circumstances."""

    name = "penholder.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
