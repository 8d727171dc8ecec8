"""The lock of the writers, as actions take it."""

from penholder.ledger.lock import writer_lock

__all__ = ["writer_lock"]
