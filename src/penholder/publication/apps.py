"""The capability as a Django app."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The public site's own: it has no tables, its projection is a file."""

    name = "penholder.publication"
    label = "publication"
