"""The Django app of casework."""

from importlib import import_module

from django.apps import AppConfig

_TABLES = {"clock": ("clock_rules",), "signatures": ("second_rules",), "machine": ("machine", "departments")}


class CaseworkConfig(AppConfig):
    """Cases, advice, decisions, notices, appeals."""

    name = "penholder.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The register shows from which case a licence came. Tables that cannot be read stop the start here.

        Raises: RuleError, with file and line.
        """
        import_module("penholder.casework.licences")
        import_module("penholder.casework.stakes")
        for module, tables in _TABLES.items():
            for table in tables:
                getattr(import_module(f"penholder.casework.{module}"), table)()
