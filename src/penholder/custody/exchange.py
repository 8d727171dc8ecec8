"""Files between two sites: whole, signed by the ledger key of the site that wrote them, checked by who reads.

    {"kind": "targets", "note": "penholder exchange v1 targets\\n{canonical JSON}\\n\\n— name signature\\n"}

A file is written beside its place and moved there. It is a letter, not a record: what follows from it is an act.
It bears a number, the size of the writer's log: one that is older than what was read before is not taken, though
its signature is good and both are of one day. What was read last stands in `exchange-seen.json` of the home.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from penholder.custody import keyring
from penholder.custody.day_times import settle_times
from penholder.custody.errors import LedgerKeyError
from penholder.custody.files import make_private, write_whole
from penholder.kernel.canonical import canonical_json
from penholder.kernel.errors import ConfigurationError, InputError
from penholder.ledger.errors import NoteError
from penholder.ledger.note import Verifier, open_note, sign_note
from penholder.ledger.store import head

TARGETS, GATES = "targets", "gates"
_FIRST = "penholder exchange v1 "
_LONGEST = 64 << 20
_NUMBER = "number"
SEEN = "exchange-seen.json"
"""Kind -> number of the file that was read last."""


def folder() -> Path:
    """Where the files lie: `folder` of `[exchange]` in penholder.toml, else `exchange` in the home."""
    named = settings.PENHOLDER_EXCHANGE.get("folder", "")
    return Path(named) if named else Path(settings.PENHOLDER_HOME) / "exchange"


def write_signed(kind: str, document: dict[str, Any]) -> Path:
    """Write `<kind>.json`. Raises: LedgerKeyError: this site has no key; OSError."""
    signer = keyring.secret_key(keyring.LEDGER_KEY)
    if signer is None:
        raise LedgerKeyError("secrets/ledger-key is not there", hint="restore the folder `secrets` from its copy")
    numbered = {**document, _NUMBER: head()[0]}
    note = sign_note(f"{_FIRST}{kind}\n{canonical_json(numbered)}\n", [signer])
    path = folder() / f"{kind}.json"
    if not path.parent.is_dir():
        make_private(path.parent)
    write_whole(path, canonical_json({"kind": kind, "note": note}).encode() + b"\n", mode=0o640)
    settle_times(path.parent)
    return path


def read_signed(kind: str) -> dict[str, Any] | None:
    """What the other site wrote; None where there is no such file.

    Raises: ConfigurationError: its key is not configured. InputError: not signed by it, not such a file, or older
        than the one that was read last.
    """
    path = folder() / f"{kind}.json"
    if not path.is_file():
        return None
    peer = _peer()
    try:
        if path.stat().st_size > _LONGEST:
            raise InputError(f"{path.name} is larger than is taken", hint="fetch it again")
        found = json.loads(path.read_bytes())
        first, _, rest = open_note(str(found["note"]), [peer]).text.partition("\n")
        if first != f"{_FIRST}{kind}" or found["kind"] != kind:
            raise InputError(f"{path.name} is signed, and is another file", hint="fetch it again")
        document = json.loads(rest)
    except NoteError as error:
        raise InputError(
            f"{path.name} is not signed by the other site: {error.message}", hint="fetch it again"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name} cannot be read", hint="fetch it again") from error
    if not isinstance(document, dict):
        raise InputError(f"{path.name} holds no object", hint="fetch it again")
    _refuse_older(kind, document.pop(_NUMBER, None))
    return document


def _refuse_older(kind: str, number: object) -> None:
    """Remember the number of what is read. Raises: InputError."""
    path = Path(settings.PENHOLDER_HOME) / SEEN
    seen: dict[str, int] = json.loads(path.read_bytes()) if path.is_file() else {}
    if type(number) is not int or number < seen.get(kind, 0):
        raise InputError(
            f"{kind}.json is older than the one that was read last ({number} after {seen.get(kind, 0)})",
            hint=f"fetch it again; where the other site was restored from a backup, remove {SEEN} from the home",
        )
    if number > seen.get(kind, -1):
        write_whole(path, canonical_json({**seen, kind: number}).encode() + b"\n", mode=0o600)
        settle_times(path.parent, deep=False)


def _peer() -> Verifier:
    try:
        return Verifier.parse(str(settings.PENHOLDER_EXCHANGE.get("peer", "")))
    except NoteError as error:
        raise ConfigurationError(
            "penholder.toml does not say whose files are taken: [exchange] peer is no key",
            hint='put the verifier-key of the other site there: peer = "name+id+base64"',
        ) from error
