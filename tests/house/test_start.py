"""What a command does not use, it does not load: `--help` is instant, and a stocktake needs no database."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from penholder.cli.main import COMMANDS, penholder

HEAVY = ("numpy", "pyarrow", "duckdb", "ibis", "pandas", "rich", "yaml", "pycountry", "pyspark", "xlsxwriter")
DATABASES = ("duckdb", "ibis", "sqlglot", "pandas", "pycountry", "pyspark", "xlsxwriter")


def loaded_by(arguments: list[str], names: tuple[str, ...]) -> list[str]:
    """Which of the modules `names` a fresh process holds after one command. The command must end with 0."""
    code = (
        "import sys; from penholder.cli.main import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit as left: assert not left.code, left.code\n"
        f"sys.stderr.write('LOADED ' + ' '.join(m for m in {names!r} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr.rpartition("LOADED ")[2].split()


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by(["--help"], HEAVY) == []


@pytest.mark.parametrize("form", ["--json", "--tsv", "--nl"])
def test_a_stocktake_loads_no_database_and_no_pandas(sample_folder: Path, form: str) -> None:
    asked = ["stocktake", str(sample_folder), "--profile", "northern-campaign", "--on", "2020-06-30", form]
    assert loaded_by(asked, DATABASES) == []


@pytest.mark.parametrize(
    "asked",
    [
        [
            "why",
            "{sample}",
            "{line}",
            "--profile",
            "northern-campaign",
            "--on",
            "2020-06-30",
            "--scope",
            "granted",
        ],
        ["touches", "{sample}", "--incident", "S1", "--profile", "northern-campaign"],
        ["questions", "{sample}", "--profile", "northern-campaign", "--on", "2020-06-30"],
        ["info", "{sample}"],
    ],
    ids=lambda asked: asked[0],
)
def test_the_commands_beside_it_load_none_either(sample_folder: Path, first_line: str, asked: list[str]) -> None:
    words = [word.format(sample=sample_folder, line=first_line) for word in asked]
    databases = tuple(name for name in DATABASES if name != "pycountry")  # they may have to name countries
    assert loaded_by([*words, "--json"], databases) == []


@pytest.fixture(scope="module")
def first_line(sample_folder: Path) -> str:
    """The id of a line of the sample that was granted by the day that is asked about."""
    from penholder import open as open_folder

    rows = open_folder(sample_folder).lines(["line", "decided_on", "outcome"]).arrow.to_pylist()
    return next(str(r["line"]) for r in rows if r["outcome"] != "refused" and r["decided_on"].year == 2019)


def leaves(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """The path and the help text of every command that can be run."""
    if not isinstance(command, click.Group):
        yield context.command_path, command.get_help(context)
        return
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None, name
        yield from leaves(child, click.Context(child, info_name=name, parent=context))


def test_every_command_is_there_and_explains_itself_with_an_example() -> None:
    top = click.Context(penholder, info_name="penholder", **penholder.context_settings)
    found = dict(leaves(penholder, top))
    assert len(found) > len(COMMANDS)
    assert [path for path, text in found.items() if path not in text.replace(f"Usage: {path}", "", 1)] == []


@pytest.mark.slow
def test_help_takes_at_most_150_milliseconds_of_processor_time() -> None:
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "penholder.cli.main", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) <= 0.150
