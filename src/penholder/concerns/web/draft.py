"""A concern while it is written: it travels in the page, from one question to the next, and is stored nowhere.

No cookie, no session, no row: whoever closes the window has left nothing here. The codes that will be shown are
made
before the last step and travel sealed, so that a request that is sent twice gives the same ones.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from penholder.concerns.codes import Codes, new_codes
from penholder.concerns.values import MOST_POINTS
from penholder.entry.errors import BadRequestError
from penholder.kernel.ids import random_id

_LONGEST = 600_000
_OF_A_POINT = {"claim", "criterion", "evidence"}
TICKET_SECONDS = 30 * 60
"""How long a page of the return area counts."""


@dataclass
class Draft:
    """What was said so far. place: the point that is being written, from 0."""

    targets: list[str] = field(default_factory=list)
    matter: str = ""
    points: list[dict[str, Any]] = field(default_factory=list)
    place: int = 0
    kept_out: list[str] = field(default_factory=list)
    asks_decider: bool = False
    codes: str = ""
    key: str = ""

    def text(self) -> str:
        """As it stands in the page."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def read(cls, text: str) -> Draft:
        """What came back. Raises: BadRequestError. What it says is judged by the act."""
        try:
            found = json.loads(base64.urlsafe_b64decode(text)) if text and len(text) < _LONGEST else {}
            made = cls(**found)
        except (ValueError, TypeError) as error:
            raise _unreadable() from error
        if (
            not all(isinstance(getattr(made, n), type(getattr(cls(), n))) for n in asdict(made))
            or not made.is_sound()
        ):
            raise _unreadable()
        return made

    def is_sound(self) -> bool:
        """Is it of the shape that the pages make? What they say is judged by the act."""
        words = [*self.targets, *self.kept_out, *(e for p in self.points for e in _list(p, "evidence"))]
        words += [p.get(name, "") for p in self.points if isinstance(p, dict) for name in ("claim", "criterion")]
        return (
            all(isinstance(word, str) for word in words)
            and all(isinstance(p, dict) and p.keys() <= _OF_A_POINT for p in self.points)
            and 0 <= self.place <= len(self.points) <= MOST_POINTS
        )

    def point(self) -> dict[str, Any]:
        """The point that is being written."""
        return self.points[self.place] if 0 <= self.place < len(self.points) else {}

    def prepare(self) -> None:
        """Before the last step: the codes, and a name for the request."""
        if not self.codes:
            self.codes, self.key = ticket_of(new_codes()), random_id()


def _list(point: Any, name: str) -> list[Any]:
    """A list of a point; one that is no text where it is none."""
    found = point.get(name, []) if isinstance(point, dict) else [None]
    return found if isinstance(found, list) else [None]


def _unreadable() -> BadRequestError:
    return BadRequestError("this page cannot be read", hint="begin again at the first question")


def ticket_of(codes: Codes) -> str:
    """The codes, sealed for a page: they count for half an hour, and only here."""
    return _seal().encrypt(json.dumps([codes.locator, codes.secret]).encode()).decode()


def codes_of(ticket: str) -> Codes:
    """Raises: BadRequestError: too old, or not ours."""
    try:
        locator, secret = json.loads(_seal().decrypt(ticket.encode(), ttl=TICKET_SECONDS))
    except (InvalidToken, ValueError) as error:
        raise BadRequestError(
            "this page has been open for too long", hint="come back with your locator and secret"
        ) from error
    return Codes(locator, secret)


def _seal() -> Fernet:
    key = salted_hmac("penholder.concerns.ticket", settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
