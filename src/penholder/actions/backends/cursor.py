"""The guarded cursor that both back ends hand out."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from penholder.actions import guard
from penholder.actions.errors import WriteOutsideActionError

_BACK_WAYS = frozenset(
    {"executescript", "copy", "copy_expert", "copy_from", "copy_to", "stream", "cursor", "connection"}
)


class _Guarded(CursorWrapper):
    """Ask before, count after. Mixed in before Django's own wrapper."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        statement = guard.admit(str(sql))
        result = super().execute(sql, params)
        guard.touched(statement, self.rowcount)
        return result

    def executemany(self, sql: Any, param_list: Any) -> Any:
        statement = guard.admit(str(sql))
        result = super().executemany(sql, param_list)
        guard.touched(statement, self.rowcount)
        return result

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        raise _refused(f"callproc({procname})")

    def __getattr__(self, name: str) -> Any:
        if name in _BACK_WAYS:
            raise _refused(name)
        return super().__getattr__(name)


class GuardedCursor(_Guarded):
    """For normal use."""


class GuardedDebugCursor(_Guarded, CursorDebugWrapper):
    """Where Django logs its queries."""


def _refused(name: str) -> WriteOutsideActionError:
    return WriteOutsideActionError(
        f"cursor.{name} was refused: the guard cannot see what it writes",
        hint="use execute or executemany with one plain statement",
    )
