"""Run the commands and the Python of the documents, and put real output where a document shows output.

python tools/run_documents.py PAGE...     run each page in a folder of its own and rewrite the output that it shows

The folder holds the data folder `trial` (as `penholder sample trial` writes it), unless the page makes its sample.

What is run, block by block, in the order of the page:

    ```sh         lines that begin with `penholder `; `# exits with 1` at the end says which exit code is right
    ```console    lines that begin with `$ penholder `; what follows is what a terminal shows (the message, where
                  there is no output), and is compared; a line `...` stands for any lines
    ```python     as it is, with the names of the blocks before it
    <!-- file: NAME --> before a block: the block is written to that file instead
    <!-- not run: REASON --> before a block: the block is left alone
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penholder.cli.main import main as penholder

BLOCK = re.compile(
    r"(?:<!-- (?P<note>file|not run): (?P<said>[^\n]*?) -->\n+)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.S
)
EXITS = re.compile(r"\s+# exits with (\d)\s*$")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What differs from run to run, or with a release of pyarrow: the moment, and the hash of the stored bytes.
VOLATILE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z|data [0-9a-f]{8}…[0-9a-f]{4}")
MAKES_SAMPLE = re.compile(r"(?m)^(\$ )?penholder sample ")
LEFT_OUT = "..."
WIDTH = 115


class DocumentError(Exception):
    """A command in a document does not do what the document says."""


class _Terminal(io.TextIOWrapper):
    """A stream in memory that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Ran:
    """What one command gave."""

    exit_code: int
    out: str
    err: str


def run(command: str) -> Ran:
    """Run one `penholder ...` command in this process, as on a terminal without colours."""
    words = shlex.split(command)
    out, err = _Terminal(io.BytesIO(), encoding="utf-8", newline=""), io.StringIO()
    with _terminal_width(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            penholder(words[1:])
            code: Any = 0
        except SystemExit as left:
            code = left.code
    out.flush()
    text = out.buffer.getvalue().decode("utf-8") if isinstance(out.buffer, io.BytesIO) else ""
    return Ran(code if isinstance(code, int) else 0, ANSI.sub("", text), err.getvalue())


@contextlib.contextmanager
def _terminal_width() -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in ("COLUMNS", "TERM", "NO_COLOR")}
    os.environ.update({"COLUMNS": str(WIDTH), "TERM": "dumb", "NO_COLOR": "1"})
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def refreshed(text: str) -> str:
    """The text of a page with the output that its commands give now. Runs in the current folder.

    Raises: DocumentError where a command does not leave with the code that the page says.
    """
    names: dict[str, Any] = {"__name__": "document"}
    return BLOCK.sub(lambda found: _block(found, names), text)


def _block(found: re.Match[str], names: dict[str, Any]) -> str:
    kind, body, whole = found["kind"], found["body"], found[0]
    if found["note"] == "file":
        Path(found["said"]).write_text(body, encoding="utf-8")
    elif found["note"] is None and kind == "sh":
        for command in _commands(body, "penholder "):
            _checked(command)
    elif found["note"] is None and kind == "console":
        return whole.replace(body, _console(body))
    elif found["note"] is None and kind == "python":
        exec(compile(body, "document", "exec"), names)  # noqa: S102 - the documents of this project
    return whole


def _commands(body: str, start: str) -> list[str]:
    lines = body.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip().startswith(start)]


def _checked(command: str) -> Ran:
    said = EXITS.search(command)
    expected = int(said[1]) if said else 0
    ran = run(EXITS.sub("", command))
    if ran.exit_code != expected:
        raise DocumentError(f"{command}: left with {ran.exit_code}, not {expected}\n{ran.out}{ran.err}")
    return ran


def _console(body: str) -> str:
    parts = re.split(r"(?m)^\$ ", body)[1:]
    return "".join(_one(part) for part in parts)


def _one(part: str) -> str:
    command, _, shown = part.partition("\n")
    ran = _checked(command)
    given = (ran.out or ran.err).rstrip("\n")
    given = "\n".join(line.rstrip() for line in given.split("\n"))
    if _fits(shown.rstrip(), given):
        return f"$ {command}\n{shown.rstrip()}\n"
    if LEFT_OUT in shown.splitlines():
        raise DocumentError(f"{command}: the output is not what is shown around {LEFT_OUT!r}, but:\n{given}")
    return f"$ {command}\n{given}\n"


def _fits(shown: str, given: str) -> bool:
    """Is `shown` what was given, but for what is volatile, and lines left out where it says so?"""
    parts = re.split(rf"(?m)^{re.escape(LEFT_OUT)}\n?", VOLATILE.sub("", shown) + "\n")
    pattern = r"(?:.*\n)*?".join(re.escape(p) for p in parts)
    return re.fullmatch(pattern, VOLATILE.sub("", given) + "\n") is not None


def main(pages: list[str]) -> None:
    """Refresh the pages that are named."""
    for page in [Path(p).resolve() for p in pages]:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            text = page.read_text(encoding="utf-8")
            if not MAKES_SAMPLE.search(text):
                _checked("penholder sample trial")
            text = refreshed(text)
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
