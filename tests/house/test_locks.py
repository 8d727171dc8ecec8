"""`select_for_update()` followed by `count`, `exists` or `aggregate` locks nothing (Django drops FOR UPDATE)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_VOID = {"count", "exists", "aggregate"}


def void_locks(text: str) -> Iterator[int]:
    """Lines of a call of count, exists or aggregate on something that was asked to lock."""
    if "select_for_update" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VOID:
            inside = ast.walk(node.func.value)
            if any(isinstance(n, ast.Attribute) and n.attr == "select_for_update" for n in inside):
                yield node.lineno


def test_no_lock_is_void() -> None:
    found = [
        f"{p.name}:{line}" for p in sorted((ROOT / "src").rglob("*.py")) for line in void_locks(p.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Line.objects.select_for_update().count()",
        "Line.objects.filter(a=1).select_for_update().filter(b=2).exists()",
        "x = q.select_for_update(of=('self',)).aggregate(n=Count('*'))",
    ],
)
def test_a_void_lock_would_be_found(text: str) -> None:
    assert list(void_locks(text)) == [1]


def test_a_real_lock_is_none() -> None:
    assert list(void_locks("rows = list(q.select_for_update()); n = q.count()")) == []


def users_of(*names: str) -> set[str]:
    """Packages of the house whose modules name one of these functions of the book-keeping."""
    house = ROOT / "src" / "penholder"
    texts = ((path.relative_to(house).parts[0], path.read_text()) for path in house.rglob("*.py"))
    named = ((package, ast.parse(text)) for package, text in texts if any(name in text for name in names))
    return {p for p, t in named if any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(t))}


def test_only_the_book_keeping_opens_its_own_doors() -> None:
    assert users_of("own_door") <= {"actions", "vault", "ledger", "custody"}
    assert users_of("action_door", "migration_door") <= {"actions", "ledger"}


def test_only_the_book_keeping_writes_rows_past_the_cursor() -> None:
    users = set()
    for path in (ROOT / "src" / "penholder").rglob("*.py"):
        if "ledger import rows" in path.read_text() or "ledger.rows import" in path.read_text():
            users.add(path.relative_to(ROOT / "src" / "penholder").parts[0])
    assert users == {"actions", "vault", "ledger"}
