"""Who may do what on PostgreSQL: three roles, and the grants between them.

The *owner* owns the tables, and is used by `penholder init` and `penholder upgrade` alone. The *application* logs
in, reads everything, and writes sessions only. The *writer* cannot log in; it holds the right to change rows, and
the application takes it for one transaction while an act is open (`SET LOCAL ROLE`). So a bare write of the
application's user, from any program, is refused by the server itself: docs/how-to/use-postgresql.md.

On rows of the ledger the writer has SELECT and INSERT, nothing else; triggers refuse the rest to the owner too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from penholder.ledger.door import EXEMPT
from penholder.ledger.triggers import IMMUTABLE


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the three roles."""

    owner: str
    application: str
    writer: str

    def creation(self) -> tuple[str, ...]:
        """What an administrator runs once per server."""
        return (
            f"CREATE ROLE {_name(self.owner)} LOGIN",
            f"CREATE ROLE {_name(self.writer)} NOLOGIN",
            f"CREATE ROLE {_name(self.application)} LOGIN NOINHERIT IN ROLE {_name(self.writer)}",
            *(
                f"ALTER ROLE {_name(role)} SET log_min_error_statement = panic"  # statements hold private values
                for role in (self.owner, self.application)
            ),
        )


def statements(roles: Roles, tables: Iterable[str]) -> tuple[str, ...]:
    """The grants, as the owner runs them after each change of the tables. Repeating them is harmless."""
    application, writer = _name(roles.application), _name(roles.writer)
    both = f"{application}, {writer}"
    found = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {both}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {both}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {application}",  # for pg_dump: a backup reads them
    ]
    for table in sorted(tables):
        if table in IMMUTABLE:
            found.append(f"GRANT INSERT ON {_name(table)} TO {writer}")
        elif table in EXEMPT:
            if table != "django_migrations":
                found.append(f"GRANT INSERT, UPDATE, DELETE ON {_name(table)} TO {both}")
        else:
            found.append(f"GRANT INSERT, UPDATE, DELETE ON {_name(table)} TO {writer}")
    return tuple(found)


def install_grants(connection: Any) -> None:
    """Grant what the roles of this database need; nothing where it names no writer. Needs a migration door."""
    roles = roles_of(connection.settings_dict)
    if connection.vendor != "postgresql" or roles is None:
        return
    with connection.cursor() as cursor:
        for statement in statements(roles, connection.introspection.table_names(cursor)):
            cursor.execute(statement)


def roles_of(database: dict[str, Any]) -> Roles | None:
    """The roles that the settings of a database name, or None where it has one role for all."""
    owner, writer = database.get("PENHOLDER_OWNER", ""), database.get("PENHOLDER_WRITER", "")
    return Roles(owner, database.get("PENHOLDER_APPLICATION") or database["USER"], writer) if writer else None


def _name(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'
