"""The Django app of custody. It has no tables."""

from django.apps import AppConfig
from django.conf import settings

from penholder.analysis.sources.places import call_places


class CustodyConfig(AppConfig):
    """Keys, publication, checks, backup, restore, worker."""

    name = "penholder.custody"
    label = "custody"

    def ready(self) -> None:
        """Places are called by the names that the installation gives them."""
        call_places(settings.PENHOLDER_PLACES)
