"""The Django app of custody. It has no tables."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Keys, publication, checks, backup, restore, worker."""

    name = "penholder.custody"
    label = "custody"
