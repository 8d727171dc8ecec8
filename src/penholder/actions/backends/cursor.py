"""The guarded cursor that both back ends hand out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from penholder.actions import guard
from penholder.actions.errors import WriteOutsideActionError

_PLAIN = frozenset({"arraysize", "close", "description", "itersize", "lastrowid", "rowcount", "statusmessage"})
_FETCHING = frozenset({"fetchall", "fetchmany", "fetchone", "nextset", "scroll"})


class _Guarded(CursorWrapper):
    """Ask before, count after. The bare cursor is not handed out, nor anything of it that is not in the lists."""

    def __init__(self, cursor: Any, db: Any) -> None:
        self.__bare = cursor
        self.__postgresql = db.vendor == "postgresql"
        self.__key = db.door_key
        self.db = db

    @property
    def cursor(self) -> None:
        """Django's wrapper has the bare cursor here."""
        return None

    def execute(self, sql: Any, params: Any = None) -> Any:
        result = super().execute(_plain(sql), params)
        return self if result is self.__bare else result

    def executemany(self, sql: Any, param_list: Any) -> Any:
        result = super().executemany(_plain(sql), param_list)
        return self if result is self.__bare else result

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        raise _refused(f"callproc({procname})")

    def _execute(self, sql: Any, params: Any, *_: Any) -> Any:
        said = _plain(sql)  # again: Django's wrappers of statements come in between
        statement = guard.admit(said, postgresql=self.__postgresql, by=self.__key)
        self.db.validate_no_broken_transaction()
        with self.db.wrap_database_errors:
            result = self.__bare.execute(said) if params is None else self.__bare.execute(said, params)
        guard.touched(statement, self.__bare.rowcount, by=self.__key)
        return result

    def _executemany(self, sql: Any, param_list: Any, *_: Any) -> Any:
        said = _plain(sql)
        statement = guard.admit(said, postgresql=self.__postgresql, by=self.__key)
        self.db.validate_no_broken_transaction()
        with self.db.wrap_database_errors:
            result = self.__bare.executemany(said, param_list)
        guard.touched(statement, self.__bare.rowcount, by=self.__key)
        return result

    def __getattr__(self, name: str) -> Any:
        if name in _FETCHING:
            return self.db.wrap_database_errors(getattr(self.__bare, name))
        if name in _PLAIN:
            return getattr(self.__bare, name)
        if name.startswith("_"):
            raise AttributeError(name)
        raise _refused(name)

    def __iter__(self) -> Iterator[Any]:
        with self.db.wrap_database_errors:
            yield from self.__bare


class GuardedCursor(_Guarded):
    """For normal use."""


class GuardedDebugCursor(_Guarded, CursorDebugWrapper):
    """Where Django logs its queries."""


def _plain(sql: Any) -> str:
    """The text itself: a subclass of str can say one thing to whoever asks, and another to the database."""
    return sql if type(sql) is str else str.__str__(sql if isinstance(sql, str) else str(sql))


def _refused(name: str) -> WriteOutsideActionError:
    return WriteOutsideActionError(
        f"cursor.{name} was refused: the guard cannot see what it writes",
        hint="use execute or executemany with one plain statement",
    )
