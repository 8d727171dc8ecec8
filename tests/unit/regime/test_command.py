"""`penholder regime`: exit codes, JSON, and the caution beside every text that was not verified."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "penholder.cli.main", "regime", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_list_by_day() -> None:
    code, out, _ = run("list", "--on", "2015-03-26", "--json")
    sets = json.loads(out)["regimes"]
    assert (code, [s["regime"] for s in sets]) == (0, ["att", "eu-cp-2008", "uk-cc-2014"])
    assert sets[2]["valid_until"] == "2021-12-08"
    assert sets[2]["caution"] == "text not verified against the official source"


def test_show_a_family_on_a_day_and_one_rule() -> None:
    code, out, _ = run("show", "uk", "--on", "2014-03-24", "--json")
    shown = json.loads(out)
    assert (code, shown["regime"]["regime"]) == (0, "uk-cc-2000")
    assert shown["rules"][0]["caution"] == "text not loaded; text not verified against the official source"
    code, out, _ = run("show", "uk-selc-2021/2c", "--tsv")
    header, row = (line.split("\t") for line in out.splitlines())
    assert code == 0
    assert dict(zip(header, row, strict=True))["threshold"] == "clear_risk"


def test_diff_gives_both_statuses() -> None:
    code, out, err = run("diff", "uk-cc-2014", "uk-selc-2021", "--json")
    shown = json.loads(out)
    assert code == 0
    assert (shown["removed"], shown["added"]) == (0, 12)
    assert {d["status_after"] for d in shown["differences"] if d["limb"] == "2c"} == {"verified"}
    assert "uk-selc-2021: text not verified against the official source" in err


def test_check_of_what_ships() -> None:
    code, out, err = run("check", "--json")
    assert (code, json.loads(out)["findings"]) == (0, [])
    assert err.startswith("note: checked 7 sets of criteria")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "uk-selc-2012"), "there is no regime 'uk-selc-2012'"),
        (("show", "uk", "--on", "1990-01-01"), "no set of family 'uk' is held for 1990-01-01"),
        (("show", "uk-selc-2021/2x"), "there is no rule uk-selc-2021/2x"),
        (("list", "--on", "2015-02-31"), "no such date: '2015-02-31'"),
    ],
)
def test_what_cannot_be_answered_is_said_with_code_2(arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
