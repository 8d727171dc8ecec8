"""The Django app of people."""

from django.apps import AppConfig

from penholder.actions.registry import ACTIONS
from penholder.people.authority import check_table
from penholder.people.roles import role_book


class PeopleConfig(AppConfig):
    """Users, roles, teams, delegations, organisations, inbox."""

    name = "penholder.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with a role table that does not fit the actions. Raises: RoleTableError."""
        check_table(role_book(), (spec.permission for spec in ACTIONS.values()))
