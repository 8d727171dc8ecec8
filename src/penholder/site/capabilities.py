"""Which capabilities each site has: the one list behind its apps, its addresses and its API.

Three sites from one code base, each its own process, home, database and ledger. No Django here: settings read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

SITES: dict[str, tuple[str, ...]] = {
    "authority": (
        "people", "restrictions", "register", "evidence", "assessment", "casework", "review", "statements",
    ),
    "concerns": ("people", "concerns"),
    "public": ("people", "debate", "publication"),
}  # fmt: skip
"""Site -> its capabilities, in the order of the floors."""


def capabilities(*sites: str) -> tuple[str, ...]:
    """The capabilities of the sites that this version has, each once."""
    named = dict.fromkeys(name for site in sites for name in SITES[site])
    return tuple(name for name in named if find_spec(f"penholder.{name}") and find_spec(f"penholder.{name}.apps"))


def apps(*sites: str) -> list[str]:
    """Names of the Django apps of the sites' capabilities."""
    return [f"penholder.{name}" for name in capabilities(*sites)]


def rooms(room: str, *sites: str) -> Iterator[ModuleType]:
    """The module `room` of each capability that has one, imported."""
    for name in capabilities(*sites):
        spec = find_spec(f"penholder.{name}.{room}")
        if spec is not None and spec.origin:
            yield import_module(spec.name)
