"""The Django app of the reviews."""

from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Changes of circumstances."""

    name = "penholder.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Acts on a licence rest on the changes that found lines of it."""
        import_module("penholder.review.stakes")
