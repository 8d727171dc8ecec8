"""`penholder act`: the same act by the same door, from the command line; the token never stands in the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from penholder.actions.action import spec_of
from penholder.cli.main import main
from penholder.entry.cli import command_for
from penholder.kernel.ids import random_id
from penholder.ledger import store
from tests.casework import Casework
from tests.web.stage import Stage, note_thing

NOTE = ["act", "stage.note-thing", "--title", "A thing", "--colour", "sea-green"]


@pytest.fixture(autouse=True)
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    with Stage.open() as made:
        monkeypatch.setenv("PENHOLDER_HOME", str(made.home))
        monkeypatch.setenv("PENHOLDER_TOKEN", "P-1/noter")
        monkeypatch.setattr("penholder.cli.act.start", lambda: None)  # Django is set up, on this installation
        yield made


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    said = capsys.readouterr()
    code = left.value.code
    return code if isinstance(code, int) else 0, said.out, said.err


def test_an_act_is_done_and_its_receipt_printed(capsys: pytest.CaptureFixture[str]) -> None:
    before = store.head()[0]
    code, out, _ = run([*NOTE, "--day", "2024-09-02", "--price", "1.50", "--lines", "3,1", "--is-urgent"], capsys)
    found = json.loads(out)
    assert code == 0
    assert (found["act"], found["entries"], found["replayed"]) == ("stage.note_thing", 1, False)
    assert found["details"] == {"said": "sea-green 2024-09-02 1.50 (3, 1) True"}
    assert store.head()[0] == before + 1


def test_the_same_key_has_one_effect(capsys: pytest.CaptureFixture[str]) -> None:
    key = random_id()
    first, again = (json.loads(run([*NOTE, "--key", key], capsys)[1]) for _ in range(2))
    assert (first["run"], first["replayed"], again["run"], again["replayed"]) == (
        first["run"],
        False,
        first["run"],
        True,
    )


@pytest.mark.parametrize("source", ["file", "-"])
def test_all_parameters_come_as_json(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    body = json.dumps({"title": "A thing", "colour": "red", "lines": [1, 2]})
    (tmp_path / "thing.json").write_text(body)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body.encode())))
    name = str(tmp_path / "thing.json") if source == "file" else "-"
    code, out, _ = run(["act", "stage.note_thing", "--json", name], capsys)
    assert (code, json.loads(out)["details"]["said"]) == (0, "red None None (1, 2) False")


@pytest.mark.parametrize(
    ("words", "token", "said"),
    [
        (NOTE, "", "PENHOLDER_TOKEN is not set"),
        (NOTE, "unknown", "the token is not known"),
        (NOTE, "P-1/changer", "this needs the permission stage.note"),
        (
            ["act", "stage.note-thing", "--title", "x", "--colour", "red"],
            "P-1/noter",
            "cannot be done with what was given",
        ),
        (["act", "stage.note-thing", "--json", "none.json"], "P-1/noter", "none.json cannot be read"),
        (["act", "stage.note-thin"], "P-1/noter", "did you mean 'stage.note-thing'?"),
        (["act", "people.change-sign-in"], "P-1/noter", "there is no act"),
        ([*NOTE, "--json", "x.json"], "P-1/noter", "leave out --title --colour"),
        ([*NOTE, "--size", "3"], "P-1/noter", "No such option"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_is_done(
    words: list[str], token: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENHOLDER_TOKEN", token)
    before = store.head()
    code, out, err = run(words, capsys)
    assert (code, out) == (2, "")
    assert said in err
    assert store.head() == before


def test_wrong_fields_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(["act", "stage.note-thing", "--title", "x", "--colour", "blue"], capsys)
    assert "title: is too short: at least 3 characters are needed" in err
    assert "colour: must be one of: 'red' or 'sea-green'" in err


def test_the_acts_are_listed_with_permission_and_summary(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["act"], capsys)
    assert code == 0
    assert "stage.note-thing\tstage.note\tNote a thing.\n" in out
    assert "register.load-release\t" in out
    assert "change-sign-in" not in out


def test_help_is_made_from_the_declaration() -> None:
    command = command_for(spec_of(note_thing))
    text = command.get_help(click.Context(command, info_name="stage.note-thing"))
    wanted: list[Any] = ["It is only written down.", "As people call it. (needed)", "[red|sea-green]", "NUMBER,…"]
    assert [word for word in wanted if word not in text] == []
    assert "--token" not in text
