"""Three-valued truth: yes, no, unknown (Kleene). Unknown is never rounded to no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Ordered so that AND is the minimum and OR is the maximum. The numbers are stored in arrays (int8)."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def word(self) -> str:
        """`yes`, `no` or `unknown`, as in outputs."""
        return self.name.lower()

    @classmethod
    def of(cls, value: bool | None) -> Truth:  # noqa: FBT001 - converts the value itself
        """True, False, None -> YES, NO, UNKNOWN."""
        return cls.UNKNOWN if value is None else cls.YES if value else cls.NO


def all_of(values: Iterable[Truth]) -> Truth:
    """Kleene AND; of nothing: YES."""
    return min(values, default=Truth.YES)


def any_of(values: Iterable[Truth]) -> Truth:
    """Kleene OR; of nothing: NO."""
    return max(values, default=Truth.NO)
