"""The house keeps its shape: names, sizes, start-up, host-free locks, documented commands and columns."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from penholder.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DOCS = sorted((ROOT / "docs").rglob("*.md"))
TEXTS = [
    p
    for p in subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if not p.startswith("tests/house/")
]
HEAVY = ("numpy", "pyarrow", "duckdb", "ibis", "pandas", "rich", "yaml", "pycountry", "pyspark", "xlsxwriter")


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"helpers", "utils", "util", "common", "services", "misc"}
    assert [str(p) for p in SOURCES if p.stem in drawers or p.parent.name in drawers] == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    assert [str(p) for p in SOURCES if len(p.read_text().splitlines()) > 400] == []


def test_no_function_is_longer_than_forty_lines_without_its_docstring() -> None:
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and (body[-1].end_lineno or 0) - body[0].lineno >= 40:
                    long.append(f"{path.name}:{node.name}")
    assert long == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from penholder.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_every_command_is_there_and_explains_itself_with_an_example() -> None:
    for name in COMMANDS:
        shown = subprocess.run(
            [sys.executable, "-m", "penholder.cli.main", name, "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert shown.returncode == 0, shown.stderr
        assert "penholder" in shown.stdout


def test_lock_files_have_hashes_and_name_no_host() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|index-url|find-links", text), path


@pytest.mark.parametrize(
    "word", ["/work/", "/root/", "helper-", "claude", "anthropic", "openai", "registry.npmjs", "pypi.org"]
)
def test_the_project_says_nothing_of_the_place_it_was_made_in(word: str) -> None:
    found = []
    for name in TEXTS:
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix not in {".png", ".parquet"}
            and word in path.read_text(errors="ignore").lower()
        ):
            found.append(name)
    assert found == []


def test_every_relative_link_in_the_documentation_leads_somewhere() -> None:
    broken = []
    for page in [*DOCS, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_the_generated_reference_pages_are_up_to_date() -> None:
    write = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))
    reference = ROOT / "docs" / "reference"
    assert (reference / "data-sets.md").read_text() == write["data_sets_page"]()
    assert (reference / "commands.md").read_text() == write["commands_page"]()


def test_every_error_code_is_documented() -> None:
    from penholder.kernel import errors

    page = (ROOT / "docs" / "reference" / "errors.md").read_text()
    kinds = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, errors.PenholderError)]
    assert [k.code for k in kinds if f"`{k.code}`" not in page] == []
