"""The three doors of the story: Python, HTTP, command line."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from penholder.actions.action import perform
from penholder.actions.registry import ACTIONS
from penholder.actions.values import Receipt
from penholder.casework.files import send_list, send_undertaking
from penholder.cli.main import penholder
from penholder.cli.story.players import Players
from penholder.cli.story.telling import DoorError
from penholder.entry.api import shown
from penholder.entry.cli import VARIABLE
from penholder.evidence.files import send as send_incidents
from penholder.kernel.errors import PenholderError
from penholder.kernel.ids import random_id

_SENT: dict[str, tuple[Callable[..., Any], str]] = {
    "undertaking": (send_undertaking, "undertaking.txt"),
    "party_list": (send_list, "list.csv"),
    "incidents": (send_incidents, "incidents.csv"),
}
_ADDRESSES = {
    "undertaking": ("/api/v1/casework/undertakings", "application/octet-stream"),
    "party_list": ("/api/v1/casework/party-lists", "text/csv"),
    "incidents": ("/api/v1/evidence/files", "text/csv"),
}
_COMMANDS = {
    "undertaking": ("cases", "send", "--as", "undertaking"),
    "party_list": ("cases", "send", "--as", "list"),
    "incidents": ("evidence", "send"),
}


class PythonDoor:
    """Calls the acts in this process."""

    def __init__(self, players: Players) -> None:
        self._players = players

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        try:
            receipt: Receipt[Any] = perform(name, self._players.actor(who), **given)
        except PenholderError as error:
            raise _refused(error) from error
        return shown(ACTIONS[name], receipt)

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        del who
        way, name = _SENT[kind]
        return str(way(io.BytesIO(content), name=name))


Post = Callable[[str, bytes, Mapping[str, str]], tuple[int, bytes]]
"""POST to a path, with a body and headers; gives status and body."""


class HttpDoor:
    """Sends requests to a site, each with the token of whoever acts."""

    def __init__(self, post: Post, tokens: Mapping[str, str]) -> None:
        self._post, self._tokens = post, tokens

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        address = f"/api/v1/acts/{name.replace('.', '/').replace('_', '-')}"
        return self._ask(who, address, json.dumps(given).encode(), "application/json")

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        address, media_type = _ADDRESSES[kind]
        return str(self._ask(who, address, content, media_type)["file"])

    def _ask(self, who: str, address: str, body: bytes, media_type: str) -> Any:
        headers = {
            "Authorization": f"Bearer {self._tokens[who]}",
            "Content-Type": media_type,
            "Idempotency-Key": random_id(),
        }
        status, answer = self._post(address, body, headers)
        said = json.loads(answer) if answer else {"code": "absent", "detail": "nothing was said"}
        if status not in {200, 201}:
            raise DoorError(said["code"], f"{said['detail']} {said.get('fields', '')}")
        return said


class CommandDoor:
    """Runs commands in this process, with the token of whoever acts in PENHOLDER_TOKEN."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = tokens

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        with _file(json.dumps(given).encode(), "given.json") as path:
            said = self._run(who, "act", name.replace("_", "-"), "--json", path)
        return json.loads(said)

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        with _file(content, _SENT[kind][1]) as path:
            return self._run(who, *_COMMANDS[kind], path).strip()

    def _run(self, who: str, *words: str) -> str:
        said = io.StringIO()
        os.environ[VARIABLE] = self._tokens[who]
        try:
            with contextlib.redirect_stdout(said):
                penholder.main(args=list(words), prog_name="penholder", standalone_mode=False)
        except PenholderError as error:
            raise _refused(error) from error
        except SystemExit as left:
            if left.code:
                raise DoorError("exit", f"{words} left with {left.code}") from left
        finally:
            del os.environ[VARIABLE]
        return said.getvalue()


def _refused(error: PenholderError) -> DoorError:
    return DoorError(error.code, f"{error.message} {dict(getattr(error, 'fields', {})) or ''}".strip())


@contextlib.contextmanager
def _file(content: bytes, name: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="penholder-story-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield str(path)
