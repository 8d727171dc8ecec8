"""The house keeps its shape: names, sizes, host-free locks, no word about where it was made."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TEXTS = [
    p
    for p in subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if not p.startswith("tests/house/")
]


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, parsed once for all tests that look at it."""
    return ast.parse(path.read_text())


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"helpers", "utils", "util", "common", "services", "misc"}
    assert [str(p) for p in SOURCES if p.stem in drawers or p.parent.name in drawers] == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    assert [str(p) for p in SOURCES if len(p.read_text().splitlines()) > 400] == []


def test_no_function_is_longer_than_forty_lines_without_its_docstring() -> None:
    long = []
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and (body[-1].end_lineno or 0) - body[0].lineno >= 40:
                    long.append(f"{path.name}:{node.name}")
    assert long == []


def test_the_tables_of_a_capability_are_imported_by_it_alone() -> None:
    """Below them `actions`, `vault`, `ledger` keep the books of all; their rows are read where that is needed."""
    shared = {"actions", "vault", "ledger"}
    found = []
    for path in SOURCES:
        own = path.relative_to(ROOT / "src" / "penholder").parts[0]
        for node in ast.walk(tree_of(path)):
            parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
            if parts[:1] == ["penholder"] and parts[2:] == ["models"] and parts[1] not in {own, *shared}:
                found.append(f"{path.name}: {'.'.join(parts)}")
    assert found == []


def test_lock_files_have_hashes_and_name_no_host() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|index-url|find-links", text), path


@pytest.mark.parametrize("word", [f"{ROOT}/", f"{Path.home()}/"])
def test_no_file_names_a_folder_of_the_machine_it_was_written_on(word: str) -> None:
    found = []
    for name in TEXTS:
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".parquet"} and word in path.read_text(errors="ignore"):
            found.append(name)
    assert found == []
