"""What the description of the API says beside the routes: bodies of the acts, and every error that can come."""

from __future__ import annotations

from typing import Any, cast

from ninja.openapi.schema import OpenAPISchema
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from penholder.actions.registry import ACTIONS
from penholder.actions.values import Door

REFERENCE = "#/components/schemas/{model}"
_READS = (400, 401, 403, 422, 503)
_WRITES = (400, 401, 403, 409, 410, 413, 415, 422, 503)
_WORDS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token is not known (any more).",
    403: "The caller may not do this.",
    404: "There is no such thing, or the caller may not know of it. Without a body.",
    409: "Something changed in the meantime, or the idempotency key was used for another request.",
    410: "It was erased.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "Some values are not allowed; `fields` says which.",
    503: "The database or the vault is not available; nothing was changed.",
}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "hint", "fields"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was given, and what is allowed."},
        "code": {"type": "string", "description": "One of docs/reference/errors.md."},
        "hint": {"type": "string", "description": "How to mend it."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Field -> what is wrong with it.",
        },
    },
}
KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "A name of your own for this request. Sent again with the same key, it has one effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def completed(document: OpenAPISchema) -> OpenAPISchema:
    """Add the bodies and results of the acts, and the errors, to what ninja knows by itself."""
    schemas, definitions = _acts()
    components = document["components"]["schemas"]
    components |= definitions | {"Problem": PROBLEM}
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(operation, writes=method not in {"get", "head"}, schemas=schemas)
    return document


def _complete(operation: dict[str, Any], *, writes: bool, schemas: dict[tuple[str, str], Any]) -> None:
    name = operation["operationId"]
    if (name, "validation") in schemas:
        body = {"application/json": {"schema": schemas[name, "validation"]}}
        operation["requestBody"] = {"content": body, "required": True}
        operation["parameters"] = [*operation["parameters"], KEY]
        given = {"application/json": {"schema": _receipt(name, schemas[name, "serialization"])}}
        operation["responses"] = {
            200: {"description": "It had been done with this key; the receipt of then.", "content": given},
            201: {"description": "Done.", "content": given},
        }
    for status in _WRITES if writes else _READS:
        problem = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
        operation["responses"].setdefault(status, {"description": _WORDS[status], "content": problem})
    operation["responses"].setdefault(404, {"description": _WORDS[404]})


def _receipt(name: str, result: Any) -> dict[str, Any]:
    """The schema of the receipt of one act."""
    return {
        "title": f"Receipt of {name}",
        "type": "object",
        "required": ["run", "act", "at", "entries", "result", "replayed", "details", "receipt"],
        "properties": {
            "run": {"type": "string", "description": "Random name of this performance."},
            "act": {"type": "string", "const": name},
            "at": {"type": "string", "format": "date-time"},
            "entries": {"type": "integer", "description": "How many entries of the ledger it made."},
            "result": result,
            "replayed": {"type": "boolean", "description": "An earlier request with this key had done it."},
            "details": {"type": "object", "description": "Shown this once and kept nowhere."},
            "receipt": {"type": "string", "description": "Address of the proof, once it is published."},
        },
        "additionalProperties": False,
    }


def _acts() -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """((action, "validation") -> schema of its body, (action, "serialization") -> of its result), definitions."""
    asked: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = []
    for name, spec in ACTIONS.items():
        if Door.API not in spec.doors:
            continue
        asked.append((name, "validation", TypeAdapter(spec.parameters)))
        asked.append((name, "serialization", spec.result))
    found, rest = TypeAdapter.json_schemas(asked, ref_template=REFERENCE)
    return cast("dict[tuple[str, str], Any]", found), rest.get("$defs", {})
