"""The role table as data, read strictly. Pure: it is also the source of docs/reference/roles.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from penholder.actions.values import FieldClass
from penholder.kernel.errors import InputError
from penholder.rules.records import Record, read_record

TABLE = Path(__file__).with_name("data") / "roles.yaml"
FAMILIES = ("outside", "casework", "oversight", "custody", "base")
PERSON, PUBLIC, SYSTEM_ROLE = "person", "public", "system"
"""Held without a grant: by who has signed in, by who has not, and by the program itself."""
_KEYS = (
    "id", "name", "family", "words", "may", "may_not", "nothing_else", "reads", "reads_own", "needs_mfa",
    "reset_by_two",
)  # fmt: skip
_GUARDED = frozenset({FieldClass.RESTRICTED, FieldClass.PERSONAL})
_CLASSES = tuple(c.value for c in FieldClass if c is not FieldClass.PUBLIC)


@dataclass(frozen=True, slots=True)
class Role:
    """One row of the table."""

    id: str
    name: str
    family: str
    words_may: str
    words_may_not: str
    may: frozenset[str]
    may_not: frozenset[str]
    nothing_else: bool
    """Refuses all that neither this role nor the base role lists."""
    reads: frozenset[FieldClass]
    reads_own: frozenset[FieldClass]
    """Only of organisations for which the person acts."""
    needs_mfa: bool
    reset_by_two: bool
    """Decides, signs, administers, or reads restricted fields: one administrator alone resets no such sign-in."""

    @property
    def is_granted(self) -> bool:
        """Can it be granted to a person? The others are held without a grant."""
        return self.family != "base"


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Two roles that nobody holds at once."""

    one: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class RoleBook:
    """The whole table, in its order."""

    roles: Mapping[str, Role]
    incompatible: tuple[Incompatible, ...]

    def role_for(self, held: Collection[str], permission: str) -> str | None:
        """The first role among `held` that gives the permission; None where none does, or one of them refuses."""
        rows = [role for role in self.roles.values() if role.id in held]
        if any(self._refuses(role, permission) for role in rows):
            return None
        return next((role.id for role in rows if permission in role.may), None)

    def _refuses(self, role: Role, permission: str) -> bool:
        if permission in role.may_not or f"{permission.partition('.')[0]}.*" in role.may_not:
            return True
        allowed = role.may | self.roles[PERSON].may
        return role.nothing_else and permission not in allowed

    def reads(self, held: Collection[str], field: FieldClass) -> bool:
        """Does one of the roles give the class, whoever's field it is?"""
        return field is FieldClass.PUBLIC or any(field in r.reads for r in self.roles.values() if r.id in held)

    def reads_own(self, held: Collection[str], field: FieldClass) -> bool:
        """Does one of the roles give the class for fields of an organisation for which the person acts?"""
        return any(field in r.reads_own for r in self.roles.values() if r.id in held)

    def needs_mfa(self, held: Collection[str]) -> bool:
        """Does one of the roles need a second factor? A role that is not in the table does."""
        return any(name not in self.roles or self.roles[name].needs_mfa for name in held)

    def needs_two_for_reset(self, held: Collection[str]) -> bool:
        """Does one of the roles need two administrators for a reset? A role that is not in the table does."""
        return any(name not in self.roles or self.roles[name].reset_by_two for name in held)

    def clash(self, held: Collection[str], new: str) -> Incompatible | None:
        """The first rule that forbids to add `new` to the roles that are held."""
        pairs = {(one, new) for one in held} | {(new, one) for one in held}
        return next((i for i in self.incompatible if (i.one, i.other) in pairs), None)

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission that the table names; `register.*` is none."""
        named = frozenset().union(*(r.may | r.may_not for r in self.roles.values()))
        return frozenset(name for name in named if not name.endswith(".*"))


@cache
def role_book() -> RoleBook:
    """The role table of this version."""
    return read_roles(TABLE)


def role_name(role: str) -> str:
    """How a role is called; its id where the table has no such role any more."""
    found = role_book().roles.get(role)
    return found.name if found else role


def read_roles(path: Path, *, error: type[InputError] = InputError) -> RoleBook:
    """Read a role table. Raises: `error` with file and line for anything that it may not say."""
    record = read_record(path, error=error)
    record.refuse_unknown(("roles", "incompatible"))
    roles: dict[str, Role] = {}
    for row in record.items("roles"):
        role = _role(row)
        if role.id in roles:
            raise row.refusal("id", f"there are two roles {role.id!r}")
        roles[role.id] = role
    for needed in (PERSON, PUBLIC, SYSTEM_ROLE):
        if needed not in roles or roles[needed].is_granted:
            raise record.refusal("roles", f"the base role {needed!r} is missing")
    rules = tuple(rule for row in record.items("incompatible") for rule in _incompatible(row, roles))
    return RoleBook(roles, rules)


def _role(row: Record) -> Role:
    row.refuse_unknown(_KEYS)
    words = row.child("words")
    words.refuse_unknown(("may", "may_not"))
    family = row.choice("family", FAMILIES)
    role = Role(
        id=row.text("id"),
        name=row.text("name"),
        family=family,
        words_may=words.text("may"),
        words_may_not=words.text("may_not"),
        may=frozenset(row.opt_words("may")),
        may_not=frozenset(row.opt_words("may_not")),
        nothing_else=row.flag("nothing_else", default=False),
        reads=_classes(row, "reads"),
        reads_own=_classes(row, "reads_own"),
        needs_mfa=row.flag("needs_mfa"),
        reset_by_two=row.flag("reset_by_two", default=False if family == "base" else None),
    )
    if role.is_granted and not role.reset_by_two and role.reads & _GUARDED:
        raise row.refusal("reset_by_two", "a role that reads restricted or personal fields says `yes` here")
    if both := sorted(role.may & role.may_not):
        raise row.refusal("may_not", f"{both[0]!r} stands under may and may_not")
    return role


def _classes(row: Record, key: str) -> frozenset[FieldClass]:
    named = row.opt_words(key)
    for name in named:
        if name not in _CLASSES:
            raise row.refusal(key, f"{name!r} is no class of fields; allowed: {', '.join(_CLASSES)}")
    return frozenset(FieldClass(name) for name in named)


def _incompatible(row: Record, roles: Mapping[str, Role]) -> list[Incompatible]:
    row.refuse_unknown(("role", "with", "why"))
    one = row.choice("role", tuple(roles))
    others: list[str] = []
    for named in row.words("with"):
        found = [r.id for r in roles.values() if named in {r.id, r.family} and r.id != one]
        if not found:
            raise row.refusal("with", f"{named!r} is neither a role nor a family")
        others += found
    return [Incompatible(one, other, row.text("why")) for other in dict.fromkeys(others)]
