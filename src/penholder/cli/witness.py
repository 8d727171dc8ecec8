"""`penholder witness`: an outsider who remembers the head of a published log and cosigns what continues it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from penholder.analysis.report.files import atomic_file
from penholder.kernel.clock import now
from penholder.kernel.errors import OutputError
from penholder.ledger.errors import NoteError
from penholder.ledger.folder import FolderReader
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import COSIGNATURE_V1, MAX_NOTE, Signer
from penholder.ledger.witness import WitnessState, begin, check_head, cosign_head
from penholder.vault.durable import sync_folder

_folder = click.argument("folder", type=click.Path(path_type=Path))
_state = click.option(
    "--state", required=True, type=click.Path(path_type=Path), metavar="FILE", help="What the witness remembers."
)
_key = click.option(
    "--key", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The private key of the witness."
)


@click.group("witness")
def command() -> None:
    """Cosign a published ledger, as an outsider who remembers its head.

    With enough outside witnesses nobody can show different histories to different people. Keep the state file
    safe: a witness that forgets could be made to sign two histories.
    """


@command.command(
    "init",
    short_help="Begin to witness a log: make a key and a state.",
    epilog="Example: penholder witness init published/ --state ledger.state --key witness.key "
    "--name witness.library.example --log-key key-from-paper.txt",
)
@_folder
@_state
@_key
@click.option(
    "--name", required=True, metavar="NAME", help="The name of the witness: an address without https://."
)
@click.option("--log-key", required=True, metavar="FILE_OR_VKEY", help="The key of the log, from elsewhere.")
def init(folder: Path, *, state: Path, key: Path, name: str, log_key: str) -> None:
    """Begin to witness the log in FOLDER: make a key (where there is none) and a state that has signed nothing.

    The line that is printed goes to the authority, which adds it to its policy.
    """
    with _locked(state):
        if state.exists():
            raise NoteError(
                f"{state}: there is a state already", hint="a witness of a log begins once; sign goes on"
            )
        given = Path(log_key)
        keys = Keyring.parse(_content(given) if given.is_file() or "+" not in log_key else log_key)
        begun = begin(FolderReader(folder), keys=keys)
        signer = _signer(key) if key.exists() else _new_key(key, name)
        _store(state, begun.text())
    click.echo(signer.verifier.text())
    click.echo(
        f"note: the key is in {key}, the state in {state}: keep copies of both, and show nobody the key", err=True
    )


@command.command(
    "sign",
    short_help="Cosign the head, if it continues the one that was signed before.",
    epilog="Example: penholder witness sign published/ --state ledger.state --key witness.key -o cosigned",
)
@_folder
@_state
@_key
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The cosigned note (default: STATE.cosigned).",
)
def sign(folder: Path, *, state: Path, key: Path, output: Path | None) -> None:
    """Cosign the head of FOLDER, if it continues the head that was signed before.

    A fork or a rollback is refused with exit code 3, and nothing is signed. The new head is on the disk before the
    cosignature is written. Give the written note back to the authority, which merges it with its next publication.
    """
    signer = _signer(key)
    target = output or state.with_name(f"{state.name}.cosigned")
    with _locked(state):
        remembered = WitnessState.parse(_content(state))
        continued, message = check_head(FolderReader(folder), remembered)
        _store(state, continued.text())
        cosigned = cosign_head(message, signer, timestamp=int(now().timestamp()))
        _store(target, cosigned)
    click.echo(f"cosigned {continued.origin}, size {continued.size:,} (before: {remembered.size:,}): {target}")


def _signer(path: Path) -> Signer:
    found = Signer.parse(_content(path).decode("utf-8", "replace").strip())
    if found.algorithm != COSIGNATURE_V1:
        raise NoteError(f"{path}: this key is not one of a witness", hint="penholder witness init makes one")
    return found


def _new_key(path: Path, name: str) -> Signer:
    """A key in a file that only its owner can read."""
    signer = Signer.generate(name, algorithm=COSIGNATURE_V1)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(signer.text() + "\n")
            stream.flush()
            os.fsync(handle)
        sync_folder(path.resolve().parent)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}", hint="give a file in a folder of yours"
        ) from error
    return signer


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_NOTE + 1)
    except OSError as error:
        raise NoteError(f"{path}: cannot be read ({error.strerror})") from error


def _store(path: Path, text: str) -> None:
    """Whole, and on the disk when this returns."""
    with atomic_file(path) as stream:
        stream.write(text.encode())
    sync_folder(path.resolve().parent)


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """One witness at a time: what is checked against must still be what is remembered when it is replaced."""
    path = state.with_name(f".{state.name}.lock")
    try:
        lock = path.open("w")
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}", hint="give a --state in a folder of yours"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
