"""Every action x every role: who may is a golden table. A change of it is a decision, and shows in the diff.

To write it anew: python -m tests.golden.test_permissions
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from tests.casework import start_django

start_django()

from penholder.actions.registry import ACTIONS  # noqa: E402 - Django first
from penholder.actions.values import NOBODY, SYSTEM, Actor, ActorKind, FieldClass  # noqa: E402
from penholder.people.authority import RoleTable  # noqa: E402
from penholder.people.roles import role_book  # noqa: E402

GOLDEN = Path(__file__).with_name("permissions.csv")


def actor_with(role: str) -> Actor:
    """Somebody who has this role and no other."""
    base = {"public": NOBODY, "system": SYSTEM, "person": Actor("P-1", ActorKind.PERSON)}
    return base.get(role) or Actor("P-1", ActorKind.PERSON, frozenset({role}))


def _acting_for_one(role: str) -> Actor:
    return replace(actor_with(role), organisations=frozenset({"O-1"}))


def matrix() -> str:
    """One row per action, one column per role: `may` or `refused`; then what each role reads."""
    table, roles = RoleTable(), list(role_book().roles)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["action", *roles])
    for name, spec in sorted(ACTIONS.items()):
        if spec.function.__module__.startswith("penholder."):
            given = [table.role_for(actor_with(role), spec.permission) for role in roles]
            rows.writerow([name, *("may" if g else "refused" for g in given)])
    for field in FieldClass:
        read = [table.may_read(actor_with(role), field) for role in roles]
        rows.writerow([f"read {field.value}", *("may" if r else "refused" for r in read)])
        own = [table.may_read_of(_acting_for_one(role), field, "O-1") for role in roles]
        rows.writerow([f"read {field.value} of own organisation", *("may" if r else "refused" for r in own)])
    return text.getvalue()


def test_who_may_what_is_as_the_golden_table_says() -> None:
    assert matrix() == GOLDEN.read_text(encoding="utf-8"), "see how to write it anew in this file"


if __name__ == "__main__":
    GOLDEN.write_text(matrix(), encoding="utf-8")
