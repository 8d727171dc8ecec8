"""Notes beside lines, through the loaders: which lines of a licence take what a note says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sources.invented_lists import loaded, rows, write

CIPHERS = "Licence granted for cryptographic equipment. For commercial end use."
CIVIL = "Licence granted for civilian / commercial end use."
OLD = "licence_group,date,rating,count,value,country,refused\n"
NEW = "licence_id,licence_cohort_id,date,rating,military,description,country,refused,known_revoked\n"


def end_users(folder: Path, values: str, notes: str, *, new: bool = False) -> dict[str, str]:
    """Line -> class of end user, of lines and notes in the old or the new layout."""
    write(folder / "in" / ("items.csv" if new else "values.csv"), (NEW if new else OLD) + values)
    key = "licence_id,licence_cohort_id" if new else "bundle_id"
    write(folder / "in" / ("footnotes-licence.csv" if new else "footnotes_licence.csv"), f"{key},text\n{notes}")
    loaded(folder / "in", folder / "data", "uk-licences")
    return {line["line"]: line["end_user"] for line in rows(folder / "data", "lines")}


def test_a_key_that_stands_for_several_licences(tmp_path: Path) -> None:
    """Groups of licences of one day: a note may speak of any licence of the group."""
    values = (
        "1,2014-07-17,5A002,1,37600,XA,0\n1,2014-07-17,8A002,1,1968,XA,0\n"  # which of them is civil?
        "2,2014-07-17,5A002,1,37600,XA,0\n2,2014-07-17,8A002,1,1968,XA,0\n"  # the note fits the first line alone
        "3,2014-07-17,ML10,1,5,XA,0\n"  # one line, one licence
        "4,2014-07-17,ML10,2,5,XA,0\n"  # one line, two licences
        "5,2014-07-17,ML1,1,5,XA,0\n5,2014-07-17,ML10,1,9000000,XA,0\n"
    )
    texts = ((1, CIVIL), (2, CIPHERS), (3, CIVIL), (4, CIVIL), (5, "Personal end use."), (5, "Navy end use."))
    notes = "".join(f"{key},{text}\n" for key, text in texts)
    assert end_users(tmp_path, values, notes) == {
        "1:1": "unclear",
        "1:2": "unclear",
        "2:1": "commercial",
        "2:2": "unclear",
        "3:1": "commercial",
        "4:1": "unclear",
        "5:1": "forces",
        "5:2": "forces",
    }


def test_the_key_of_one_licence(tmp_path: Path) -> None:
    """A note on one licence speaks of all its lines, unless it names the goods of some."""
    values = "".join(
        f"{licence},5,2016-05-01,{rating},0,goods,XA,0,0\n"
        for licence, rating in ((101, "5A002"), (101, "8A002"), (102, "5A002"), (102, "8A002"), (103, ""))
    )
    notes = f"101,5,{CIVIL}\n102,5,{CIPHERS}\n103,5,{CIPHERS}\n"
    assert end_users(tmp_path, values, notes, new=True) == {
        "101:1": "commercial",
        "101:2": "commercial",
        "102:1": "commercial",
        "102:2": "unclear",
        "103:1": "unclear",
    }


@pytest.mark.parametrize("batch", [1, 7])
def test_all_lines_of_a_key_count_wherever_they_stand_in_the_file(tmp_path: Path, batch: int) -> None:
    filler = "".join(f"{n},2014-07-17,ML1,1,5,XA,0\n" for n in range(1000, 1000 + 3000 * batch))
    values = f"1,2014-07-17,ML10,1,5,XA,0\n{filler}1,2014-07-17,ML5,1,5,XA,0\n"
    found = end_users(tmp_path, values, f"1,{CIVIL}\n")
    assert (found["1:1"], found["1:2"]) == ("unclear", "unclear")


MAPPING = """\
kind: generic-licences
tables:
  - holds: lines
    columns:
      licence: ref
      decided_on: day
      rating: code
      destination: to
      end_user: user
      onward_end_user: last
    fixed: {outcome: issued}
  - holds: notes
    columns: {licence: ref, text: remark}
"""


def test_the_classes_of_a_line_and_of_its_note_are_united(tmp_path: Path) -> None:
    write(tmp_path / "m.yaml", MAPPING)
    write(
        tmp_path / "in" / "lines.csv",
        "ref,day,code,to,user,last\na,2014-01-01,ML1,XA,forces,\nb,2014-01-01,ML1,XA,,forces\n"
        "c,2014-01-01,ML1,XA,personal,\nd,2014-01-01,ML1,XA,commercial,\ne,2014-01-01,ML1,XA,,\n",
    )
    write(
        tmp_path / "in" / "remarks.csv",
        f"ref,remark\na,{CIVIL}\nb,Ultimate end user is an International Organisation in XB.\n"
        f"c,For end use by the Navy.\ne,{CIVIL}\n",
    )
    loaded(tmp_path / "in", tmp_path / "data", None, mapping=tmp_path / "m.yaml")
    found = {r["line"]: (r["end_user"], r["onward_end_user"]) for r in rows(tmp_path / "data", "lines")}
    assert found == {
        "a:1": ("commercial;forces", "not_stated"),
        "b:1": ("not_stated", "forces;international_organisation"),
        "c:1": ("forces;personal", "not_stated"),
        "d:1": ("commercial", "not_stated"),
        "e:1": ("commercial", "not_stated"),
    }
