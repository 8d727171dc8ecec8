"""The exchange between the two sites: signed files, references that only they compare, no word about who
raised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from penholder.cli import exchange as authority_side
from penholder.cli.exchange_targets import targets
from penholder.concerns import exchange as concerns_side
from penholder.concerns import queries
from penholder.concerns.models import KnownTarget, Reader
from penholder.custody.exchange import GATES, TARGETS, folder, read_signed, write_signed
from penholder.kernel.errors import ConfigurationError, InputError
from penholder.ledger.note import Signer
from penholder.restrictions.gates import open_gates
from tests import assessment_ground, concerns_ground, people_ground, register_ground
from tests.casework import Casework, SettingsOfTest
from tests.concerns_ground import EXCHANGE_KEY, Ground

NAMES = {"authority": "ledger.ardenia.invalid/log", "concerns": "concerns.ardenia.invalid/log"}


class Two:
    """Both sites, and one folder between them."""

    def __init__(self, tmp_path: Path) -> None:
        self.settings = SettingsOfTest()
        self.tmp_path = tmp_path
        self.signers = {site: Signer.generate(name) for site, name in NAMES.items()}
        self.homes = {site: Casework(tmp_path / site).open() for site in NAMES}
        for site, casework in self.homes.items():
            secrets = casework.home / "secrets"
            (secrets / "ledger-key").write_text(self.signers[site].text() + "\n", encoding="utf-8")
            (secrets / "exchange-key").write_text(EXCHANGE_KEY + "\n", encoding="ascii")
        self.at("concerns")
        self.ground = Ground(self.homes["concerns"])
        self.homes["concerns"].close()

    def at(self, site: str) -> None:
        """Work on one of them."""
        other = next(s for s in NAMES if s != site)
        peer = self.signers[other].verifier.text()
        self.settings.set("PENHOLDER_EXCHANGE", {"peer": peer, "folder": str(self.tmp_path / "exchange")})
        clock = "tests.assessment_ground.now" if site == "authority" else "tests.concerns_ground.now"
        self.settings.set("PENHOLDER_CLOCK", clock)
        self.homes[site].use()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    yield made
    made.ground.close()
    made.settings.restore()
    for home in made.homes.values():
        home.close()


def assessed(two: Two, monkeypatch: pytest.MonkeyPatch) -> str:
    """An assessment that was drafted and sent by an officer who is also a head of unit."""
    two.at("authority")
    register_ground.at(date(2026, 1, 15))
    person = people_ground.invited("owner-1", "penholder")
    monkeypatch.setattr(assessment_ground, "DRAFTER", people_ground.actor(person))
    two.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    register_ground.at(date(2026, 1, 16))
    assessment_ground.make_evidence()
    draft = assessment_ground.Draft()
    draft.save(by=assessment_ground.DRAFTER)
    two.settings.set("PENHOLDER_AUTHORITY", "penholder.people.authority.RoleTable")
    return draft.versions[-1]


def test_who_wrote_an_assessment_never_hears_a_concern_about_it_and_the_decider_is_asked(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = assessed(two, monkeypatch)
    document: dict[str, Any] = {"made_on": "2026-01-16", "targets": targets()}
    path = write_signed(TARGETS, document)
    assert "ardenia.invalid" not in path.read_text(encoding="utf-8").replace(NAMES["authority"], "")
    two.at("concerns")
    concerns_ground.at(date(2026, 1, 16))
    assert list(concerns_side.exchange()) == [
        "took in 2 things that a concern can be about, of 2026-01-16",
        "wrote 0 open questions",
    ]
    assert list(KnownTarget.objects.order_by("kind").values_list("public_id", "title")) == [
        (version, "Assessment of XV: Armed forces of Velmora, version 1"),
        ("XV", "XV: its assessments, the measures about it and what was said of it"),
    ]
    assert queries.known_targets() == ()  # a draft, and a place of which nothing is public
    concern, codes = two.ground.raise_one(targets=(version,), asks_decider=True)
    held = set(Reader.objects.values_list("user__public_id", flat=True))
    assert two.ground.people["owner-1"] not in held
    assert two.ground.people["owner-2"] in held
    assert list(concerns_side.exchange())[-1] == "wrote 0 open questions"
    concerns_ground.at(date(2026, 1, 17))
    assert list(concerns_side.exchange())[-1] == "wrote 1 open questions"
    sent = (folder() / "gates.json").read_text(encoding="utf-8")
    assert not [word for word in (concern, codes.locator, "water works", "uk-selc") if word in sent]
    two.at("authority")
    assert authority_side._take_in() == "took in 1 open questions, of 2026-01-17"
    (gate,) = open_gates([version])
    assert gate.level == "Head of the unit that owns the matter"


def test_a_file_that_was_changed_or_is_another_s_is_not_taken(two: Two) -> None:
    two.at("authority")
    path = write_signed(TARGETS, {"made_on": "2026-01-16", "targets": []})
    whole = path.read_text(encoding="utf-8")
    two.at("concerns")
    assert read_signed(GATES) is None
    found = read_signed(TARGETS)
    assert found == {"made_on": "2026-01-16", "targets": []}
    for wrong in (
        whole.replace("2026-01-16", "2026-01-17"),
        whole.replace("ledger.ardenia", "legder.ardenia"),
        json.dumps({**json.loads(whole), "kind": "gates"}),
        whole[:-20],
        "[]",
    ):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError):
            read_signed(TARGETS)
    path.rename(path.with_name("gates.json"))
    path.with_name("gates.json").write_text(whole, encoding="utf-8")
    with pytest.raises(InputError):
        read_signed(GATES)


def test_a_file_that_is_older_is_not_taken_again_and_closes_no_question(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = assessed(two, monkeypatch)
    write_signed(TARGETS, {"made_on": "2026-01-16", "targets": targets()})
    two.at("concerns")
    concerns_ground.at(date(2026, 1, 16))
    list(concerns_side.exchange())
    earlier = (folder() / "gates.json").read_bytes()
    two.ground.raise_one(targets=(version,), asks_decider=True)
    concerns_ground.at(date(2026, 1, 17))
    list(concerns_side.exchange())
    two.at("authority")
    assert authority_side._take_in() == "took in 1 open questions, of 2026-01-17"
    assert authority_side._take_in() == "took in 1 open questions, of 2026-01-17"
    (folder() / "gates.json").write_bytes(earlier)
    with pytest.raises(InputError, match="is older than the one that was read last"):
        authority_side._take_in()
    assert len(open_gates([version])) == 1


def test_nothing_is_taken_from_nobody(two: Two) -> None:
    two.at("concerns")
    write_signed(TARGETS, {"made_on": "2026-01-16", "targets": []})
    with pytest.raises(InputError):
        read_signed(TARGETS)
    two.settings.set("PENHOLDER_EXCHANGE", {"folder": str(folder())})
    with pytest.raises(ConfigurationError):
        read_signed(TARGETS)
    assert settings.PENHOLDER_EXCHANGE.get("peer") is None
