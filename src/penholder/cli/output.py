"""How every command gives its answer: data on standard output or in files, talk on standard error."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from penholder.analysis.report.files import atomic_file
from penholder.analysis.report.folding import folded
from penholder.analysis.report.formats import SUFFIXES, write
from penholder.analysis.report.result import Result
from penholder.analysis.report.terminal import draw
from penholder.kernel.errors import OutputError

_FLAGS = ("json", "csv", "tsv", "nl")


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where the answer goes: a format for standard output (empty: choose), and files."""

    format: str = ""
    files: tuple[Path, ...] = ()
    cite: bool = False


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json --csv --tsv --nl --cite -o to a command and give it `output: OutputOptions`."""

    @click.option("--json", "json_", is_flag=True, help="The answer as JSON on standard output.")
    @click.option("--csv", "csv_", is_flag=True, help="The rows as CSV (RFC 4180, UTF-8).")
    @click.option("--tsv", "tsv_", is_flag=True, help="The rows as tab-separated text (the default in a pipe).")
    @click.option("--nl", "nl_", is_flag=True, help="The rows as JSON, one object per line.")
    @click.option("--cite", is_flag=True, help="Begin CSV and TSV with the citation, in lines that start with #.")
    @click.option(
        "-o",
        "--output",
        "files_",
        multiple=True,
        metavar="FILE",
        callback=_check_files,
        help=f"Write a file, its format by its suffix: {' '.join(SUFFIXES)}. May be given several times.",
    )
    @functools.wraps(command)
    def with_output(
        *args: Any,
        json_: bool,
        csv_: bool,
        tsv_: bool,
        nl_: bool,
        cite: bool,
        files_: tuple[Path, ...],
        **kwargs: Any,
    ) -> Any:
        asked = [name for name, on in zip(_FLAGS, (json_, csv_, tsv_, nl_), strict=True) if on]
        if len(asked) > 1:
            raise click.UsageError(
                f"--{' and --'.join(asked)} were given; standard output can have one format.\n"
                "Give one of them, and -o FILE for the others."
            )
        options = OutputOptions(asked[0] if asked else "", files_, cite)
        return command(*args, output=options, **kwargs)

    return with_output


def _check_files(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    """Refuse what cannot be written before any work is done."""
    paths = tuple(Path(v) for v in values)
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            given = f"suffix {path.suffix!r}" if path.suffix else "no suffix"
            raise click.BadParameter(f"{str(path)!r} has {given}; allowed: {' '.join(SUFFIXES)}")
        if path.is_dir():
            raise click.BadParameter(f"{str(path)!r} is a folder; give the name of a file in it")
        if not path.parent.is_dir():
            raise click.BadParameter(f"the folder {str(path.parent)!r} does not exist; make it first")
    return paths


def emit(result: Result, output: OutputOptions) -> None:
    """Give the answer as the options say.

    Files are written whole or not at all. With neither a file nor a format: words or a table on a terminal,
    TSV in a pipe (words, where they are the answer). A reader that goes away (`| head`) ends the output quietly.
    Raises: OutputError where a file or standard output cannot be written (no space left, no permission).
    """
    for path in output.files:
        with atomic_file(path) as stream:
            write(result, path.suffix.lower(), stream, cite=output.cite, as_file=True)
        click.echo(f"wrote {path}", err=True)
    if output.format or not output.files:
        _to_stdout(result, output)
    _say_notices(result.notices)


def _say_notices(notices: tuple[str, ...]) -> None:
    """One line each; folded where a person reads them on a terminal."""
    for notice in notices:
        said = f"note: {notice}"
        folds = sys.stderr.isatty()
        for line in folded(said, shutil.get_terminal_size().columns, hang=len("note: ")) if folds else [said]:
            click.echo(line, err=True)


def _to_stdout(result: Result, output: OutputOptions) -> None:
    stream = sys.stdout.buffer
    try:
        if output.format:
            write(result, f".{output.format}", stream, cite=output.cite)
        elif sys.stdout.isatty():
            draw(result)
        elif result.reads_as_words:
            write(result, ".txt", stream, cite=output.cite)
        else:
            write(result, ".tsv", stream, cite=output.cite)
        sys.stdout.flush()
        stream.flush()
    except BrokenPipeError:
        _leave_the_pipe()
    except OSError as error:
        _leave_the_pipe()
        raise OutputError(
            f"cannot write to standard output: {error.strerror or error}",
            hint="the output is incomplete; free some space, or write a file with -o FILE",
        ) from error


def _leave_the_pipe() -> None:
    """Keep Python from writing what is left to a closed pipe or a full disk when it ends."""
    sink: BinaryIO
    with Path(os.devnull).open("wb") as sink:
        os.dup2(sink.fileno(), 1)
