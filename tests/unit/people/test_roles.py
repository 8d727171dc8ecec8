"""The role table: read strictly, refusals outweigh, incompatible roles are known both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from penholder.actions.values import NOBODY, SYSTEM, Actor, ActorKind, FieldClass
from penholder.kernel.errors import InputError
from penholder.people.authority import RoleTable, check_table
from penholder.people.errors import RoleTableError
from penholder.people.roles import TABLE, read_roles, role_book

BASE = """\
roles:
  - {id: person, name: P, family: base, words: {may: a, may_not: b}, may: [x.own], needs_mfa: no}
  - {id: public, name: P, family: base, words: {may: a, may_not: b}, needs_mfa: no}
  - {id: system, name: S, family: base, words: {may: a, may_not: b}, needs_mfa: no}
  - {id: clerk, name: C, family: casework, words: {may: a, may_not: b}, may: [x.do], may_not: [y.*],
     needs_mfa: yes, reset_by_two: no}
  - {id: chief, name: C, family: casework, words: {may: a, may_not: b}, may: [x.do, y.do],
     needs_mfa: yes, reset_by_two: yes}
  - id: reader
    name: R
    family: oversight
    words: {may: a, may_not: b}
    may: [z.read]
    nothing_else: yes
    reads: [official]
    reads_own: [commercial]
    needs_mfa: no
    reset_by_two: no
incompatible:
  - {role: reader, with: [casework], why: so}
"""


def table(tmp_path: Path, text: str = BASE) -> RoleTable:
    file = tmp_path / "roles.yaml"
    file.write_text(text, encoding="utf-8")
    return RoleTable(read_roles(file))


def someone(*roles: str, organisations: frozenset[str] = frozenset()) -> Actor:
    return Actor("P-1", ActorKind.PERSON, frozenset(roles), organisations)


def test_the_first_role_that_gives_it_is_named(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert found.role_for(someone("chief", "clerk"), "x.do") == "clerk"
    assert found.role_for(someone("chief"), "y.do") == "chief"
    assert found.role_for(someone(), "x.do") is None
    assert found.role_for(someone("unheard-of"), "x.do") is None


def test_a_refusal_outweighs_every_role_that_gives_it(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert found.role_for(someone("chief", "clerk"), "y.do") is None  # y.* under may_not
    assert found.role_for(someone("chief", "reader"), "x.do") is None  # nothing_else
    assert found.role_for(someone("chief", "reader"), "x.own") == "person"


def test_base_roles_are_held_by_kind(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert found.role_for(someone(), "x.own") == "person"
    assert found.role_for(NOBODY, "x.own") is None
    assert found.role_for(SYSTEM, "x.own") is None


def test_fields_are_read_by_class_and_own_ones_by_organisation(tmp_path: Path) -> None:
    found, reader = table(tmp_path), someone("reader", organisations=frozenset({"O-1"}))
    assert [f.value for f in FieldClass if found.may_read(reader, f)] == ["public", "official"]
    assert found.may_read_of(reader, FieldClass.COMMERCIAL, "O-1")
    assert not found.may_read_of(reader, FieldClass.COMMERCIAL, "O-2")
    assert not found.may_read_of(reader, FieldClass.RESTRICTED, "O-1")


def test_a_second_factor_is_asked_for_by_role(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert [found.needs_second_factor(someone(*r)) for r in ((), ("reader",), ("reader", "clerk"), ("new",))] == [
        False,
        False,
        True,
        True,
    ]


def test_a_reset_takes_two_by_role(tmp_path: Path) -> None:
    book = table(tmp_path).book
    held: tuple[tuple[str, ...], ...] = ((), ("reader", "clerk"), ("clerk", "chief"), ("new",))
    assert [book.needs_two_for_reset(roles) for roles in held] == [False, False, True, True]


def test_incompatible_roles_clash_both_ways(tmp_path: Path) -> None:
    book = table(tmp_path).book
    assert book.clash({"reader"}, "clerk") == book.clash({"clerk"}, "reader")
    assert book.clash({"clerk"}, "chief") is None
    assert [(i.one, i.other, i.why) for i in book.incompatible] == [
        ("reader", "clerk", "so"),
        ("reader", "chief", "so"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: chief", "id: clerk", r"roles.yaml:7: there are two roles 'clerk'"),
        ("may_not: [y.*]", "may_not: [x.do]", r"roles.yaml:5: 'x.do' stands under may and may_not"),
        ("reads: [official]", "reads: [secret]", r"'secret' is no class of fields; allowed: commercial, official"),
        ("with: [casework]", "with: [clark]", r"'clark' is neither a role nor a family"),
        ("id: public", "id: other", r"the base role 'public' is missing"),
        ("family: oversight", "family: oversigth", r"did you mean 'oversight'\?"),
        ("nothing_else: yes", "nothing_else: perhaps", r"'perhaps' is not allowed"),
        ("    nothing_else", "    nothing", r"key 'nothing' is not allowed"),
        ("    reset_by_two: no\n", "", r"key 'reset_by_two' is missing"),
        ("reads: [official]", "reads: [restricted]", r"reads restricted or personal fields says `yes` here"),
    ],
)
def test_a_table_that_says_something_wrong_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in BASE
    with pytest.raises(InputError, match=says):
        table(tmp_path, BASE.replace(old, new, 1))


def test_the_table_and_the_actions_must_fit(tmp_path: Path) -> None:
    book = table(tmp_path).book
    check_table(book, ["x.own", "x.do", "y.do", "z.read"])
    with pytest.raises(RoleTableError, match=r"no role may w\.new"):
        check_table(book, ["x.own", "x.do", "y.do", "z.read", "w.new"])
    with pytest.raises(RoleTableError, match=r"no action needs x\.do"):
        check_table(book, ["x.own", "y.do", "z.read"])
    check_table(book, ["x.own", "x.do"])  # y and z are capabilities of another site


def test_the_table_of_this_version_keeps_the_rules_it_was_written_for() -> None:
    book = read_roles(TABLE)
    assert book == role_book()
    granted = [r for r in book.roles.values() if r.is_granted]
    assert [r.id for r in granted if not r.needs_mfa] == ["exporter_reader", "member"]
    assert [r.id for r in granted if FieldClass.PERSONAL in r.reads] == ["auditor", "administrator"]
    assert [r.id for r in granted if r.family == "outside" and r.reads] == []
    official = {r.id for r in granted if r.family != "outside"}
    assert {i.other for i in book.incompatible if i.one == "exporter"} == official
    assert {i.other for i in book.incompatible if i.one == "auditor"} == {
        r.id for r in granted if r.family in {"outside", "casework", "custody"}
    }
    decides = {"people.invite", "people.grant_role", "people.erase", "register.issue", "register.amend"}
    decides |= {"register.suspend", "register.reinstate", "register.revoke"}
    alone = [r for r in granted if not r.reset_by_two]
    assert [r.id for r in alone if r.may & decides or FieldClass.RESTRICTED in r.reads] == []
    assert [r.id for r in granted if r.reset_by_two] == [
        "countersigner", "legal_adviser", "licensing_manager", "decider", "nominated_officer", "auditor",
        "concern_owner", "concern_reviewer", "concern_instance", "staff_representative", "moderator",
        "administrator",
    ]  # fmt: skip
