"""Acts of those who raise and join concerns, by each door: by locator and secret, without an account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import NOBODY

HEADER = "Penholder-Passphrase"
"""In which the API takes the passphrase of an officer."""
THE_FILE = "FILE"
"""Among the words of a command: the file with the content."""
_RAISE = "concerns.raise_concern"
_SHOWN_ONCE = ("locator", "secret", "receipt")


@dataclass(frozen=True, slots=True)
class Way:
    """word: last part of the address and of the command. words: of parameters, the words and the file."""

    word: str
    words: Callable[[Mapping[str, Any]], tuple[list[str], bytes]]


def _with_text(word: str) -> Way:
    return Way(word, lambda given: ([word, THE_FILE], given["text"].encode()))


def _contest(given: Mapping[str, Any]) -> tuple[list[str], bytes]:
    points = [option for point in given["points"] for option in ("--point", str(point))]
    return ["contest", *points, THE_FILE], given["text"].encode()


WAYS = {
    _RAISE: Way("raise", lambda given: (["raise", THE_FILE], json.dumps(given).encode())),
    "concerns.write_message": _with_text("message"),
    "concerns.add_target": Way("target", lambda given: (["target", given["target"]], b"")),
    "concerns.contest_points": Way("contest", _contest),
    "concerns.accept_answer": Way("accept", lambda _given: (["accept"], b"")),
    "concerns.withdraw_concern": Way("withdraw", lambda _given: (["withdraw"], b"")),
}
"""Name of an act -> how it is done without Python."""


def by_python(codes: Mapping[str, str] | None, name: str, given: Mapping[str, Any]) -> Any:
    """Do it in this process. codes: None where the act makes them. Raises: PenholderError."""
    from penholder.concerns import filers, proofs  # noqa: PLC0415 - the site of concerns alone has them
    from penholder.concerns.codes import Codes, new_codes  # noqa: PLC0415

    used = Codes(codes["locator"], codes["secret"]) if codes else new_codes()
    with filers.using(used):
        done: Any = perform(name, NOBODY, **given, locator=used.locator, secret=used.secret).result
        if name != _RAISE:
            return receipt({"concern": done.id})
        text = proofs.receipt_of(used)
    return receipt({"concern": done.id, "locator": used.locator, "secret": used.secret, "receipt": text})


def receipt(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a door has said, as the receipt of an act."""
    result = {name: value for name, value in said.items() if name not in _SHOWN_ONCE}
    return {"result": result, "details": {name: said[name] for name in _SHOWN_ONCE if name in said}}


@contextmanager
def unlocked(passphrase: str) -> Iterator[None]:
    """What is done inside may use the key of an officer; answers that say nothing are counted afterwards."""
    from penholder.concerns import refusals  # noqa: PLC0415
    from penholder.concerns.unlocked import Source, using  # noqa: PLC0415

    try:
        with using(Source(passphrase=lambda: passphrase)):
            yield
    finally:
        refusals.record_waiting()
