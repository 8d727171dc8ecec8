"""Read the body of a request: JSON that everybody reads the same, and nothing else."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from ninja.parser import Parser

from penholder.entry.errors import BadRequestError, MediaTypeError, TooLargeError

_HINT = "send one JSON object, UTF-8, each key once"


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body; numbers with a point become Decimal.

    Raises: MediaTypeError, TooLargeError, BadRequestError.
    """
    found = read_json(request)
    if not isinstance(found, dict):
        raise BadRequestError("the body is JSON, but not an object", hint=_HINT)
    return found


def read_json(request: HttpRequest) -> Any:
    """The JSON value in the body. Raises: MediaTypeError, TooLargeError, BadRequestError."""
    given = request.content_type
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if given != "application/json" or charset not in {"utf-8", "utf8"}:
        raise MediaTypeError("the body must be application/json in UTF-8", hint="Content-Type: application/json")
    return parse_json(_bytes(request))


def _bytes(request: HttpRequest) -> bytes:
    try:
        return bytes(request.body)
    except RequestDataTooBig as error:
        raise TooLargeError(
            "the body is larger than is taken", hint="docs/reference/api.md says how much"
        ) from error
    except (UnreadablePostError, ValueError) as error:
        raise BadRequestError("the body could not be read to its end", hint="send it again") from error


def parse_json(data: bytes) -> Any:
    """Read JSON strictly: no key twice, no NaN, no Infinity, no broken text, no nesting without end.

    Raises: BadRequestError. It does not repeat what was given.
    """
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise BadRequestError(f"the body is not UTF-8 at byte {error.start}", hint=_HINT) from error
    except json.JSONDecodeError as error:
        raise BadRequestError(f"the body is not JSON at character {error.pos}", hint=_HINT) from error
    except RecursionError as error:
        raise BadRequestError("the body is nested too deeply", hint=_HINT) from error
    except (ValueError, ArithmeticError) as error:
        raise BadRequestError(f"the body is not allowed: {error}", hint=_HINT) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _no_constant(_name: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


class StrictParser(Parser):
    """The same strictness for routes that leave reading the body to ninja."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request)
