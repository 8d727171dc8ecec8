"""A profile that is wrong is refused with file, line and what is allowed."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.profile.check import QUESTIONS, answers, findings
from penholder.analysis.profile.model import OperationProfile, Series
from penholder.analysis.profile.read import parse_profile, read_profile
from penholder.analysis.profile.template import PartyDraft, ProfileDraft, SourceDraft, render
from penholder.cli.profile import command
from penholder.kernel.errors import ProfileError

TEXT = """\
profile: p
title: Invented campaign
concern: [serious_violation_ihl]
period:
  from: 2015-03-26
parties:
  - id: a
    name: Forces of Ardenia
    operated_by:
      - {state: XA, source: s}
    counted_by: [{series: raids, source: s}]
operators_complete: no
territory:
  - {place: XC, source: s}
means:
  - {means: air_strike, used: yes, source: s}
other_means: unknown
sources:
  s: {title: Invented report, grade: B2, ref: invented}
"""


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


def test_the_plain_profile_is_read() -> None:
    found = parse_profile(TEXT, name="p.yaml")
    assert (found.id, found.parties[0].end_users, found.means[0].party) == ("p", ("forces",), None)
    assert findings(found) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Invented c", "titel: Invented c", r"p\.yaml:2: key 'titel' is not .* did you mean 'title'\?"),
        ("air_strike", "air_strikes", r"p\.yaml:16: key 'means': .*security; did you mean 'air_strike'\?"),
        ("used: yes, source: s", "used: yes", r"p\.yaml:16: key 'source' is missing"),
        ("used: yes, source: s", "used: yes, source: t", r"p\.yaml:16: key 'source': 't' is not allowed; .*: s"),
        ("used: yes", "used: maybe", r"p\.yaml:16: key 'used': 'maybe' is not allowed; allowed: no, unknown, yes"),
        ("state: XA", "state: Ardenia", r"p\.yaml:10: key 'state': 'Ardenia' is not a country code"),
        ("from: 2015-03-26", "from: 2015-02-31", r"p\.yaml:5: key 'from': no such date"),
        ("from: 2015-03-26", "from: 2015-03-26\n  until: 2015-03", r"p\.yaml:6: key 'until': a day is needed"),
        ("from: 2015-03-26", "from: 2015-03-26\n  until: 2015-01-01", r"p\.yaml:6: the interval ends"),
        ("from: 2015-03-26", "until: 2015-03-26", r"p\.yaml:5: key 'from' is missing"),
        ("operators_complete: no", "operators_complete: yes", r"p\.yaml:12: key '.*': yes needs a source"),
        ("other_means: unknown", "other_means: no", r"p\.yaml:17: key 'other_means': no needs a source"),
        ("other_means: unknown", "other_means: yes", r"p\.yaml:17: .*'yes' is not allowed; allowed: no, unknown"),
        ("grade: B2", "grade: Z2", r"p\.yaml:19: key 'grade': not a source grade: 'Z2'"),
        ("serious_violation_ihl", "serious_violation", r"p\.yaml:3: .*did you mean 'serious_violation_ihl'"),
        ("    counted_by", "    end_users: [police]\n    counted_by", r"p\.yaml:11: key 'end_users': 'police'"),
        ("used: yes,", "used: yes, party: z,", r"p\.yaml:16: key 'party': 'z' is not allowed; allowed: a"),
        ("  - {means: air_strike, used: yes, source: s}", "  []", r"p\.yaml:15: the profile names no means"),
        ("  - {place: XC, source: s}", "  []", r"p\.yaml:13: the profile names no territory"),
        ("other_means", "  - {means: air_strike, used: no, source: s}\nother_means",
         r"p\.yaml:17: means 'air_strike' is said to be used and not used on the same days"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said):
        parse_profile(changed(old, new), name="p.yaml")


def test_a_profile_without_parties_is_refused() -> None:
    start, end = TEXT.index("  - id: a"), TEXT.index("operators_complete")
    with pytest.raises(ProfileError, match=r"p\.yaml:6: the profile names no party"):
        parse_profile(TEXT[:start] + "  []\n" + TEXT[end:], name="p.yaml")


def test_a_means_of_the_graph_is_allowed() -> None:
    text = changed("air_strike", "balloon")
    assert parse_profile(text, name="p.yaml", further_means=("balloon",)).means[0].means == "balloon"


def test_use_after_a_time_without_use_is_no_contradiction() -> None:
    more = "  - {means: air_strike, used: no, until: 2015-06-01, source: s}\nother_means"
    text = changed("other_means", more).replace("used: yes,", "used: yes, from: 2015-06-01,")
    assert len(parse_profile(text, name="p.yaml").means) == 2


@given(st.text(max_size=60), st.integers(0, len(TEXT)), st.integers(0, 30))
def test_a_damaged_profile_is_refused_or_read_never_a_crash(junk: str, at: int, length: int) -> None:
    try:
        found = parse_profile(TEXT[:at] + junk + TEXT[at + length :], name="p.yaml")
    except ProfileError:
        return
    assert isinstance(found, OperationProfile)


SAMPLES = sorted(e.name for e in resources.files("penholder.analysis.sample").joinpath("profiles").iterdir())


def sample_text(name: str) -> str:
    return resources.files("penholder.analysis.sample").joinpath("profiles", name).read_text(encoding="utf-8")


def test_there_are_two_samples() -> None:
    assert SAMPLES == ["coastal-blockade.yaml", "northern-campaign.yaml"]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_have_nothing_to_mend(name: str) -> None:
    found = parse_profile(sample_text(name), name=name)
    assert findings(found) == ()
    assert {o.state[0] for p in found.parties for o in p.operated_by} == {"X"}


def test_the_five_questions_say_what_stays_unknown() -> None:
    found = answers(parse_profile(TEXT, name="p.yaml"))
    assert [(a.number, len(a.gaps)) for a in found] == [(1, 1), (2, 0), (3, 0), (4, 1), (5, 0)]
    assert found[0].gaps[0].makes == "lines to all other destinations stay unknown (operators_not_complete)"
    assert found[3].gaps[0].words == (
        "nothing is said about: artillery, naval_fire, ground, siege_obstruction, detention, surveillance, "
        "internal_security"
    )


def test_what_counts_as_of_a_party_is_shown_with_its_source(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    more = "named_in_incidents: [Army of A, Guard of A]\n    end_users: [forces, law_enforcement]\n    counted_by"
    path.write_text(changed("counted_by", more))
    shown = CliRunner().invoke(command, ["check", str(path)]).stdout.splitlines()
    assert shown[3:9] == [
        "   Forces of Ardenia (a): operated by XA [s]",
        "   a: reports that name Army of A or Guard of A are counted as its",
        "   a: all reports of series raids are counted as its [s]",
        "   a: end users that count as its forces: forces, law_enforcement",
        "   unknown: a: no source says that the list of operating states is complete",
        "            so lines to all other destinations stay unknown (operators_not_complete)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{state: XA,", "{state: QQ,", "QQ is not a country code in use (ISO 3166-1 alpha-2, or XA to XZ)"),
        ("{state: XA,", "{state: XA, until: 2014-01-01,",
         "a: XA operates it only outside the period (before 2014-01-01)"),
        ("used: yes", "used: unknown", "no means is said to be used, so that no line can be `could`"),
        ("sources:", "sources:\n  t: {title: Other, grade: A1}", "t: no statement names this source"),
    ],
)  # fmt: skip
def test_probable_mistakes_are_findings(old: str, new: str, said: str) -> None:
    assert [f.words for f in findings(parse_profile(changed(old, new), name="p.yaml"))] == [said]


def test_a_filled_draft_reads_back_as_it_was_given() -> None:
    party = PartyDraft("a", "Forces: A", [("XA", "2015-01", "s1")], ["Army of A, first"], [("raids: all", "s1")])
    draft = ProfileDraft(
        id="p", title='A "quoted": title # here', concern=["serious_violation_ihl"], period_from="2015-03",
        parties=[party], complete="s1",
        territory=[("XC", "s1")], means=[("ground", "yes", "2015-04-01", "s1")], no_other_means="s1",
        sources=[SourceDraft("s1", "Report", "B2", "https://example.org/1", "2016")],
    )  # fmt: skip
    found = parse_profile(render(draft), name="p.yaml")
    assert found.title == 'A "quoted": title # here'
    assert found.parties[0].named_in_incidents == ("Army of A, first",)
    assert found.parties[0].counted_by == (Series("raids: all", "s1"),)
    assert (found.operators_complete, found.other_means.word, str(found.period.start)) == (
        True,
        "no",
        "2015-03-01",
    )


def test_check_says_what_does_not_occur_in_the_data(sample_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(TEXT.replace("counted_by", "named_in_incidents: [Forces of Ardenia]\n    counted_by"))
    done = CliRunner().invoke(command, ["check", str(path), "--data", str(sample_folder), "--json"])
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document["questions"][0]["findings"] == [
        "'Forces of Ardenia' does not occur as an actor of any incident; did you mean 'Armed forces of Ardenia'?",
        "'raids' does not occur as a series of incidents",
    ]
    assert document["findings"] == 2


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_fit_the_sample_data(sample_folder: Path, name: str) -> None:
    path = sample_folder / "profiles" / name
    done = CliRunner().invoke(command, ["check", str(path), "--data", str(sample_folder)])
    assert (done.exit_code, "Nothing to mend" in done.stdout) == (0, True)


def test_an_empty_form_is_refused_at_its_first_gap(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    assert CliRunner().invoke(command, ["new", "--no-ask", str(path)]).exit_code == 0
    with pytest.raises(ProfileError, match=r"p\.yaml:6: key 'profile' is missing"):
        read_profile(path)
    again = CliRunner().invoke(command, ["new", "--no-ask", str(path)])
    assert "exists already" in str(again.exception)


def test_answers_to_the_five_questions_make_a_profile(sample_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    given_answers = [
        "Campaign of Ardenia", "", "serious_violation_ihl internal_repression",
        "Air force of Ardenia", "ardenia", "XA", "2015", "Invented report", "Armed forces of Ardenia",
        "air-raids", "s7", "Invented list of raids", "", "y", "s1",
        "XC", "",
        "2015-03-26", "",
        "yes", "2015-03-26", "s2", *["no", ""] * 6, "unknown", "", "y", "s1",
        "Z9", "B2", "", "2016-01", "C3", "https://example.org/raids", "",
    ]  # fmt: skip
    done = CliRunner().invoke(
        command, ["new", "--ask", str(path), "--data", str(sample_folder)], input="\n".join(given_answers) + "\n"
    )
    assert done.exit_code == 0, done.output
    assert "not a source grade: 'Z9'" in done.stderr
    assert "no source 's7' was named; write its title, or one of: s1" in done.stderr
    assert "Series in these data: sample-reports" in done.stderr
    asked = [done.stderr.index(f"{n}. {question}") for n, question in enumerate(QUESTIONS, 1)]
    assert asked == sorted(asked)
    assert done.stderr.endswith(f"penholder profile check {path} --data {sample_folder}\n")
    found = read_profile(path)
    assert (found.id, found.operators_complete, found.territory[0].place) == ("campaign-of-ardenia", True, "XC")
    assert [m.used.word for m in found.means] == ["yes", *["no"] * 6, "unknown"]
    assert found.parties[0].counted_by == (Series("air-raids", "s2"),)
    assert {s.id: (s.title, str(s.grade), s.ref) for s in found.sources.values()} == {
        "s1": ("Invented report", "B2", ""),
        "s2": ("Invented list of raids", "C3", "https://example.org/raids"),
    }


def test_a_form_offers_the_series_of_a_data_folder(sample_folder: Path) -> None:
    done = CliRunner().invoke(command, ["new", "--no-ask", "-", "--data", str(sample_folder)])
    assert '#    # In these data: "sample-reports"\n' in done.stdout
    assert '#    counted_by: [{series: "sample-reports", source: s1}]\n' in done.stdout
