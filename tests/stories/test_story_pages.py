"""After the story: what the demonstration tells each role to open is there for them, and not for the exporter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from penholder.cli.demo_sites import OPENED, path_of
from penholder.entry.actor import WAYS_KEY
from penholder.people.models import User
from tests.stories.told import Told, told

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

PAGES = [(key, path) for key, pages in OPENED["authority"].items() for _, path in pages]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with told(tmp_path_factory.mktemp("pages") / "home") as made:
        yield made


def browser(story: Told, key: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(public_id=story.players.ids[f"who:{key}"]))
    session = client.session
    session[WAYS_KEY] = [{"method": way} for way in ("password", "mfa")]
    session.save()
    return client


# story: nothing is a dead end: every page that the demonstration names opens for whom it names
@pytest.mark.parametrize(("key", "path"), PAGES, ids=[f"{key}:{path}" for key, path in PAGES])
def test_what_the_demonstration_names_can_be_opened(key: str, path: str, story: Told) -> None:
    address = path_of(path, story.results)
    assert browser(story, key).get(address).status_code == 200
    assert Client(SERVER_NAME="localhost").get(address).status_code in {302, 403, 404}


@pytest.mark.parametrize(
    "path",
    ["/cases/{sights.case}", "/changes/{change.id}", "/assessments/{velmora.assessment}", "/evidence/{a1}"],
)
def test_another_firms_case_and_what_officials_write_is_not_there_for_an_exporter(path: str, story: Told) -> None:
    assert browser(story, "orrin").get(path_of(path, story.results)).status_code in {403, 404}
