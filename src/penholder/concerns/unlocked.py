"""The passphrase, or the unlocked key, of whoever is acting: beside the parameters of an act, in none of them.

A door says where it comes from (`using`): the pages from the session and a cookie, the API from a header, the
command
line by asking. It is in no form, no event, no log and no list of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

from penholder.actions.errors import InvalidError
from penholder.actions.values import Actor
from penholder.concerns import sealing
from penholder.concerns.codes import same
from penholder.concerns.errors import LockedError
from penholder.concerns.models import OfficerKey
from penholder.vault.errors import VaultIntegrityError

HEADER = "Penholder-Passphrase"
"""In which the API takes it."""
SHORTEST = 16
_HINT = "unlock your key with your passphrase, then do it again"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the key comes from: a passphrase, or the private key itself."""

    passphrase: Callable[[], str] | None = None
    private: bytes | None = None


_source: ContextVar[Source | None] = ContextVar("penholder_concerns_unlocked", default=None)


@contextmanager
def using(source: Source | None) -> Iterator[None]:
    """What is done inside may use this key."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def private_of(actor: Actor) -> bytes:
    """The private key of the actor. Raises: LockedError: there is none, or it is locked."""
    row = OfficerKey.objects.filter(user__public_id=actor.id).first()
    if row is None:
        raise LockedError("you have no key yet", hint="make one: nothing is sealed to you before")
    source = _source.get()
    private = source.private if source else None
    if private is None and source is not None and source.passphrase is not None:
        private = opened(row, source.passphrase(), owner=actor.id)
    if private is None or not same(sealing.public_of(private), bytes(row.public)):
        raise LockedError("your key is locked", hint=_HINT)
    return private


def opened(row: OfficerKey, passphrase: str, *, owner: str) -> bytes:
    """The private key. Raises: LockedError: the passphrase is another."""
    try:
        return sealing.unlock(
            bytes(row.locked), passphrase=passphrase, owner=owner, cost=settings.PENHOLDER_CODE_COST
        )
    except VaultIntegrityError as error:
        raise LockedError("the passphrase is another", hint=_HINT) from error


def new_passphrase() -> str:
    """The passphrase for a new key. Raises: InvalidError: none, or too short."""
    source = _source.get()
    given = source.passphrase() if source and source.passphrase else ""
    if len(given) < SHORTEST or len(set(given)) < SHORTEST // 2:
        raise InvalidError(
            "a new key needs a passphrase",
            hint=f"at least {SHORTEST} characters: five or six words that only you put together",
            fields={"passphrase": f"is needed: {SHORTEST} characters or more, not the same ones again and again"},
        )
    return given
