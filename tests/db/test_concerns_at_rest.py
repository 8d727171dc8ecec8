"""What is at rest on the site of concerns, and what leaves it: nothing tells, or confirms, what somebody wrote."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from penholder.concerns import actions, exchange
from penholder.concerns.figures import figures
from penholder.concerns.models import Attachment, Concern, Message
from penholder.concerns.values import Mark, Point, Purpose
from penholder.kernel.errors import PenholderError
from penholder.ledger.queries import read_entries
from penholder.ledger.store import head
from penholder.vault.models import VaultFile
from penholder.vault.store import open_disclosures, vault
from tests import concerns_ground
from tests.casework import Casework
from tests.concerns_ground import AV, DE, Ground, rejected, upheld, version_of

WORDS = ("a flooded pumping station", "the ledger of the quay")
"""Planted in all that anybody writes; as long as each other they are not."""


@pytest.fixture
def ground(casework: Casework) -> Iterator[Ground]:
    made = Ground(casework)
    made.list_targets(of_av=("owner-1",))
    yield made
    made.close()


def lived(ground: Ground, word: str, *, times: int = 1) -> None:
    """A whole life, in which everything that is written holds `word` so many times."""
    said = f"Somebody says of {word}: " + " and again ".join([word] * times)
    points = (Point(claim=said, criterion=word, evidence=(word[:20],)), Point(claim=f"{said}, once more."))
    concern, codes = ground.raise_one(targets=(AV,), points=points, asks_decider=True)
    ground.of_filer(actions.write_message, codes, text=said)
    ground.of_filer(
        actions.attach_file, codes, content=base64.b64encode(said.encode() * 9).decode(), name=f"{word}.txt"
    )
    ground.do("owner-2", actions.read_concern, concern=concern, purpose=Purpose.HANDLE)
    ground.do(
        "owner-2", actions.mark_concern, concern=concern, mark=Mark.HOLD, reasons=f"{said[:900]}: we wait.",
        expected_version=version_of(concern),
    )  # fmt: skip
    ground.of_filer(actions.add_target, codes, target=DE)
    concerns_ground.at(concerns_ground.DUE + timedelta(days=1))
    answers = (
        upheld(1, grounds=f"The versions were compared line by line, and of {word} there is nothing more in it."),
        rejected(2, grounds=f"Both reports that are named were read in full again, and {word} is in neither one."),
    )
    ground.answer(concern, "nominated-1", "nominated-2", *answers)
    ground.of_filer(actions.contest_points, codes, points=(2,), text=said)


def raw(casework: Casework) -> bytes:
    """Every byte of the home: on SQLite the database too, with what it has not moved from its log."""
    paths = [p for p in sorted(casework.home.rglob("*")) if p.is_file()]
    assert casework.vendor != "sqlite" or any(p.name.endswith("-wal") for p in paths)
    return b"\n".join(p.read_bytes() for p in paths)


def opened_by_the_keys_at_rest() -> Iterator[str]:
    """All that the key store of the home opens: private fields of entries, and files."""
    size = head()[0]
    for number in range(1, size + 1):
        with suppress(PenholderError):
            yield from (f"{d.name}: {json.dumps(d.value)}" for d in open_disclosures(number))
    for row in VaultFile.objects.all():
        for subject in {row.subject, *Concern.objects.values_list("public_id", flat=True)}:
            with suppress(PenholderError), vault().files.open(row.address, subject=subject) as plain:
                yield plain.read().decode()


def test_after_a_whole_life_no_byte_at_rest_and_nothing_that_its_keys_open_holds_a_word_of_it(
    ground: Ground, casework: Casework
) -> None:
    # story: the database and disk alone decrypt nothing
    lived(ground, WORDS[0], times=40)
    assert Message.objects.count() >= 3
    assert Attachment.objects.count() == 1
    words = (WORDS[0].encode(), WORDS[0].encode().hex().encode(), base64.b64encode(WORDS[0].encode())[:28])
    everything = raw(casework) + b"\n".join(
        bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for _, v in cells()
    )
    assert [w for w in words if w in everything] == []
    fields = list(opened_by_the_keys_at_rest())
    assert len(fields) > 20
    assert [f for f in fields if "pumping" in f] == []


def test_lengths_at_rest_tell_no_text_to_the_byte(ground: Ground) -> None:
    found = []
    for claim in ("Ten words.", "Ten words, and then a good many more of them than ten, to a point." * 5):
        concern, codes = ground.raise_one(points=(Point(claim=claim),))
        ground.of_filer(actions.write_message, codes, text=claim)
        row = Concern.objects.get(public_id=concern)
        message = Message.objects.get(concern=row)
        found.append((len(bytes(row.content)), len(bytes(message.text))))
    assert found[0] == found[1] == (1024 + 29, 1024 + 29)


_RANDOM = re.compile(r"[0-9A-Za-z_+/=-]{26,}")


def published(ground: Ground) -> str:
    """All that leaves the site: entries, figures, open questions; what is random, by its length alone."""
    bodies = [b.decode() for b in read_entries(0, head()[0])]
    counted = repr(figures(read_entries(0, head()[0]), on=concerns_ground.Clock.day))
    concerns_ground.later(1)
    whole = "\n".join([*bodies, counted, json.dumps(exchange.open_questions())])
    return _RANDOM.sub(lambda m: f"<{len(m[0])}>", whole)


def test_two_whole_lives_that_differ_in_words_alone_leave_the_site_alike(tmp_path: Path) -> None:
    # story: two runs that differ only in the concern's text publish alike but for random bytes
    told = []
    for number, word in enumerate(WORDS):
        casework = Casework(tmp_path / str(number)).open()
        ground = Ground(casework)
        ground.list_targets(of_av=("owner-1",))
        lived(ground, word, times=1 + 60 * number)
        told.append(published(ground))
        ground.close()
        casework.close()
    assert "ConcernRaised" in told[0]
    assert "PointsContested" in told[0]
    assert told[0] == told[1]


def test_no_open_question_shows_on_which_hour_it_was_asked_or_withdrawn(ground: Ground) -> None:
    # story: no … time finer than a day in any … log: the authority keeps the moment of each list that it takes in
    before = exchange.open_questions()
    _, codes = ground.raise_one(targets=(AV,), asks_decider=True)
    assert exchange.open_questions() == before == []
    concerns_ground.later(1)
    (asked,) = exchange.open_questions()
    assert asked["since"] == concerns_ground.TODAY.isoformat()
    ground.of_filer(actions.add_target, codes, target=DE)
    ground.of_filer(actions.withdraw_concern, codes)
    assert exchange.open_questions() == [asked]
    concerns_ground.later(1)
    assert exchange.open_questions() == []


def cells() -> Iterator[tuple[str, Any]]:
    """Every value of every table but that of the migrations."""
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"django_migrations"}:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [c[0] for c in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", value) for name, value in zip(names, row, strict=True))


def test_no_column_of_the_site_holds_a_moment(ground: Ground) -> None:
    # story: no … time finer than a day in any … table
    lived(ground, WORDS[0])
    moment = re.compile(r"20\d\d-\d\d-\d\d[T ](?!00:00:00)\d\d:\d\d")
    assert [f"{where}: {value}" for where, value in cells() if moment.search(str(value))] == []
