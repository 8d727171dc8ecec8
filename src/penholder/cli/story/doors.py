"""The three doors of the story: Python, HTTP, command line."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.module_loading import import_string

from penholder.actions.action import perform
from penholder.actions.registry import ACTIONS
from penholder.actions.values import Receipt
from penholder.cli.passphrase import FILE
from penholder.cli.story import command, filers
from penholder.cli.story.cast_words import passphrase_of
from penholder.cli.story.players import Players
from penholder.cli.story.refused import DoorError, refusal_of
from penholder.entry.api import shown
from penholder.entry.cli import VARIABLE
from penholder.kernel.errors import PenholderError
from penholder.kernel.ids import random_id

_WAYS = {
    "undertaking": "penholder.casework.files.send_undertaking",
    "party_list": "penholder.casework.files.send_list",
    "incidents": "penholder.evidence.files.send",
}
"""By name: a site has not every application."""
_NAMES = {"undertaking": "undertaking.txt", "party_list": "list.csv", "incidents": "incidents.csv"}
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
_CONCERNS = "concerns."
_JSON = "application/json"


class PythonDoor:
    """Calls the acts in this process."""

    def __init__(self, players: Players) -> None:
        self._players = players

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        with contextlib.ExitStack() as stack:
            if name.startswith(_CONCERNS):
                stack.enter_context(filers.unlocked(passphrase_of(who)))
            try:
                receipt: Receipt[Any] = perform(name, self._players.actor(who), **given)
            except PenholderError as error:
                raise refusal_of(error) from error
        return shown(ACTIONS[name], receipt)

    def of_filer(self, codes: Mapping[str, str] | None, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        try:
            return filers.by_python(codes, name, given)
        except PenholderError as error:
            raise refusal_of(error) from error

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        del who
        return str(import_string(_WAYS[kind])(io.BytesIO(content), name=_NAMES[kind]))


Post = Callable[[str, bytes, Mapping[str, str]], tuple[int, bytes]]
"""POST to a path, with a body and headers; gives status and body."""


class HttpDoor:
    """Sends requests to a site, each with the token of whoever acts."""

    def __init__(self, post: Post, tokens: Mapping[str, str]) -> None:
        self._post, self._tokens = post, tokens

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        address = f"/api/v1/acts/{name.replace('.', '/').replace('_', '-')}"
        more = {filers.HEADER: passphrase_of(who)} if name.startswith(_CONCERNS) else {}
        return self._ask(who, address, json.dumps(given).encode(), _JSON, **more)

    def of_filer(self, codes: Mapping[str, str] | None, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`. No token is sent."""
        body = json.dumps({**given, **(codes or {})}).encode()
        return filers.receipt(self._ask("", f"/api/v1/concerns/{filers.WAYS[name].word}", body, _JSON))

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        address, media_type = _ADDRESSES[kind]
        return str(self._ask(who, address, content, media_type)["file"])

    def _ask(self, who: str, address: str, body: bytes, media_type: str, **more: str) -> Any:
        headers = {"Content-Type": media_type, "Idempotency-Key": random_id(), **more}
        if who:
            headers["Authorization"] = f"Bearer {self._tokens[who]}"
        status, answer = self._post(address, body, headers)
        nothing = {"code": "absent", "detail": "nothing was said"}
        said: dict[str, Any] = json.loads(answer) if answer else nothing
        if status not in {200, 201}:
            raise DoorError(said["code"], said["detail"], said.get("fields"))
        return said


class CommandDoor:
    """Runs commands in this process, with the token of whoever acts in PENHOLDER_TOKEN."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = tokens

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        with (
            _file(json.dumps(given).encode(), "given.json") as path,
            _file(passphrase_of(who).encode(), "passphrase") as secret,
        ):
            more = {FILE: secret} if name.startswith(_CONCERNS) else {}
            words = ["act", name.replace("_", "-"), "--json", path]
            return json.loads(command.run(words, variables={VARIABLE: self._tokens[who], **more}))

    def of_filer(self, codes: Mapping[str, str] | None, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`. Locator and secret go by standard input."""
        words, content = filers.WAYS[name].words(given)
        typed = f"{codes['locator']}\n{codes['secret']}\n" if codes else ""
        with _file(content, "given") as path:
            named = [path if word == filers.THE_FILE else word for word in words]
            return filers.receipt(json.loads(command.run(["concerns", *named], given=typed)))

    def send(self, who: str, kind: str, content: bytes) -> str:
        """As `telling.Door`."""
        with _file(content, _NAMES[kind]) as path:
            return command.run([*_COMMANDS[kind], path], variables={VARIABLE: self._tokens[who]}).strip()


@contextlib.contextmanager
def _file(content: bytes, name: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="penholder-story-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield str(path)
