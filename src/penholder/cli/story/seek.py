"""What a person of the story looks up before acting: the version of a thing, and ids that no act has given.

Each site has a module for it: an application of Django that a site does not have cannot be imported there.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from penholder.actions.values import Actor


class Eyes(Protocol):
    """A module `seek_<site>`."""

    def version_seen(self, viewer: Actor, given: Mapping[str, Any]) -> int:
        """The version of the thing that the parameters name, as its page shows it to the viewer."""

    def sought(self, viewer: Actor, wanted: Mapping[str, Any]) -> str:
        """The public id of what is sought, as the viewer finds it on its page."""


def eyes(site: str) -> Eyes:
    """How things are looked up on a site."""
    return cast("Eyes", import_module(f"penholder.cli.story.seek_{site}"))
