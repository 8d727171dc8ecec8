"""A ledger of very many small entries, written by the store in batches. Import it after Django is set up."""

from __future__ import annotations

from django.db import transaction

from penholder.actions.lock import writer_lock
from penholder.kernel import clock
from penholder.ledger import queries, store
from penholder.ledger.door import own_door
from penholder.ledger.merkle import compose, inclusion_nodes, proof_nodes

_BATCH = 5_000


def body(number: int) -> bytes:
    """The leaf data of an entry; some 400 bytes, as a real one."""
    return (f'{{"number":{number},"text":"' + "x" * 370 + '"}').encode()


def append(number: int) -> bytes:
    """Write so many. Gives the root."""
    now = clock.now()
    for start in range(0, number, _BATCH):
        entries = [
            store.NewEntry(body(n), "r", "bench.Made", "") for n in range(start, min(start + _BATCH, number))
        ]
        with own_door(), writer_lock(), transaction.atomic(durable=True):
            store.append(entries, now=now)
    return store.head()[1].root()


def proof(place: int, size: int) -> tuple[bytes, ...]:
    """The inclusion proof of an entry, read from the database."""
    groups = inclusion_nodes(place, size)
    return compose(groups, queries.node_reader(proof_nodes(groups)))
