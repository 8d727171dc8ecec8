"""Attacks on the debate that once worked: a banned member under another way of writing their number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from penholder.actions.errors import SeparationError
from penholder.debate.errors import StandingError
from penholder.debate.memberships import key_of
from tests import debate_ground as ground
from tests.casework import Casework, SettingsOfTest


@pytest.fixture(autouse=True)
def debate(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    ground.start(settings_of_test)
    return iter([None])


def test_a_ban_holds_however_the_number_of_the_membership_is_written() -> None:
    banned = ground.member("reader-1", membership="N-17")
    ground.ban(ground.moderator("moderator-1"), ground.moderator("moderator-2"), banned)
    for number, spelled in enumerate(("n\u201117", " N \u2013 17", "\uff2e-17", "N-\u200b17")):
        again = ground.account(f"again-{number}", "member")
        ground.enter(again, spelled)
        ground.join(again, spelled, f"Newcomer {number}")
        with pytest.raises(StandingError, match="banned from the debate for good"):
            ground.post(again)
    assert key_of("N-17") != key_of("N17")


def test_whoever_removed_a_comment_that_an_appeal_restored_does_not_remove_it_again() -> None:
    author, first, second = (
        ground.member("reader-1"),
        ground.moderator("moderator-1"),
        ground.moderator("moderator-2"),
    )
    comment = ground.post(author)
    ground.decide(second, ground.appeal(author, ground.remove(first, comment)), "granted")
    for again in (ground.remove, ground.hold):
        with pytest.raises(SeparationError, match="an appeal restored it"):
            again(first, comment)
    assert ground.remove(ground.moderator("moderator-3"), comment)
