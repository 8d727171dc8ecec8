"""The conductor: the story on its sites, each with a home of its own, each scene in a process of its own.

    ROOT/authority, ROOT/concerns, ROOT/public      the homes
    ROOT/exchange                                   what goes between authority and concerns
    ROOT/witnesses                                  what outside witnesses keep, and the heads that they signed
    ROOT/story.json                                 what the steps gave so far, for the next scene (mode 0600: it
                                                    holds locators, secrets and one-time links)

No Django here: settings are of one site, and a process has one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from penholder.analysis.sample.states import boundaries
from penholder.cli.story.steps import scenes
from penholder.concerns.policy.ladder import usual_ladder
from penholder.custody.files import make_private, write_whole
from penholder.custody.install import Wishes, adopt, draft_home
from penholder.kernel.errors import PenholderError
from penholder.kernel.home import FIRST_KEY, VARIABLE

STATE = "story.json"
PLAYER = "penholder.cli.story.scene"
"""The program that plays a scene: its arguments are the root and the number of the scene."""
COSIGNED = "witnesses/cosigned"
OUTSIDE = "Committee on arms exports"
"""The instance outside the authority, at the top of the ladder."""
WISHES = {
    "authority": Wishes("ledger.ardenia.invalid/log", "Licensing authority of Ardenia (invented)"),
    "concerns": Wishes(
        "concerns.ardenia.invalid/log",
        "Concerns of Ardenia (invented)",
        site="concerns",
        ladder=usual_ladder(OUTSIDE),
    ),
    "public": Wishes("public.ardenia.invalid/log", "Licensing authority of Ardenia (invented)", site="public"),
}
"""Site -> what its installation is."""
_BOUNDARIES = "boundaries.geojson"
_MORE = {"public": f'\n[map]\nboundaries = "{_BOUNDARIES}"\n\n[debate]\nenabled = true\n'}
PLACES = {"XA": "Ardenia", "XN": "Norland", "XT": "Tarsis", "XV": "Velmora"}
"""What the sites call the invented states."""
_EXCHANGE_KEY = "secrets/exchange-key"
_PARTNERS = ("authority", "concerns")


class SceneError(PenholderError):
    """A scene did not go as the story says. The process that played it has said why."""


@dataclass(slots=True)
class Site:
    """What is kept of a site between its scenes. moment: where its clock stands. tokens: for doors that ask."""

    moment: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Conducted:
    """The story as far as it has been played.

    results: name -> what a step gave, or was found; key of a filer -> locator, secret.
    """

    root: Path
    today: date
    door: str
    with_tokens: bool
    sites: dict[str, Site]
    results: dict[str, Any]

    def home(self, site: str) -> Path:
        """The folder of a site."""
        return self.root / site

    @property
    def homes(self) -> dict[str, Path]:
        """Site -> folder."""
        return {site: self.home(site) for site in self.sites}

    def keep(self) -> None:
        """For the next scene, and for whoever comes back."""
        kept = {
            "today": self.today.isoformat(),
            "door": self.door,
            "with_tokens": self.with_tokens,
            "sites": {name: asdict(site) for name, site in self.sites.items()},
            "results": self.results,
        }
        write_whole(self.root / STATE, json.dumps(kept, ensure_ascii=False, indent=1).encode(), mode=0o600)


def conducted(root: Path) -> Conducted:
    """What has been played there."""
    kept = json.loads((root / STATE).read_text(encoding="utf-8"))
    sites = {name: Site(**site) for name, site in kept["sites"].items()}
    today = date.fromisoformat(kept["today"])
    return Conducted(root, today, kept["door"], kept["with_tokens"], sites, kept["results"])


def conduct(
    root: Path,
    *,
    today: date,
    door: str = "python",
    each: Callable[[str], None] = lambda _line: None,
    tokens: bool = False,
    player: str = PLAYER,
) -> Conducted:
    """Make the homes and play all scenes, one after the other.

    door: python, http or command. each: is given what is said, line by line, part by part. tokens: everybody gets
    one, even where the door asks for none. player: another than the usual one has a door of its own.
    Raises: SceneError, InstallationError.
    """
    root = root.absolute()
    make_private(root / COSIGNED)
    make_private(root)
    made = Conducted(root, today, door, tokens or door != "python", {s.site: Site() for s in scenes()}, {})
    for site in made.sites:
        adopt(draft_home(made.home(site), WISHES[site]), made.home(site))
    _introduce(made.homes)
    made.keep()
    for scene in scenes():
        _play(root, scene.number, each, player=player)
    return conducted(root)


def _introduce(homes: Mapping[str, Path]) -> None:
    """What an operator does by hand: keys of the exchange, and what else a configuration says."""
    for site, home in homes.items():
        if site in _MORE:
            (home / _BOUNDARIES).write_text(boundaries(), encoding="utf-8")
        named = "".join(f'{code} = "{name}"\n' for code, name in PLACES.items())
        _add(home, f"\n[places]\n{named}{_MORE.get(site, '')}")
    if not homes.keys() >= set(_PARTNERS):
        return
    shutil.copyfile(homes["concerns"] / _EXCHANGE_KEY, homes["authority"] / _EXCHANGE_KEY)
    (homes["authority"] / _EXCHANGE_KEY).chmod(0o600)
    for site, other in (_PARTNERS, reversed(_PARTNERS)):
        peer = (homes[other] / FIRST_KEY).read_text(encoding="utf-8").strip()
        folder = homes[site].parent / "exchange"
        _add(homes[site], f"\n[exchange]\npeer = {json.dumps(peer)}\nfolder = {json.dumps(str(folder))}\n")


def _add(home: Path, text: str) -> None:
    with (home / "penholder.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(text)


def _play(root: Path, number: int, each: Callable[[str], None], *, player: str) -> None:
    """One scene, in a process of its own. Raises: SceneError."""
    asked = [sys.executable, "-m", player, str(root), str(number)]
    left_out = {VARIABLE, "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    with subprocess.Popen(  # noqa: S603 - our own program
        asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as playing:
        assert playing.stdout is not None  # noqa: S101 - it is a pipe
        for line in playing.stdout:
            each(line.rstrip("\n"))
        _, said = playing.communicate()
    if playing.returncode:
        raise SceneError(f"scene {number} of the story: {said.strip()}")
