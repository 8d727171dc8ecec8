"""Penholder: which licence lines could have been used, where, by which path, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from penholder.analysis.api import DataFolder, open  # noqa: A004 - the public name

__all__ = ["DataFolder", "__version__", "open"]


def __getattr__(name: str) -> object:
    # Loaded on first use, so that `penholder --help` does not pay for numpy and pyarrow.
    if name in {"open", "DataFolder"}:
        from penholder.analysis import api  # noqa: PLC0415

        return getattr(api, name)
    msg = f"module 'penholder' has no attribute {name!r}"
    raise AttributeError(msg)
