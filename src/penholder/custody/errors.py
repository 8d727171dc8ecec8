"""What can go wrong in the keeping of the ledger."""

from __future__ import annotations

from penholder.kernel.errors import IntegrityError, PenholderError


class RollbackError(IntegrityError):
    """The database is older than, or another than, what was published from it: nothing may be signed."""

    code = "rollback"


class PublicationError(PenholderError):
    """The ledger cannot be published to this folder: it holds other things, or it cannot be written."""

    code = "publication"


class LedgerKeyError(PenholderError):
    """A key of the ledger is missing, in a wrong place, or not the one that is needed."""

    code = "ledger-key"


class BackupError(PenholderError):
    """A backup or a restore cannot be done; nothing was changed."""

    code = "backup"


class DamagedBackupError(IntegrityError):
    """A backup does not hold what its manifest says, or its entries do not lead to its root."""

    code = "backup-damaged"


class InstallationError(PenholderError):
    """`penholder init` cannot make this installation."""

    code = "installation"
