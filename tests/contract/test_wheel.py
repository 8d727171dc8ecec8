"""The built wheel is whole: it installs into an empty environment with the locked packages and runs there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
pytestmark = pytest.mark.slow

CARRIED = (
    "penholder/py.typed",
    "penholder/analysis/report/html/page.css",
    "penholder/analysis/report/atlas/countries-110m.json",
    "penholder/analysis/report/atlas/countries-50m.json",
    "penholder/analysis/report/atlas/LICENSE",
    "penholder/analysis/engines/log4j2.properties",
    "penholder/site/static/penholder/frontend/frontend.css",
    "penholder/site/static/penholder/licences.txt",
    "penholder-0.1.0.dist-info/licenses/LICENSE",
    "penholder-0.1.0.dist-info/entry_points.txt",
)


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must end with 0. It sees nothing of this environment's Python."""
    outside = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=outside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return next(folder.glob("penholder-*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and the locked packages, nothing else. Gives its bin folder."""
    folder = tmp_path_factory.mktemp("empty")
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    locked = ROOT / "requirements" / "run.txt"
    run(UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", locked, cwd=folder)
    run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel, cwd=folder)
    run(UV, "pip", "check", "--quiet", "--python", python, cwd=folder)
    return python.parent


def test_every_file_that_is_not_python_travels(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    data = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".yaml", ".css", ".properties", ".json", ".html", ".js", ".svg", ".txt"}
    }
    assert sorted(({*CARRIED} | data) - carried) == []
    assert [name for name in carried if "__pycache__" in name or name.startswith("tests")] == []


def test_the_licences_are_those_of_the_project_and_of_the_boundaries(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("penholder-0.1.0.dist-info/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        assert b"Permission to use, copy, modify" in archive.read("penholder/analysis/report/atlas/LICENSE")
        metadata = archive.read("penholder-0.1.0.dist-info/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "# Penholder" in metadata  # the README


def test_the_demonstration_runs_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    shown = run(environment / "penholder", "demo", "--no-serve", cwd=tmp_path)
    assert "could have been used" in shown
    assert "Try next:" in shown
    report = (tmp_path / "demo-report.html").read_text(encoding="utf-8")
    assert "<svg" in report
    assert (tmp_path / "demo-data" / "penholder.json").is_file()


def test_the_rules_and_mappings_are_read_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    assert (
        "0 findings"
        in subprocess.run(
            [environment / "penholder", "regime", "check"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stderr
    )
    code = "import penholder, sys; print(penholder.__file__); penholder.open('.')"
    done = subprocess.run(
        [environment / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert str(environment.parent) in done.stdout
    assert "FolderError" in done.stderr
