"""How actions, events and reactions are named: capability, dot, name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def name_in_capability(thing: type | Callable[..., Any]) -> str:
    """`register.suspend_lines` for a function of `penholder.register.actions`."""
    parts = thing.__module__.split(".")
    capability = parts[1] if parts[0] == "penholder" else parts[-1]
    return f"{capability}.{thing.__name__}"
