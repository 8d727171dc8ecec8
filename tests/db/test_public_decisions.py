"""What the public site makes of a case that was decided: over the published log, from application to page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from penholder.assessment.values import Finding
from penholder.custody.publish import publish
from penholder.ledger.keyring import Keyring
from penholder.publication.books import books
from penholder.publication.disclosure import disclosure
from penholder.publication.load import load
from penholder.publication.projection import FILE
from tests import case_ground, ledger_ground
from tests import decision_ground as ground
from tests.case_ground import START
from tests.casework import Casework, SettingsOfTest
from tests.decision_ground import Decision
from tests.publication_ground import public_site, visible
from tests.web.page_checks import faults


@pytest.fixture
def decided(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[tuple[Decision, Client]]:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    settings_of_test.set("PENHOLDER_ORIGIN", ledger_ground.ORIGIN)
    ground.at(START)
    key = ledger_ground.found(casework)
    story = Decision().granted()
    publish(casework.home / "out")
    load(
        casework.home / "out",
        log="authority",
        to=casework.home / FILE,
        policy=disclosure(),
        now=case_ground.now(),
        keys=Keyring.parse(key.text()),
    )
    with public_site() as client:
        yield story, client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    html = answer.content.decode()
    assert (address, answer.status_code, faults(html)) == (address, 200, [])
    return visible(html)


def test_a_granted_case_and_its_licence_lead_to_one_another_in_public(decided: tuple[Decision, Client]) -> None:
    story, client = decided
    held = books()
    found = held.decisions(held.size)[story.id]
    assert (found.outcome, found.against_lead, found.on_appeal) == ("granted", False, False)
    assert {finding for _, finding in found.findings} <= {f.value for f in Finding}
    assert found.licence in held.licences(held.size)
    decision = page(client, f"/decisions/{story.id}")
    assert "Granted on" in decision
    assert found.licence in decision
    licence = page(client, f"/licences/{found.licence}")
    assert "Findings by limb" in licence
    assert f"/decisions/{story.id}" in client.get(f"/licences/{found.licence}").content.decode()
    assert page(client, "/decisions").count(story.id) == 1


def test_what_the_exporter_and_the_officers_wrote_is_on_no_page(decided: tuple[Decision, Client]) -> None:
    story, client = decided
    from penholder.ledger.models import Entry
    from penholder.vault.store import open_many

    held = books()
    opened = open_many(list(Entry.objects.values_list("id", flat=True)))
    secret = {
        str(d.value) for found in opened.values() for d in found if isinstance(d.value, str) and len(d.value) > 12
    }
    assert len(secret) > 20
    known = {story.id, "standard_permanent", *held.licences(held.size)}
    for address in (
        "/",
        "/decisions",
        f"/decisions/{story.id}",
        "/licences",
        f"/licences/{held.decisions(held.size)[story.id].licence}",
        "/destinations",
    ):
        text = client.get(address).content.decode()
        assert [s for s in secret - known if s in text] == [], address
