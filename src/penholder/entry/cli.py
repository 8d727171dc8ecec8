"""A command for each action, made from its declaration: `penholder act register.suspend-lines --licence … `."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import click
from pydantic.fields import FieldInfo

from penholder.actions.action import perform
from penholder.actions.errors import InvalidError
from penholder.actions.registry import ACTIONS, ActionSpec
from penholder.actions.values import Actor, Door, Receipt
from penholder.entry.actor import actors
from penholder.entry.api import shown
from penholder.entry.body import parse_json
from penholder.entry.errors import BadRequestError, NotSignedInError
from penholder.entry.form_fields import Shape, shape_of
from penholder.kernel.errors import InputError
from penholder.kernel.ids import random_id

VARIABLE = "PENHOLDER_TOKEN"
_WHOLE, _KEY = "json_file_", "idempotency_key_"


def dashed(name: str) -> str:
    """`register.suspend-lines` for `register.suspend_lines`."""
    return name.replace("_", "-")


def offered() -> list[ActionSpec]:
    """The actions that the command line offers, by name."""
    return sorted((s for s in ACTIONS.values() if Door.COMMAND in s.doors), key=lambda s: s.name)


def spec_named(name: str) -> ActionSpec | None:
    """The action of that name, with dashes or underscores."""
    return next((s for s in offered() if dashed(s.name) == dashed(name)), None)


def actor_here() -> Actor:
    """The person of the token in PENHOLDER_TOKEN. Raises: NotSignedInError; TokenError."""
    token = os.environ.get(VARIABLE, "").strip()
    if not token:
        raise NotSignedInError(
            f"{VARIABLE} is not set", hint="put a token there: on the site, My account, Make a token"
        )
    return actors().actor_of_token(token)


def command_for(spec: ActionSpec) -> click.Command:
    """The command of an action: an option for each parameter, or all of them as JSON."""
    options = [_option(name, info) for name, info in spec.parameters.model_fields.items()]
    options.append(
        click.Option(
            ["--json", _WHOLE], metavar="FILE", help="All parameters as one JSON object; - reads standard input."
        )
    )
    options.append(
        click.Option(
            ["--key", _KEY], metavar="TEXT", help="A name for this request: sent twice, it has one effect."
        )
    )
    return click.Command(
        dashed(spec.name),
        callback=_callback(spec),
        params=list(options),
        help=f"{spec.description}\n\nNeeds the permission {spec.permission}, and a token in {VARIABLE}.",
        short_help=spec.summary,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _option(name: str, info: FieldInfo) -> click.Option:
    shape = shape_of(info.annotation)
    said = info.description or ""
    flag = dashed(name)
    if shape.kind is bool and not shape.several:
        return click.Option([f"--{flag}/--no-{flag}", name], default=None, help=said)
    wanted = " (needed)" if info.is_required() else ""
    return click.Option([f"--{flag}", name], metavar=_metavar(shape), help=f"{said}{wanted}".strip())


def _metavar(shape: Shape) -> str:
    words = {int: "NUMBER", Decimal: "NUMBER", date: "YYYY-MM-DD", str: "TEXT"}
    one = words.get(shape.kind, "JSON")
    if isinstance(shape.kind, type) and issubclass(shape.kind, Enum):
        one = "[" + "|".join(str(m.value) for m in shape.kind) + "]"
    return f"{one},…" if shape.several and one != "JSON" else one


def _callback(spec: ActionSpec) -> Callable[..., None]:
    def run(**typed: Any) -> None:
        whole, key = typed.pop(_WHOLE), typed.pop(_KEY)
        given = _whole(whole, typed) if whole else _typed(spec, typed)
        receipt = _do(spec, actor_here(), given, key or random_id())
        print_receipt(shown(spec, receipt))

    return run


def _do(spec: ActionSpec, actor: Actor, given: dict[str, Any], key: str) -> Receipt[Any]:
    """Perform it. Raises: InvalidError, with a line for each wrong parameter as its hint."""
    try:
        if not given.keys() <= spec.parameters.model_fields.keys():
            spec.read(given)  # refuses, and says which
        return perform(spec.name, actor, idempotency_key=key, **given)
    except InvalidError as error:
        lines = "\n  ".join(f"{name}: {message}" for name, message in error.fields.items())
        raise type(error)(error.message, hint=lines, fields=error.fields) from error


def _typed(spec: ActionSpec, typed: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, text in typed.items():
        if text is None:
            continue
        shape = shape_of(spec.parameters.model_fields[name].annotation)
        if isinstance(text, str) and text[:1] in {"{", "["} and shape.kind is not str:
            found[name] = _json(text.encode(), f"--{dashed(name)}")
        elif shape.several:
            found[name] = [part.strip() for part in text.split(",") if part.strip()]
        else:
            found[name] = text
    return found


def _whole(name: str, typed: dict[str, Any]) -> dict[str, Any]:
    also = [dashed(n) for n, value in typed.items() if value is not None]
    if also:
        raise click.UsageError(f"--json holds all parameters; leave out --{' --'.join(also)}")
    found = _json(_read(name), name)
    if not isinstance(found, dict):
        raise InputError(f"{name} is JSON, but not an object", hint='write {"parameter": value, …}')
    return found


def _read(name: str) -> bytes:
    if name == "-":
        stream: BinaryIO = sys.stdin.buffer
        return stream.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}", hint="give a file, or - for standard input"
        ) from error


def _json(data: bytes, where: str) -> Any:
    try:
        return parse_json(data)
    except BadRequestError as error:
        raise InputError(f"{where}: {error.message}", hint=error.hint) from error


def print_receipt(receipt: dict[str, Any]) -> None:
    """The receipt: words on a terminal, JSON in a pipe."""
    if not sys.stdout.isatty():
        click.echo(json.dumps(receipt, ensure_ascii=False, indent=2))
        return
    for name, value in receipt.items():
        if name == "details":
            for detail, text in value.items():
                click.echo(f"{detail:<10}{text}   (shown only now, and kept nowhere)")
        else:
            click.echo(f"{name:<10}{value if isinstance(value, str | int) else json.dumps(value)}")
