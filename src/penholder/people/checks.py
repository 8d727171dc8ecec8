"""Is what the site needs to find its people the right one? For `penholder doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.replay import Difference
from penholder.people.addresses import LOOKUP_KEY, pseudonym_of
from penholder.people.models import User
from penholder.people.sealed import Column, Sealed, open_sound

_ENOUGH = 20


def check_lookup_key() -> Iterator[Difference]:
    """The lookup key against the newest accounts: under another one of the same shape no address is found.

    The pseudonym of an account is that of its sealed address, so nothing more is kept to compare with.
    """
    users = list(User.objects.filter(is_active=True).exclude(address="").order_by("-id")[:_ENOUGH])
    opened = open_sound(Column.ADDRESS, (Sealed(u.public_id, u.public_id, u.address) for u in users))
    known = [(opened[u.public_id], u.email) for u in users if opened.get(u.public_id)]
    if known and not any(pseudonym_of(address) == email for address, email in known):
        yield Difference(
            f"secrets/{LOOKUP_KEY}",
            "is another than the one under which addresses are kept: nobody can sign in, and no address is found",
        )
