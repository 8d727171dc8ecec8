"""What `penholder.toml` says of the debate: whether there is one at all, and how much an account may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from penholder.actions.errors import AbsentError
from penholder.kernel.errors import ConfigurationError

_KEYS = {"enabled", "rules", "sources", "membership_file", "membership_key", "posts", "reports", "minutes"}
SOURCES = ("entered", "file")


@dataclass(frozen=True, slots=True)
class Configuration:
    """[debate] of penholder.toml."""

    enabled: bool = False
    rules: Path | None = None
    """File of the house rules; None: those that ship."""
    sources: tuple[str, ...] = ("entered",)
    membership_file: Path | None = None
    membership_key: str = ""
    posts: int = 5
    reports: int = 20
    minutes: int = 10
    """So many posts, and so many reports, of one account in so many minutes."""

    @property
    def window(self) -> timedelta:
        """The minutes as a span."""
        return timedelta(minutes=self.minutes)


def configuration() -> Configuration:
    """Read strictly. Raises: ConfigurationError."""
    return read(dict(settings.PENHOLDER_DEBATE), home=settings.PENHOLDER_HOME)


def read(given: dict[str, Any], *, home: Path) -> Configuration:
    """The table as values; names of files are relative to the home. Raises: ConfigurationError."""
    if unknown := sorted(given.keys() - _KEYS):
        raise _wrong(f"{unknown[0]!r} is not allowed", f"allowed: {', '.join(sorted(_KEYS))}")
    if not isinstance(given.get("enabled", False), bool):
        raise _wrong("'enabled' is neither true nor false", "write enabled = true")
    for name in ("posts", "reports", "minutes"):
        value = given.get(name, 1)
        if type(value) is not int or not 1 <= value <= 10_000:
            raise _wrong(f"{name!r} is no number from 1 to 10,000", f"write {name} = 5")
    sources = tuple(given.get("sources", ("entered",)))
    if not sources or set(sources) - set(SOURCES):
        raise _wrong("'sources' names no source of memberships", f"allowed: {', '.join(SOURCES)}")
    if "file" in sources and not (given.get("membership_file") and given.get("membership_key")):
        raise _wrong("a file of memberships needs 'membership_file' and 'membership_key'", "write both")
    files = {n: home / given[n] for n in ("rules", "membership_file") if given.get(n)}
    return Configuration(**given | {"sources": sources} | files)


def check_enabled() -> Configuration:
    """The configuration of a debate that is on. Raises: AbsentError where it is off: then there is nothing."""
    found = configuration()
    if not found.enabled:
        raise AbsentError(
            "there is no debate on this site",
            hint="it is off unless penholder.toml switches it on: [debate] enabled = true",
        )
    return found


def _wrong(what: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"penholder.toml, [debate]: {what}", hint=hint)
