"""The story and its cast as frozen values, read strictly from their files. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from penholder.kernel.errors import RuleError
from penholder.rules.yaml_tree import Node, Scalar, Sequence, parse_tree

AUTHORITY = "authority"
"""The site of the authority: exporters and officers."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act. day: days from the day of the telling. name: by which later steps refer to what it gives.

    finds: name -> what is looked up afterwards. refused: code of the error that is expected; empty: it is done.
    """

    says: str
    day: int
    who: str
    act: str
    given: Mapping[str, Any]
    name: str = ""
    finds: Mapping[str, Mapping[str, Any]] | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Steps under one title, on one site."""

    number: int
    title: str
    site: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast. team: title of a team; firm: key of a firm; both may be empty."""

    key: str
    title: str
    roles: tuple[str, ...]
    team: str
    firm: str

    @property
    def address(self) -> str:
        """Where letters to them would go; nobody has it."""
        return f"{self.key.replace('_', '-')}@ardenia.invalid"


@dataclass(frozen=True, slots=True)
class Cast:
    """firms: key -> name. people: in the order in which they are invited; the first is the administrator."""

    firms: Mapping[str, str]
    teams: tuple[str, ...]
    people: tuple[Member, ...]


@cache
def story() -> tuple[Part, ...]:
    """The parts, in order. Raises: RuleError."""
    return tuple(_part(data(name)) for name in data("story.yaml")["parts"])


def parts_of(site: str) -> tuple[Part, ...]:
    """The parts that are played on a site."""
    return tuple(p for p in story() if p.site == site)


@cache
def cast(site: str = AUTHORITY) -> Cast:
    """Who is in it on a site. Raises: RuleError."""
    found = data("cast.yaml")
    firms = {row["key"]: row["name"] for row in found["firms"]}
    people = tuple(
        Member(row["key"], row["title"], tuple(row["roles"]), row.get("team", ""), row.get("firm", ""))
        for row in found["people"]
        if row.get("site", AUTHORITY) == site
    )
    return Cast(firms if site == AUTHORITY else {}, tuple(found["teams"]) if site == AUTHORITY else (), people)


def data(name: str) -> Any:
    """A file of the story: lists, mappings and texts. Raises: RuleError."""
    file = Path(str(resources.files("penholder.cli.story").joinpath("data", name)))
    return _plain(parse_tree(file.read_text(encoding="utf-8"), name=name, error=RuleError))


def _part(found: Mapping[str, Any]) -> Part:
    return Part(int(found["part"]), found["title"], found["site"], tuple(_step(s) for s in found["steps"]))


def _step(found: Mapping[str, Any]) -> Step:
    left = found.keys() - {"says", "day", "who", "act", "as", "given", "finds", "refused"}
    if left:
        raise RuleError(f"a step of the story has {', '.join(sorted(left))}: {found.get('says')}")
    return Step(
        says=found["says"],
        day=int(found["day"]),
        who=found["who"],
        act=found["act"],
        given=found["given"],
        name=found.get("as", ""),
        finds=found.get("finds"),
        refused=found.get("refused", ""),
    )


def _plain(node: Node) -> Any:
    """Texts as they are written, lists, mappings: what an act makes of a text is its own affair."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [_plain(entry) for entry in node.entries]
    return {name: _plain(value) for name, value in node.pairs.items()}
