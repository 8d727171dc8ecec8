"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, roles, teams, delegations, organisations, inbox."""

    name = "penholder.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
