"""A command of `penholder`, run in this process: its words in, what it prints out."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence

from penholder.cli.main import penholder
from penholder.cli.story.refused import DoorError, refusal_of
from penholder.kernel.errors import PenholderError


def run(words: Sequence[str], *, given: str = "", variables: Mapping[str, str] | None = None) -> str:
    """What it prints, without the last line end. given: standard input. Raises: DoorError."""
    said = io.StringIO()
    try:
        with _variables(variables or {}), _input(given), contextlib.redirect_stdout(said):
            code = penholder.main(args=list(words), prog_name="penholder", standalone_mode=False)
    except PenholderError as error:
        raise refusal_of(error) from error
    except SystemExit as left:
        code = left.code
    if code:
        raise DoorError("exit", f"{' '.join(words)} left with {code}: {said.getvalue()}")
    return said.getvalue().rstrip("\n")


@contextlib.contextmanager
def _variables(given: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _input(text: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
