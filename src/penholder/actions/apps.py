"""The Django app of the actions."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

from penholder.actions.registry import ACTIONS, check_separation


class ActionsConfig(AppConfig):
    """Tables of the actions: acts, idempotency keys, outbox, schedule."""

    name = "penholder.actions"
    label = "actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the rooms that declare something, so that the registries are whole; check what refers to others.

        Raises: TypeError: an action is apart from an act that there is not.
        """
        for app in apps.get_app_configs():
            if app.name.startswith("penholder.") and app.name != self.name:
                for room in ("events", "actions", "reactions", "replay", "schedule", "waiting"):
                    if find_spec(f"{app.name}.{room}") is not None:
                        import_module(f"{app.name}.{room}")
        check_separation(ACTIONS)
