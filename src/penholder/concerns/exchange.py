"""What goes between the site of concerns and the authority: its list comes in, open questions go out. No names."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from penholder.actions.action import perform
from penholder.actions.errors import InvalidError
from penholder.actions.moment import today
from penholder.actions.values import SYSTEM
from penholder.concerns import queries
from penholder.concerns.actions.upkeep import import_targets
from penholder.custody.exchange import GATES, TARGETS, read_signed, write_signed
from penholder.kernel.errors import InputError
from penholder.people.staff import exchange_key


def exchange() -> Iterator[str]:
    """Take in the list where there is one, then write the open questions. Gives what was done, line by line.

    Raises: InputError, ConfigurationError, ConflictError (an older list).
    """
    found = read_signed(TARGETS)
    if found is None:
        yield "no list of the authority is there: concerns can be raised about nothing that is listed"
    else:
        yield f"took in {_take_in(found):,} things that a concern can be about, of {found['made_on']}"
    gates = open_questions()
    write_signed(GATES, {"made_on": today().isoformat(), "gates": gates})
    yield f"wrote {len(gates):,} open questions"


def _take_in(found: dict[str, Any]) -> int:
    try:
        done = perform(import_targets, SYSTEM, made_on=found["made_on"], targets=found["targets"])
    except (InvalidError, KeyError) as error:
        raise InputError(
            "the list of the authority is not one that this version reads", hint="upgrade both"
        ) from error
    return done.result


def open_questions() -> list[dict[str, Any]]:
    """One row for each (target, question, day): an id that says nothing, and the office that owes the answer.

    As the day before ended: what was raised or ended today leaves tomorrow.
    """
    rows = []
    for target, question, since, level in queries.open_gates(on=today()):
        row = {"target": target, "question": question, "since": since.isoformat(), "level": level}
        rows.append({"id": _id(target, question, row["since"]), **row})
    return rows


def _id(target: str, question: str, since: str) -> str:
    """The same for the same question about the same thing: two concerns that ask it are one question."""
    said = f"penholder gate v1\0{target}\0{question}\0{since}".encode()
    return f"GT-{hmac.new(exchange_key(), said, hashlib.sha256).hexdigest()[:26]}"
