"""The Django app of the debate."""

from django.apps import AppConfig


class DebateConfig(AppConfig):
    """Comments on the public site, off unless it is switched on."""

    name = "penholder.debate"
    label = "debate"
    default_auto_field = "django.db.models.BigAutoField"
    beside_things = "penholder.debate.web.beside.beside"
    """What stands below a thing of the public site (publication.web.beside)."""
