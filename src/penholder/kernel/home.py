"""PENHOLDER_HOME: the folder that holds all state of one installation, and its configuration file.

Layout:
    penholder.toml      configuration (below)
    casework.sqlite3    the database, where no other is configured
    keys.sqlite3        keys of the vault: one per subject, never in the same backup as the database
    erasures.jsonl      journal of erasures, applied again after a restore
    files/              encrypted files, named by their content
    secrets/            secret key of the site, lookup key of addresses, signing key of the ledger (mode 0700)
    published/          the published ledger, where no other folder is given
    exchange/           signed files between the authority and the site of concerns, where no other is given
    exchange-seen.json  which of them was read last: an older one is not taken again
    backups/            where `penholder backup` puts its folders, where no other is given
    mail/               letters with links to set a new password: there is no mail server
    writer.lock         held by whoever writes to the SQLite database
    publisher.lock      held by whoever signs or publishes
    in-use.lock         held (shared) by the server and the worker
    verifier-key        the public half of the first signing key, to be given to whoever verifies
    published-head      the checkpoint that left the house last; in no dump, so that a database put back shows
    sent-head           the same for the newest checkpoint that left in a receipt before it was published
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penholder.kernel.errors import ConfigurationError

VARIABLE = "PENHOLDER_HOME"
DEFAULT = "penholder-data"
CONFIGURATION = "penholder.toml"
PUBLISHED_HEAD = "published-head"
SENT_HEAD = "sent-head"
FIRST_KEY = "verifier-key"
IN_USE = "in-use.lock"
ENVIRONMENTS = ("development", "production")
_USER_ASSIGNED = re.compile(r"X[A-JL-Z]\Z")
_A_NAME = re.compile(r"[^\W\d_][\w .,'()-]{1,58}[\w)]\Z")
SITES = ("authority", "concerns", "public")
"""Each its own home, process, database and ledger."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `penholder.toml` says."""

    origin: str
    """Name of the ledger, as in its checkpoints: a host name and a path, without a scheme."""
    authority: str
    """Name of the licensing authority, as pages show it."""
    site: str = "authority"
    """Which of the three sites this installation is."""
    environment: str = "development"
    """`development` (one machine, plain HTTP on loopback) or `production`."""
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    database: dict[str, str] = field(default_factory=dict)
    """Empty: SQLite in this folder. Else a PostgreSQL connection: name, host, port, user, password_file, and the
    other roles of docs/how-to/use-postgresql.md: writer, owner, owner_password_file."""
    oidc: dict[str, str] = field(default_factory=dict)
    """Empty: no single sign-on. Else name, server_url, client_id, client_secret_file."""
    rule_set: str = "uk"
    """By which rules cases are decided: a set (`uk-selc-2021`), or a family: then its set in force on the day."""
    places: dict[str, str] = field(default_factory=dict)
    """Names of user-assigned codes, XA to XZ: `XV = "Velmora"` (docs/reference/places.md)."""
    map: dict[str, str] = field(default_factory=dict)
    """Public site: `boundaries`, a GeoJSON file in this folder, of places that the atlas lacks."""
    calendar: dict[str, str] = field(default_factory=dict)
    """Working days for the clocks: zone, holidays, closed (docs/reference/casework.md)."""
    staleness: dict[str, int] = field(default_factory=dict)
    """After how many days information is too old to be cited unsaid (docs/reference/assessment.md)."""
    debate: dict[str, Any] = field(default_factory=dict)
    """Empty: there is no debate. Else `enabled = true`, and more (docs/reference/debate.md)."""
    ladder: tuple[dict[str, Any], ...] = ()
    """Site of concerns: its levels from below, each name, role, outside (docs/reference/concerns.md)."""
    exchange: dict[str, str] = field(default_factory=dict)
    """The other site's ledger key (`peer`), and the folder of the exchange (`folder`; default: exchange/)."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder and its configuration."""

    path: Path
    configuration: Configuration

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.path / "casework.sqlite3"

    @property
    def keys(self) -> Path:
        """The key store of the vault."""
        return self.path / "keys.sqlite3"

    @property
    def erasures(self) -> Path:
        """The journal of erasures."""
        return self.path / "erasures.jsonl"

    @property
    def files(self) -> Path:
        """The encrypted files."""
        return self.path / "files"

    @property
    def secrets(self) -> Path:
        """The folder of secrets."""
        return self.path / "secrets"

    @property
    def boundaries(self) -> Path | None:
        """The boundaries of places that the atlas lacks, if there are any."""
        name = self.configuration.map.get("boundaries")
        return self.path / name if name else None

    @property
    def published(self) -> Path:
        """The published ledger."""
        return self.path / "published"

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.path / "backups"

    @property
    def writer_lock(self) -> Path:
        """The lock of the writers."""
        return self.path / "writer.lock"

    def has_secret(self, name: str) -> bool:
        """Is there such a secret?"""
        return (self.secrets / name).is_file()

    def secret(self, name: str) -> str:
        """The text of one secret. Raises: ConfigurationError if it is not there."""
        path = self.secrets / name
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(
                f"the secret {name!r} cannot be read: {error.strerror}",
                hint="run `penholder init`, or restore the folder `secrets` from its own copy",
            ) from error


