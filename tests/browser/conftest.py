"""Chromium of the system, without a network. Absent: skipped with the reason, but in CI that is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("PENHOLDER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _absent(reason: str) -> None:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for the session."""
    try:
        # Not installed by `make test`; only `make check` brings it.
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("playwright is not installed: make check")
    if not CHROMIUM:
        _absent("no chromium: sh tools/install_system_packages.sh")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full report about invented states, as a file."""
    from penholder.analysis.report.html.page import report_page
    from tests.unit.report.invented import report

    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_page(report(many=300)), encoding="utf-8")
    return path
