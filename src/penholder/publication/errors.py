"""What can go wrong with the projection and with releases."""

from __future__ import annotations

from penholder.kernel.errors import EXIT_INTEGRITY, PenholderError


class ProjectionError(PenholderError):
    """A published folder cannot be shown: not verified, not understood, or no continuation of what is shown."""

    code = "projection"
    exit_code = EXIT_INTEGRITY


class NotLoadedError(PenholderError):
    """The public site has nothing to show yet."""

    code = "not-loaded"


class ReleaseError(PenholderError):
    """A release cannot be made, or is not what it says."""

    code = "release"
    exit_code = EXIT_INTEGRITY
