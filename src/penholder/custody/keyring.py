"""Which keys the ledger has and had, and its policy: read from the log and the signed heads, kept nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from penholder.actions.models import Act
from penholder.custody.errors import LedgerKeyError
from penholder.kernel.home import FIRST_KEY
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.keyring import POLICY_ANNOUNCED, RECOVERY_ANNOUNCED, ROTATED, Keyring, LedgerEvent
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.models import Entry
from penholder.ledger.note import Signer, Verifier
from penholder.ledger.policy import policy_text

ACTS = ("custody.rotate_key", "custody.announce_recovery_key", "custody.announce_policy")
LEDGER_KEY = "ledger-key"
NEXT_KEY = "ledger-key.next"
RECOVERY_KEY = "recovery-key"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keyring at a size, and a change of key that no signed head has sealed yet."""

    keyring: Keyring
    pending: LedgerEvent | None

    @property
    def current(self) -> Verifier:
        """The key that signs; before a pending change is sealed, the old one."""
        return self.keyring.current

    @property
    def everyone(self) -> tuple[Verifier, ...]:
        """All keys, that of a pending change too."""
        more = (Verifier.parse(self.pending.data["new_key"]),) if self.pending else ()
        return (*self.keyring.everyone, *more)


def secret_key(name: str) -> Signer | None:
    """A private key of the folder `secrets`; None where there is none. Raises: LedgerKeyError: damaged."""
    path = settings.PENHOLDER_HOME / "secrets" / name
    try:
        return Signer.parse(path.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    except (OSError, NoteError) as error:
        said = error.message if isinstance(error, NoteError) else error.strerror
        raise LedgerKeyError(f"secrets/{name} cannot be used: {said}", hint="restore it from its copy") from error


def key_events(size: int | None = None) -> tuple[LedgerEvent, ...]:
    """The entries about the ledger itself, in the order of the log; `size`: those of a log of this size."""
    acts = Act.objects.filter(about="", act__in=ACTS).values_list("entry_id", flat=True)
    rows = Entry.objects.filter(id__in=list(acts), place__isnull=False).order_by("place__seq")
    found = [
        LedgerEvent(seq, event, LedgerEntry.from_bytes(body.encode()).data)
        for seq, event, body in rows.values_list("place__seq", "event", "body")
    ]
    return tuple(e for e in found if size is None or e.index < size)


def recovery_keys(size: int | None = None) -> tuple[str, ...]:
    """The recovery keys that the log announces."""
    return tuple(e.data["recovery_key"] for e in key_events(size) if e.event == RECOVERY_ANNOUNCED)


def policy_at(size: int | None) -> str:
    """The policy that the log of this size announces; before the first one: no witness is asked for."""
    announced = [e.data["policy"] for e in key_events(size) if e.event == POLICY_ANNOUNCED]
    return str(announced[-1]) if announced else policy_text(logs=(), witnesses={}, threshold=0)


def newest(origin: str) -> Keys:
    """The keys of the log as it stands."""
    return keys_at(None, origin)


def keys_at(size: int | None, origin: str) -> Keys:
    """The keys of a log of this size. Raises: LedgerKeyError: no key is known; LedgerIntegrityError."""
    events = key_events(size)
    rotations = [e for e in events if e.event == ROTATED]
    recovery = tuple(Verifier.parse(e.data["recovery_key"]) for e in events if e.event == RECOVERY_ANNOUNCED)
    found = Keyring(_first(rotations, origin), recovery=recovery)
    for event in rotations:
        heads = _heads(event, size)
        if heads is None:
            if event is not rotations[-1]:
                raise LedgerIntegrityError(
                    f"no signed head is there for the change of key at place {event.index}",
                    hint="run `penholder restore` with --recover-from-published",
                )
            return Keys(found, event)
        until, notes = heads
        found = found.rotated(Verifier.parse(event.data["new_key"]), heads=notes, until=until)
    return Keys(found, None)


def _first(rotations: Sequence[LedgerEvent], origin: str) -> Verifier:
    if rotations:
        return Verifier.parse(rotations[0].data["old_key"])
    path = settings.PENHOLDER_HOME / FIRST_KEY
    signer = None if path.is_file() else secret_key(LEDGER_KEY)
    found = Verifier.parse(path.read_text(encoding="utf-8").strip()) if path.is_file() else None
    found = found or (signer.verifier if signer else None)
    if found is None or found.name != origin:
        said = "is not known" if found is None else f"is of {found.name}, not of {origin}"
        raise LedgerKeyError(
            f"the first key of this ledger {said}",
            hint=f"restore {FIRST_KEY} and the folder `secrets` from their copies",
        )
    return found


def _heads(event: LedgerEvent, size: int | None) -> tuple[int, list[str]] | None:
    """The head that seals a change of key, and for a recovery the last one before it."""
    rows = CheckpointRow.objects.order_by("size")
    after = rows.filter(size__gt=event.index)
    sealed = (after if size is None else after.filter(size__lte=size)).first()
    if sealed is None:
        return None
    before = rows.filter(size__lte=event.index).last() if event.data["recovery"] else None
    return sealed.size, [*([before.note] if before else []), sealed.note]