def home_path() -> Path:
    """The folder that PENHOLDER_HOME names, or ./penholder-data."""
    return Path(os.environ.get(VARIABLE) or DEFAULT).absolute()


def read_home(path: Path | None = None) -> Home:
    """Read the configuration of an installation.

    Raises: ConfigurationError if there is none, or it says something that is not allowed.
    """
    folder = path or home_path()
    file = folder / CONFIGURATION
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{folder} is not a Penholder home: it has no {CONFIGURATION}",
            hint=f"run `penholder init`, or set {VARIABLE} to the folder that it made",
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}", hint="mend the file") from error
    return Home(folder, _configuration(content, file))


def _configuration(content: dict[str, Any], file: Path) -> Configuration:
    allowed = tuple(Configuration.__dataclass_fields__)
    for key in content:
        if key not in allowed:
            raise ConfigurationError(f"{file}: key {key!r} is not allowed", hint=f"allowed: {', '.join(allowed)}")
    for key in ("origin", "authority"):
        if not isinstance(content.get(key), str) or not content[key].strip():
            raise ConfigurationError(f"{file}: {key!r} is missing", hint=f'write {key} = "..."')
    for key, among in (("environment", ENVIRONMENTS), ("site", SITES)):
        if content.get(key, among[0]) not in among:
            raise ConfigurationError(
                f"{file}: {key} {content[key]!r} is not allowed", hint=f"allowed: {', '.join(among)}"
            )
    hosts = content.get("hosts", ["localhost", "127.0.0.1"])
    if not isinstance(hosts, list) or not all(isinstance(h, str) for h in hosts):
        raise ConfigurationError(f"{file}: 'hosts' is not a list of names", hint='write hosts = ["..."]')
    ladder = content.get("ladder", [])
    if not isinstance(ladder, list):
        raise ConfigurationError(f"{file}: 'ladder' is not a list of levels", hint="write [[ladder]] for each")
    _check_places(content.get("places", {}), file)
    _check_map(content.get("map", {}), file)
    return Configuration(**content | {"hosts": tuple(hosts), "ladder": tuple(ladder)})


def _check_map(found: Any, file: Path) -> None:
    """Raises: ConfigurationError."""
    if found == {}:
        return
    name = found.get("boundaries") if isinstance(found, dict) and set(found) == {"boundaries"} else None
    if not isinstance(name, str) or not (file.parent / name).is_file():
        raise ConfigurationError(
            f"{file}: 'map' names no file of boundaries",
            hint='write [map], then boundaries = "boundaries.geojson"',
        )


def _check_places(places: Any, file: Path) -> None:
    """Raises: ConfigurationError."""
    if not isinstance(places, dict):
        raise ConfigurationError(f"{file}: 'places' is no table", hint='write [places], then XV = "Velmora"')
    for code, name in places.items():
        if not _USER_ASSIGNED.match(code):
            raise ConfigurationError(
                f"{file}: places: {code!r} is no user-assigned code",
                hint="XA to XZ without XK; the names of all other codes are those of ISO 3166",
            )
        if not isinstance(name, str) or not _A_NAME.match(name):
            raise ConfigurationError(
                f"{file}: places: {code} has no name of 3 to 60 letters", hint=f'write {code} = "Velmora"'
            )
