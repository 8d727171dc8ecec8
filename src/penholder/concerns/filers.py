"""The filer comes back: locator and secret find a concern, and open it. Nobody is signed in for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

from penholder.actions.errors import RefusedError
from penholder.actions.values import Actor, ActorKind
from penholder.concerns import codes as made
from penholder.concerns import sealing
from penholder.concerns.codes import Codes, Opened
from penholder.concerns.errors import CodeError
from penholder.concerns.models import Filer
from penholder.concerns.sealing import CaseKey

_opened: ContextVar[tuple[Codes, Opened] | None] = ContextVar("penholder_concerns_codes", default=None)
_NOBODY = bytes(32)


@contextmanager
def using(codes: Codes) -> Iterator[Opened]:
    """Derive once, before the act: what is done inside need not do it again, with the lock of the writers held."""
    opened = made.open_codes(codes, cost=settings.PENHOLDER_CODE_COST)
    token = _opened.set((codes, opened))
    try:
        yield opened
    finally:
        _opened.reset(token)


def opened(codes: Codes) -> Opened:
    """What the codes make."""
    known = _opened.get()
    if known is not None and known[0] == codes:
        return known[1]
    return made.open_codes(codes, cost=settings.PENHOLDER_CODE_COST)


def filer_of(codes: Codes, *, lock: bool = False) -> tuple[Filer, CaseKey]:
    """The way back, and the key of the case. A wrong secret and an unknown locator take the same time.

    Raises: CodeError.
    """
    keys = opened(codes)
    rows = Filer.objects.select_related("concern")
    row = (rows.select_for_update() if lock else rows).filter(lookup=made.lookup(codes.locator)).first()
    is_right = made.same(bytes(row.public) if row else _NOBODY, keys.public)
    if row is None or not is_right:
        raise CodeError(
            "this locator and this secret do not belong together, or are not known",
            hint="read them again: they are ten and twenty letters and digits, in groups of five",
        )
    return row, case_key(row, keys)


def case_key(row: Filer, keys: Opened) -> CaseKey:
    """The key of the case. Raises: VaultIntegrityError."""
    binding = sealing.of_case(row.concern.public_id, row.lookup)
    key = sealing.unbox(bytes(row.boxed), private=keys.private, binding=binding)
    return CaseKey(row.concern.public_id, key)


def check_unnamed(actor: Actor) -> None:
    """What the filer does is done by nobody who is signed in: no account shall stand beside a concern.

    Raises: RefusedError.
    """
    if actor.kind is not ActorKind.ANONYMOUS:
        raise RefusedError(
            "this is done without an account, by locator and secret alone",
            hint="use the pages of the concerns site without signing in",
        )
