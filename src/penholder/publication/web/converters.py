"""Parts of addresses that are one of a few words."""

from __future__ import annotations

from penholder.publication.figures import FigureKind
from penholder.publication.values import LOGS


class FigureConverter:
    """A kind of figure."""

    regex = "|".join(k.value for k in FigureKind)

    def to_python(self, value: str) -> FigureKind:
        """The kind."""
        return FigureKind(value)

    def to_url(self, value: FigureKind | str) -> str:
        """Its word."""
        return FigureKind(value).value


class LogConverter:
    """The name of a published log."""

    regex = "|".join(LOGS)

    def to_python(self, value: str) -> str:
        """The name."""
        return value

    def to_url(self, value: str) -> str:
        """The name."""
        return value
