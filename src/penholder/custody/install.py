"""Making a home: folders, keys, configuration, tables. All of it, or nothing."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from penholder.custody.errors import InstallationError
from penholder.custody.files import make_private, write_whole
from penholder.kernel.errors import ConfigurationError
from penholder.kernel.home import CONFIGURATION, ENVIRONMENTS, SITES, Home, read_home
from penholder.ledger.note import Signer
from penholder.vault.durable import sync_folder
from penholder.vault.keys import KeyStore

PASSWORD = "database-password"  # noqa: S105 - the name of a file
OWNER_PASSWORD = "database-owner-password"  # noqa: S105 - the name of a file
_ORIGIN = re.compile(r"[a-z0-9.-]+\.[a-z0-9-]+(?:/[A-Za-z0-9._~/-]+)?|localhost(?:/[A-Za-z0-9._~/-]+)?")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a new installation shall be. `database`: empty for SQLite, else the keys of `[database]`.

    The passwords: empty where libpq finds them itself (PGPASSFILE, ~/.pgpass), or none is needed.
    """

    origin: str
    authority: str
    environment: str = "development"
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    database: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)
    owner_password: str = field(default="", repr=False)
    site: str = "authority"
    ladder: tuple[Mapping[str, Any], ...] = ()
    """Site of concerns: its levels from below."""

    def __post_init__(self) -> None:
        if not _ORIGIN.fullmatch(self.origin) or len(self.origin) > _MOST:
            raise InstallationError(
                f"the origin {self.origin!r} is not a host name with a path",
                hint="for example ledger.ardenia.invalid/log: small letters, no scheme, no spaces",
            )
        if not self.authority.strip() or not self.authority.isprintable():
            raise InstallationError("the name of the authority is missing", hint='give --authority "..."')
        if self.environment not in ENVIRONMENTS:
            raise InstallationError(f"environment {self.environment!r}", hint=f"allowed: {ENVIRONMENTS}")
        if self.site not in SITES:
            raise InstallationError(f"site {self.site!r}", hint=f"allowed: {SITES}")

    def toml(self) -> str:
        """The configuration file."""
        lines = [
            f"origin = {_quoted(self.origin)}",
            f"authority = {_quoted(self.authority)}",
            f"site = {_quoted(self.site)}",
            f"environment = {_quoted(self.environment)}",
            f"hosts = [{', '.join(map(_quoted, self.hosts))}]",
        ]
        if self.database:
            given = dict(self.database)
            given |= {"password_file": PASSWORD} if self.password else {}
            given |= {"owner_password_file": OWNER_PASSWORD} if given.get("owner") else {}
            lines += ["", "[database]", *(f"{k} = {_quoted(v)}" for k, v in given.items() if v)]
        for level in self.ladder:
            name, role, outside = (json.dumps(level[k], ensure_ascii=False) for k in ("name", "role", "outside"))
            lines += ["", "[[ladder]]", f"name = {name}", f"role = {role}", f"outside = {outside}"]
        return "\n".join(lines) + "\n"


def read_password(file: Path) -> str:
    """The password in a file: its first line, and the only one. Raises: InstallationError."""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise InstallationError(f"the password file {file} cannot be read: {said}", hint="mend it") from error
    if not text or not text.isprintable():
        raise InstallationError(
            f"the password file {file} has no password, or more than one line", hint="write one line into it"
        )
    return text


def database_of_url(url: str) -> dict[str, str]:
    """`postgresql://user@host:5432/name` as the keys of `[database]`.

    Raises: InstallationError: it is no such address, or it holds a password.
    """
    parts = urlsplit(url)
    if parts.password is not None or "password" in parts.query:
        raise InstallationError(
            "the address of the database holds a password: everybody on this machine can read it in the list of "
            "processes; nothing was made",
            hint="leave it out, write it into a file, and give --database-password-file FILE; "
            "and change it: it has been seen",
        )
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise InstallationError(
            "the address of the database is not understood",
            hint="give postgresql://USER@HOST:5432/NAME; without --database-url there is SQLite in the home",
        )
    host = parts.netloc.rpartition("@")[2].partition(":")[0]  # as given: `hostname` makes small letters of it
    return {
        "name": unquote(parts.path.strip("/")),
        "host": unquote(host),
        "port": str(parts.port or ""),
        "user": unquote(parts.username or ""),
    }


def check_free(home: Path) -> None:
    """Raises: InstallationError where there is something already: nothing is ever overwritten."""
    if (home / CONFIGURATION).exists():
        raise InstallationError(
            f"{home} is a Penholder home already; nothing was changed",
            hint="`penholder doctor` looks at it, `penholder upgrade` brings its tables up to date",
        )
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InstallationError(
            f"{home} exists and is not empty", hint="give another folder with --home or PENHOLDER_HOME"
        )


def draft_home(home: Path, wishes: Wishes) -> Home:
    """Make all files of a home beside the place where it shall stand. `adopt` moves it there.

    Raises: what `check_free` raises where something is there already; OSError, with nothing left behind.
    """
    check_free(home)
    draft = home.with_name(f".{home.name}.{secrets.token_hex(4)}.new")
    try:
        for folder in (draft, draft / "secrets", draft / "files", draft / "backups"):
            make_private(folder)
        signer = Signer.generate(wishes.origin)
        recovery = Signer.generate(f"{wishes.origin}-recovery")
        texts = {
            "secrets/secret-key": secrets.token_urlsafe(50),
            "secrets/lookup-key": secrets.token_hex(32),
            "secrets/ledger-key": signer.text(),
            "secrets/recovery-key": recovery.text(),
            "verifier-key": signer.verifier.text(),
        }
        passwords = {PASSWORD: wishes.password, OWNER_PASSWORD: wishes.owner_password}
        texts |= {f"secrets/{name}": text for name, text in passwords.items() if text}
        if wishes.site == "concerns":
            texts["secrets/exchange-key"] = secrets.token_hex(32)
        for name, text in texts.items():
            write_whole(draft / name, f"{text}\n".encode(), mode=0o600)
        KeyStore.create(draft / "keys.sqlite3")
        write_whole(draft / CONFIGURATION, wishes.toml().encode(), mode=0o600)
    except OSError as error:
        discard(draft)
        raise InstallationError(
            f"{home} cannot be made: {error.strerror}", hint="see disk space and permissions; nothing was left"
        ) from error
    return read_home(draft)


def adopt(draft: Home, home: Path) -> None:
    """Put the finished home in its place. Raises: InstallationError: somebody was faster."""
    try:
        draft.path.rename(home)
        sync_folder(home.parent)
    except OSError as error:
        raise InstallationError(f"{home} cannot be made: {error.strerror}", hint="nothing was left") from error


def discard(draft: Path) -> None:
    """Remove an unfinished home."""
    shutil.rmtree(draft, ignore_errors=True)


def _quoted(text: str) -> str:
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise ConfigurationError("a value of the configuration holds a control character", hint="leave it out")
    return json.dumps(text, ensure_ascii=False)
