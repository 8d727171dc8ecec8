"""What every test may use: the real data where they are present, and small data folders about invented states."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from penholder.analysis.sample.write import write_sample

ROOT = Path(__file__).resolve().parents[1]

# One profile for all: reproducible runs, no deadline on shared machines, examples bounded for `make test`.
settings.register_profile(
    "penholder", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("penholder")

# Little of what tests leave refers to itself: to look for it seldom saves a fifth of the processor's time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    """What is imported and collected stays: the collector does not walk through it again."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """At the end it does: libraries complain of what is never freed."""
    gc.unfreeze()


def real_data_folder() -> Path | None:
    """The folder of real data, from PENHOLDER_REAL_DATA or ../shared/data beside the project."""
    named = os.environ.get("PENHOLDER_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; the test is skipped, with the reason, where there is none."""
    folder = real_data_folder()
    if folder is None:
        pytest.skip(
            "no real data: set PENHOLDER_REAL_DATA to a folder laid out as docs/how-to/use-real-data.md says"
        )
    return folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 2,000 invented lines and 1,200 incidents. Read only: copy it before writing."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    write_sample(folder, lines=2_000, incidents=1_200, seed=1)
    return folder
