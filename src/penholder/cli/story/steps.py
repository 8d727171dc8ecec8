"""The story and its cast as frozen values, read strictly from their files. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from penholder.kernel.errors import RuleError
from penholder.rules.yaml_tree import Node, Scalar, Sequence, parse_tree

AUTHORITY = "authority"
"""The site of the authority: exporters and officers."""
OPERATOR = "operator"
"""Who runs commands on the server of a site; nobody of the cast."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act, or one command of the operator. day: days from the day of the telling.

    run: words of a command, without `penholder`; then there is no act. name: by which later steps refer to what it
    gives. finds: name -> what is looked up afterwards. codes: of whom the receipt shows locator and secret.
    refused: code of the error that is expected; empty: it is done. fields: the parameters that the error names.
    leaves: the one event that a refusal leaves.
    """

    says: str
    day: int
    who: str
    act: str
    given: Mapping[str, Any]
    run: tuple[str, ...] = ()
    name: str = ""
    finds: Mapping[str, Mapping[str, Any]] | None = None
    codes: str = ""
    refused: str = ""
    fields: tuple[str, ...] = ()
    leaves: str = ""

    @property
    def does(self) -> str:
        """The name of the act, or the command."""
        return self.act or f"penholder {' '.join(self.run)}"


@dataclass(frozen=True, slots=True)
class Part:
    """Steps under one title, on one site."""

    number: int
    title: str
    site: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Neighbouring parts of one site: what one process plays without a break."""

    number: int
    site: str
    parts: tuple[Part, ...]


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
    """firms: key -> name. people: in the order in which they are invited; the first is the administrator.

    filers: keys of those who act by locator and secret, and have no account on the site.
    """

    firms: Mapping[str, str]
    teams: tuple[str, ...]
    people: tuple[Member, ...]
    filers: tuple[str, ...] = ()


@cache
def story() -> tuple[Part, ...]:
    """The parts, in order. Raises: RuleError."""
    return tuple(_part(data(name)) for name in data("story.yaml")["parts"])


def parts_of(site: str) -> tuple[Part, ...]:
    """The parts that are played on a site."""
    return tuple(p for p in story() if p.site == site)


@cache
def scenes() -> tuple[Scene, ...]:
    """The story as it is played: one scene after the other."""
    groups = (tuple(parts) for _, parts in groupby(story(), key=lambda p: p.site))
    return tuple(Scene(number, parts[0].site, parts) for number, parts in enumerate(groups))


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
    filers = tuple(row["key"] for row in found["filers"] if row["site"] == site)
    if site != AUTHORITY:
        return Cast({}, (), people, filers)
    return Cast(firms, tuple(found["teams"]), people, filers)


def data(name: str) -> Any:
    """A file of the story: lists, mappings and texts. Raises: RuleError."""
    file = Path(str(resources.files("penholder.cli.story").joinpath("data", name)))
    return _plain(parse_tree(file.read_text(encoding="utf-8"), name=name, error=RuleError))


def _part(found: Mapping[str, Any]) -> Part:
    return Part(int(found["part"]), found["title"], found["site"], tuple(_step(s) for s in found["steps"]))


_WORDS = {"says", "day", "who", "act", "run", "as", "given", "finds", "codes", "refused", "fields", "leaves"}


def _step(found: Mapping[str, Any]) -> Step:
    if left := found.keys() - _WORDS:
        raise RuleError(f"a step of the story has {', '.join(sorted(left))}: {found.get('says')}")
    if ("act" in found) == ("run" in found):
        raise RuleError(f"a step of the story is an act or a command: {found.get('says')}")
    return Step(
        says=found["says"],
        day=int(found["day"]),
        who=found["who"] if "act" in found else OPERATOR,
        act=found.get("act", ""),
        given=found.get("given", {}),
        run=tuple(found.get("run", ())),
        name=found.get("as", ""),
        finds=found.get("finds"),
        codes=found.get("codes", ""),
        refused=found.get("refused", ""),
        fields=tuple(found.get("fields", ())),
        leaves=found.get("leaves", ""),
    )


def _plain(node: Node) -> Any:
    """Texts as they are written, lists, mappings: what an act makes of a text is its own affair."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [_plain(entry) for entry in node.entries]
    return {name: _plain(value) for name, value in node.pairs.items()}
