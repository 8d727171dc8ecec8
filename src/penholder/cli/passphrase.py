"""The passphrase of an officer who hears concerns: asked for on the terminal, or read from a file; never an
argument.

Arguments and variables of a process can be read by others on the machine; a file of one's own cannot.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from penholder.kernel.errors import InputError

FILE = "PENHOLDER_PASSPHRASE_FILE"
"""Name of a file that holds the passphrase in its first line, for those who cannot type it."""
_NEW = "concerns.make_officer_key"


@contextmanager
def passphrase_for(act: str, arguments: Sequence[str] = ()) -> Iterator[None]:
    """What is done inside may use the key of the officer. Other acts than those on concerns are left alone."""
    if not act.startswith("concerns.") or {"-h", "--help"} & set(arguments):
        yield
        return
    from penholder.concerns import refusals  # noqa: PLC0415 - needs Django
    from penholder.concerns.unlocked import Source, using  # noqa: PLC0415

    passphrase = _passphrase(is_new=act == _NEW)
    try:
        with using(Source(passphrase=lambda: passphrase)):
            yield
    finally:
        refusals.record_waiting()


def _passphrase(*, is_new: bool) -> str:
    """Asked for before anything is locked. Raises: InputError: the file cannot be read."""
    named = os.environ.get(FILE, "")
    if not named:
        found: str = click.prompt("Passphrase of your key", hide_input=True, confirmation_prompt=is_new, err=True)
        return found
    try:
        lines = Path(named).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the file that {FILE} names cannot be read", hint="its first line is the passphrase"
        ) from error
    return lines[0] if lines else ""
