"""Whether a membership is active: a port with two sources, rows that an administrator entered and a signed file.

A source says of a claim (membership, account) on a day yes or no. An installation names its sources in
penholder.toml; one that says yes is enough. Of a membership id only a pseudonym is kept; it stays the same under a
new address.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

from django.db.models import Q

from penholder.debate.configuration import Configuration, configuration
from penholder.debate.models import EnteredMembership
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.errors import NoteError
from penholder.ledger.note import Verifier, open_note
from penholder.people.addresses import blind, pseudonym_of

HEADER = "penholder memberships v1"
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A membership that an account says is its own. key: pseudonym of the id; address: that of the account."""

    key: str
    person: str
    address: str


class MembershipSource(Protocol):
    """Who knows the memberships."""

    def is_active(self, member: Claim, day: date) -> bool:
        """Is it theirs, and active on the day?"""


class EnteredRows:
    """Rows entered by an administrator (debate.enter_membership)."""

    def is_active(self, member: Claim, day: date) -> bool:
        """One statement."""
        holds = Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
        return EnteredMembership.objects.filter(holds, key=member.key, person=member.person).exists()


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that whoever keeps the memberships signed (C2SP signed-note), one membership a line.

    penholder memberships v1
    <membership id, without spaces> <address> <first day> <last day, exclusive, or ->
    """

    path: Path
    key: str

    def is_active(self, member: Claim, day: date) -> bool:
        """Raises: ConfigurationError: the file is not there, not signed by the key, or says what it may not."""
        try:
            at = self.path.stat().st_mtime_ns
        except OSError as error:
            raise ConfigurationError(
                f"the file of memberships {self.path.name} cannot be read", hint="put it into the home folder"
            ) from error
        row = _read(self.path, self.key, at).get((member.key, member.address))
        return row is not None and row[0] <= day and (row[1] is None or day < row[1])


def key_of(membership: str) -> str:
    """The pseudonym of a membership id, however it is written: NFKC, case folded, every dash a hyphen, without
    spaces and signs that cannot be seen. So a ban holds however the number is typed."""
    said = unicodedata.normalize("NFKC", membership).casefold()
    kinds = [(c, unicodedata.category(c)) for c in unicodedata.normalize("NFKC", said)]
    return blind("membership", "".join("-" if k == "Pd" else c for c, k in kinds if k not in _UNSEEN))


def sources(found: Configuration | None = None) -> Iterable[MembershipSource]:
    """Those that penholder.toml names."""
    conf = found or configuration()
    for name in conf.sources:
        if name == "entered":
            yield EnteredRows()
        elif conf.membership_file is not None:
            yield SignedFile(conf.membership_file, conf.membership_key)


def is_active(member: Claim, day: date) -> bool:
    """Does one of the sources say yes?"""
    return any(source.is_active(member, day) for source in sources())


@cache
def _read(path: Path, key: str, _changed: int) -> dict[tuple[str, str], tuple[date, date | None]]:
    """(pseudonym of the membership, pseudonym of the address) -> days."""
    try:
        lines = open_note(path.read_bytes(), [Verifier.parse(key)]).text.splitlines()
        return dict(_rows(lines))
    except (OSError, NoteError, ValueError) as error:
        raise ConfigurationError(
            f"the file of memberships {path.name} is not taken: {error}",
            hint="docs/reference/debate.md says how it is made and signed",
        ) from error


def _rows(lines: list[str]) -> Iterator[tuple[tuple[str, str], tuple[date, date | None]]]:
    """Raises: ValueError: another file."""
    if lines[:1] != [HEADER]:
        raise ValueError(f"does not begin with {HEADER!r}")
    yield from (_row(line) for line in lines[1:] if line)


def _row(line: str) -> tuple[tuple[str, str], tuple[date, date | None]]:
    fields = line.split(" ")
    if len(fields) != 4:
        raise ValueError("a line has not four fields with one space between them")
    membership, address, first, last = fields
    until = None if last == "-" else date.fromisoformat(last)
    return (key_of(membership), pseudonym_of(address)), (date.fromisoformat(first), until)
