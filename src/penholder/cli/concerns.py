"""`penholder concerns`: raise and follow a concern from the command line; count again; exchange files; look at it.

Locator and secret are read from standard input, one a line, never from arguments: those stand in the list of
processes. Acts of officers: `penholder act concerns.…`, which asks for the passphrase.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from penholder.cli.casework import start
from penholder.cli.concern_answers import involved_command, overdue_command
from penholder.kernel.clock import today
from penholder.kernel.dates import parse_day
from penholder.kernel.errors import InputError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("concerns")
def command() -> None:
    """Concerns, on their own site: raise one, follow it, count them again from the published log.

    Commands of who raised one read locator and secret from standard input, one a line.

    \b
    penholder concerns raise concern.json
    penholder concerns return < codes.txt
    penholder concerns recount published/
    """


command.add_command(overdue_command)
command.add_command(involved_command)


@command.command("raise", epilog="Example: penholder concerns raise concern.json")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--receipt", type=_FILE, help="Where the receipt goes; without it, into the answer.")
def raise_command(file: Path, receipt: Path | None) -> None:
    """Raise a concern: FILE holds it as JSON (points, matter, targets, …); - reads standard input.

    Prints locator and secret once; they are kept nowhere.
    """
    given = _json(file)
    start(site="concerns")
    from penholder.concerns import filers, proofs  # noqa: PLC0415
    from penholder.concerns.actions import raise_concern  # noqa: PLC0415
    from penholder.concerns.codes import new_codes  # noqa: PLC0415

    codes = new_codes()
    with filers.using(codes):
        done = _perform(raise_concern, given | {"locator": codes.locator, "secret": codes.secret})
        text = proofs.receipt_of(codes)
    shown = {"concern": done.result.id, "locator": codes.locator, "secret": codes.secret}
    if receipt is None:
        shown["receipt"] = text
    else:
        receipt.write_text(text, encoding="utf-8")
    _print(shown)


@command.command("return", epilog="Example: penholder concerns return < codes.txt")
def return_command() -> None:
    """Show a concern: where it stands, its answers, messages and files."""
    with _codes() as codes:
        from pydantic_core import to_jsonable_python  # noqa: PLC0415

        from penholder.concerns import queries  # noqa: PLC0415

        _print(to_jsonable_python(queries.returned(codes)))


@command.command("receipt", epilog="Example: penholder concerns receipt < codes.txt > concern.receipt")
def receipt_command() -> None:
    """Print the receipt, for `penholder verify`."""
    with _codes() as codes:
        from penholder.concerns import proofs  # noqa: PLC0415

        click.echo(proofs.receipt_of(codes), nl=False)


@command.command("message", epilog="Example: penholder concerns message text.txt < codes.txt")
@click.argument("file", type=_FILE)
def message_command(file: Path) -> None:
    """Leave the text of FILE as a message for the office that has the concern."""
    _of_filer("write_message", text=_bytes(file).decode("utf-8", "replace"))


@command.command("file", epilog="Example: penholder concerns file report.pdf < codes.txt")
@click.argument("file", type=_FILE)
def file_command(file: Path) -> None:
    """Send FILE. It is kept as it is, sealed."""
    _of_filer("attach_file", content=base64.b64encode(_bytes(file)).decode(), name=file.name)


@command.command("target", epilog="Example: penholder concerns target AV-0123… < codes.txt")
@click.argument("target")
def target_command(target: str) -> None:
    """Say what else the concern is about."""
    _of_filer("add_target", target=target)


@command.command("contest", epilog="Example: penholder concerns contest --point 2 why.txt < codes.txt")
@click.option(
    "--point", "points", type=int, multiple=True, required=True, help="Number of a point; may be repeated."
)
@click.argument("file", type=_FILE)
def contest_command(points: tuple[int, ...], file: Path) -> None:
    """Contest the answer to points, for the reasons in FILE: they go up one level."""
    _of_filer("contest_points", points=points, text=_bytes(file).decode("utf-8", "replace"))


@command.command("accept", epilog="Example: penholder concerns accept < codes.txt")
def accept_command() -> None:
    """Accept the answer."""
    _of_filer("accept_answer")


@command.command("withdraw", epilog="Example: penholder concerns withdraw < codes.txt")
def withdraw_command() -> None:
    """Withdraw the concern. It cannot be undone."""
    _of_filer("withdraw_concern")


@command.command("recount", epilog="Example: penholder concerns recount published/ --on 2026-12-31")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--on", metavar="YYYY-MM-DD", help="As at which day; default: today.")
@click.option("--key", metavar="FILE_OR_VKEY", help="A key of the log that you have from elsewhere.")
def recount_command(folder: Path, on: str | None, key: str | None) -> None:
    """Count all public figures again from a published log alone: FOLDER is verified first. Needs no home."""
    from pydantic_core import to_jsonable_python  # noqa: PLC0415

    from penholder.cli.verify import keys_given  # noqa: PLC0415
    from penholder.concerns.figures import figures  # noqa: PLC0415
    from penholder.custody.published import read_entries, read_published  # noqa: PLC0415

    day = parse_day(on) if on else today()
    published = read_published(folder, trusted=keys_given(key))
    _print(to_jsonable_python(asdict(figures(read_entries(published, 0), on=day))))


@command.command("exchange", epilog="Example: penholder concerns exchange")
def exchange_command() -> None:
    """Take in the authority's list (targets.json) and give it the open questions (gates.json), both signed."""
    start(site="concerns")
    from penholder.concerns.exchange import exchange  # noqa: PLC0415

    for line in exchange():
        click.echo(line)


@contextmanager
def _codes() -> Iterator[Any]:
    """Locator and secret from standard input, and what they make, for what is done inside."""
    lines = [line.strip() for line in sys.stdin.read(400).splitlines() if line.strip()]
    if len(lines) != 2:
        raise InputError("standard input does not hold locator and secret", hint="one a line, and nothing else")
    start(site="concerns")
    from penholder.concerns import filers  # noqa: PLC0415
    from penholder.concerns.codes import Codes  # noqa: PLC0415

    codes = Codes(*lines)
    with filers.using(codes):
        yield codes


def _of_filer(act_name: str, /, **given: Any) -> None:
    with _codes() as codes:
        from penholder.concerns import actions  # noqa: PLC0415

        act: Callable[..., Any] = getattr(actions, act_name)
        done = _perform(act, given | {"locator": codes.locator, "secret": codes.secret})
        _print({"concern": done.result.id})


def _perform(act: Callable[..., Any], given: dict[str, Any]) -> Any:
    from penholder.actions.action import perform, spec_of  # noqa: PLC0415
    from penholder.actions.errors import InvalidError  # noqa: PLC0415
    from penholder.actions.values import NOBODY  # noqa: PLC0415

    try:
        if not given.keys() <= spec_of(act).parameters.model_fields.keys():
            spec_of(act).read(given)  # refuses, and says which
        return perform(act, NOBODY, **given)
    except InvalidError as error:
        lines = "\n  ".join(f"{name}: {message}" for name, message in error.fields.items())
        raise type(error)(error.message, hint=lines, fields=error.fields) from error


def _json(file: Path) -> dict[str, Any]:
    data = sys.stdin.buffer.read() if str(file) == "-" else _bytes(file)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is no JSON", hint="one JSON object, UTF-8") from error
    if not isinstance(found, dict):
        raise InputError(f"{file} is JSON, but not an object", hint='write {"points": […], "matter": "…"}')
    return found


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", hint="give a file") from error


def _print(shown: Any) -> None:
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=_day))


def _day(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
