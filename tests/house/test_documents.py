"""The documents are true: links lead somewhere, commands run, output is real, keys and commands are explained."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import click
import pytest

from penholder.analysis.profile import read as profile
from penholder.analysis.sources import mapping_file as mapping
from penholder.cli.main import COMMANDS, penholder
from penholder.kernel import errors
from penholder.regime import cases, control_lists, hints, licence_types, loader
from penholder.regime.types import CONSEQUENCES, THRESHOLDS, USE_LINKS, USE_MODALITIES, TextStatus

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [*DOCS, *sorted(ROOT.glob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets(page: Path) -> list[str]:
    """What a page links to inside the project."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return [t for t in found if "://" not in t and not t.startswith("mailto:")]


def test_every_relative_link_leads_somewhere() -> None:
    broken = [f"{named(p)} -> {t}" for p in PAGES for t in targets(p) if not (p.parent / t).exists()]
    assert broken == []


def test_every_page_named_in_backticks_exists() -> None:
    lost = []
    for page in PAGES:
        for said in re.findall(r"`((?:docs/)?[a-z-]+/[A-Za-z0-9./-]+\.md|[a-z-]+\.md)`", page.read_text()):
            if not ((page.parent / said).exists() or (ROOT / said).exists() or (ROOT / "docs" / said).exists()):
                lost.append(f"{named(page)}: {said}")
    assert lost == []


def test_every_page_is_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [(page.parent / t).resolve() for t in targets(page)]
    assert [named(p) for p in DOCS if p not in seen] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_shows_is_what_the_program_gives(
    page: Path, tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "run_documents.py"))
    text = page.read_text(encoding="utf-8")
    if not tool["MAKES_SAMPLE"].search(text):
        shutil.copytree(sample_folder, tmp_path / "trial")
    monkeypatch.chdir(tmp_path)
    assert tool["refreshed"](text) == text, f"run: python tools/run_documents.py {named(page)}"


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_every_example_runs(
    example: Path, tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    shutil.copytree(sample_folder, tmp_path / "trial")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(example), run_name="__main__")
    assert capsys.readouterr().out


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_the_generated_reference_pages_are_up_to_date(tmp_path: Path) -> None:
    # In a process of its own: click keeps the help option of a command as it was first asked for.
    subprocess.run([sys.executable, ROOT / "tools" / "write_reference.py", tmp_path], check=True)
    for name in ("data-sets.md", "commands.md", "roles.md"):
        assert (REFERENCE / name).read_text() == (tmp_path / name).read_text(), "run: tools/write_reference.py"


def test_every_command_is_in_the_reference() -> None:
    page = (REFERENCE / "commands.md").read_text()
    top = click.Context(penholder, info_name="penholder")
    paths = []
    for name in COMMANDS:
        command = penholder.get_command(top, name)
        paths.append(name)
        if isinstance(command, click.Group):
            paths += [f"{name} {child}" for child in command.commands]
    assert [p for p in paths if f"## penholder {p}\n" not in page] == []


def test_every_error_code_is_documented() -> None:
    page = (REFERENCE / "errors.md").read_text()
    kinds = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, errors.PenholderError)]
    assert [k.code for k in kinds if f"`{k.code}`" not in page] == []


PROFILE_PARTS = {"from", "until", "state", "source", "series", "place", "admin1", "used", "party", "grade", "ref"}
KEYS: dict[str, list[Collection[str]]] = {
    "operation-profile.md": [profile.KEYS, profile._PARTY_KEYS, PROFILE_PARTS],
    "mapping-files.md": [mapping.TOP, mapping.STYLE, mapping.TABLE, mapping.RULE, {"tables"}],
    "capability-hints.md": [hints._HINT_KEYS],
    "regimes.md": [
        loader._REGIME_KEYS,
        loader._RULE_KEYS,
        cases._FILE_KEYS,
        cases._CASE_KEYS,
        licence_types._KEYS,
        control_lists._LIST_KEYS,
        control_lists._ENTRY_KEYS,
        CONSEQUENCES,
        THRESHOLDS,
        USE_MODALITIES,
        USE_LINKS,
        tuple(TextStatus),
    ],
}


@pytest.mark.parametrize("page", KEYS)
def test_every_key_of_a_record_is_explained(page: str) -> None:
    text = (REFERENCE / page).read_text()
    wanted = {key for group in KEYS[page] for key in group}
    assert sorted(key for key in wanted if f"`{key}`" not in text and f"{key}: " not in text) == []
