"""Parties of an application against the lists in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from penholder.casework.models import ListEntry, PartyList
from penholder.casework.parts import ListSeen, Match, Party
from penholder.casework.policy.screening import (
    SET_SHARE,
    THRESHOLD,
    Entry,
    place_match,
    resemblance,
    words_of,
)
from penholder.casework.values import ListKind


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists in force, with every entry."""

    seen: tuple[ListSeen, ...]
    entries: tuple[Entry, ...]


def lists_of(loads: Iterable[str]) -> Lists:
    """These loads of lists. Two statements."""
    rows = {r.pk: r for r in PartyList.objects.filter(public_id__in=list(loads)).order_by("name")}
    found = ListEntry.objects.filter(party_list__in=list(rows)).order_by("pk")
    entries = tuple(
        Entry(rows[pk].public_id, rows[pk].name, key, tuple(spellings), place)
        for pk, key, spellings, place in found.values_list("party_list_id", "key", "spellings", "place")
    )
    seen = tuple(
        ListSeen(party_list=r.public_id, name=r.name, kind=ListKind(r.kind), as_of=r.as_of, entries=r.loaded)
        for r in rows.values()
    )
    return Lists(seen, entries)


def possible_matches(parties: Sequence[Party], entries: Sequence[Entry]) -> tuple[Match, ...]:
    """Every party whose name resembles an entry, highest score first. Shape: parties x spellings."""
    spelled = [(entry, " ".join(words_of(s))) for entry in entries for s in entry.spellings]
    choices = [words for _, words in spelled]
    found = []
    for party in parties:
        near = _near(" ".join(words_of(party.name)), choices)
        resembling = dict.fromkeys(spelled[n][0] for n in near)
        found += [_match(party, entry) for entry in resembling]
    return tuple(sorted(found, key=lambda m: (-m.score, m.party, m.list_name, m.entry)))


def _near(name: str, choices: Sequence[str]) -> list[int]:
    """Places of the spellings that reach the threshold by either measure (`policy.screening.score_of`)."""
    found: set[int] = set()
    for scorer, cutoff in (
        (fuzz.token_sort_ratio, THRESHOLD),
        (fuzz.token_set_ratio, float(THRESHOLD / SET_SHARE)),
    ):
        near = process.extract(name, choices, scorer=scorer, score_cutoff=cutoff, limit=None)
        found |= {place for _, _, place in near}
    return sorted(found)


def _match(party: Party, entry: Entry) -> Match:
    why = resemblance(party.name, entry.spellings)
    return Match(
        party=party.name,
        role=party.role,
        party_place=party.place,
        party_list=entry.party_list,
        list_name=entry.list_name,
        entry=entry.key,
        spelling=why.spelling,
        score=why.score,
        same_words=why.same,
        near_words=why.near,
        other_words=why.other,
        entry_place=entry.place,
        place=place_match(party.place, entry.place),
    )


def is_same(one: Match, other: Match) -> bool:
    """Is it the same resemblance, whichever load of the list it was found in? Then its verdict stands."""
    return replace(one, party_list="") == replace(other, party_list="")
