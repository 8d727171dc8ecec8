"""What one SQL statement does: reads, writes one table, or something that cannot be told. Pure.

It reads the tokens as the database would, and takes for a read only what consists of known words and functions.
Comments, a second statement, unknown functions, and text whose meaning depends on something else are not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from penholder.actions.sql_words import ASKED_PRAGMAS, BEFORE_BRACKET, FUNCTIONS, NEVER_IN_A_READ, PRAGMAS


class Kind(Enum):
    """What a statement does."""

    READ = "read"
    WRITE = "write"
    OTHER = "other"
    """Anything that is not known to be a read: refused outside an action, and inside one too."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known of one SQL statement."""

    kind: Kind
    table: str = ""
    """Which table a write changes, in lower case, without its schema."""
    returning: bool = False
    """Does it give rows back? Then the driver does not know their number before they are fetched."""
    why: str = ""
    """Why it could not be told."""
    verb: str = ""
    """SAVEPOINT, RELEASE or ROLLBACK, where it is about a savepoint."""
    savepoint: str = ""
    """The name of that savepoint, in lower case."""


class _Token(NamedTuple):
    kind: str
    text: str
    """Words in upper case, quoted names without their quotes, anything else as it stands."""


_LEXEMES = r"""
  (?P<space>[\ \t\n\r\f]+)
| (?P<comment>--|/\*)
| (?P<string>'(?:[^']|'')*')
| (?P<name>"(?:[^"]|"")*")
| (?P<parameter>%%|%s|%\(\w+\)s|\$[0-9]+|\?[0-9]*|(?<!:):[A-Za-z_]\w*)
| (?P<number>[0-9][0-9_]*(?:\.[0-9]*)?)
| (?P<word>[A-Za-z_\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)
| (?P<sign>::|[-+*/<>=~!@\#%^&|.,():\[\]])
"""
_POSTGRESQL = re.compile(r"(?P<escaped>[eE]'(?:[^'\\]|\\.|'')*')|" + _LEXEMES, re.VERBOSE | re.DOTALL)
_SQLITE = re.compile(r"(?P<bracket>\[[^\]]*\])|(?P<tick>`(?:[^`]|``)*`)|" + _LEXEMES, re.VERBOSE)
_NAMES = frozenset({"name", "bracket", "tick"})
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sbt]")
_SPACE = " \t\n\r\f"
_LONG = 20_000

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})
_CONTROL = re.compile(
    r"BEGIN(?: IMMEDIATE| DEFERRED)?|SAVEPOINT \S+|RELEASE(?: SAVEPOINT)? \S+|ROLLBACK TO(?: SAVEPOINT)? \S+"
    r"|SET CONSTRAINTS ALL (?:IMMEDIATE|DEFERRED)|SET TRANSACTION (?:READ ONLY|ISOLATION LEVEL [A-Z ]+)"
)
_OWN_CONTROL = "SET LOCAL SYNCHRONOUS_COMMIT = OFF"
"""Only the sequencer of the ledger says it: what it loses in a power cut, it does again."""


def read_statement(sql: str, *, postgresql: bool = False) -> Statement:
    """Say what a statement does, as this kind of database reads it."""
    cached = _read_long if len(sql) > _LONG else _read
    return cached(sql, postgresql)


class _NotToldError(Exception):
    """The statement is not one whose meaning is sure."""


@lru_cache(maxsize=4096)
def _read(sql: str, postgresql: bool) -> Statement:  # noqa: FBT001 - a key of the cache
    try:
        tokens = list(_tokens(sql.rstrip(_SPACE).removesuffix(";"), postgresql=postgresql))
        return _judge(tokens)
    except _NotToldError as found:
        return Statement(Kind.OTHER, why=str(found))


_read_long = lru_cache(maxsize=16)(_read.__wrapped__)


def _tokens(sql: str, *, postgresql: bool) -> Iterator[_Token]:
    lexer = _POSTGRESQL if postgresql else _SQLITE
    place = 0
    while place < len(sql):
        found = lexer.match(sql, place)
        if found is None:
            raise _NotToldError(f"a character or an open quote at position {place}")
        kind, text, place = found.lastgroup or "", found[0], found.end()
        if kind == "comment":
            raise _NotToldError("a comment")
        if kind in {"string", "escaped", *_NAMES} and _PLACEHOLDER.search(text):
            raise _NotToldError("a placeholder inside quotes")
        if kind in _NAMES:
            yield _Token("name", text[1:-1])
        elif kind != "space":
            yield _Token(kind, text.upper() if kind == "word" else text)


_RETURNING = _Token("word", "RETURNING")


def _judge(tokens: list[_Token]) -> Statement:
    if not tokens:
        raise _NotToldError("nothing")
    first = tokens[0].text if tokens[0].kind == "word" else ""
    if first in _WRITES:
        table, begin = _target(tokens)
        _check_rest(tokens, begin)
        return Statement(Kind.WRITE, table, returning=_RETURNING in tokens)
    if first in {"SELECT", "WITH", "VALUES", "EXPLAIN"}:
        _check_rest(tokens, 1)
        return Statement(Kind.READ)
    said = " ".join(t.text for t in tokens)
    if first == "SHOW" and all(t.kind == "word" for t in tokens):
        return Statement(Kind.READ)
    if first == "PRAGMA":
        return _pragma(tokens)
    if _CONTROL.fullmatch(said):
        of_savepoint = first in {"SAVEPOINT", "RELEASE", "ROLLBACK"}
        name = tokens[-1].text.lower() if of_savepoint else ""
        return Statement(Kind.READ, verb=first if of_savepoint else "", savepoint=name)
    if said == _OWN_CONTROL:
        return Statement(Kind.WRITE, "ledger_waiting")
    raise _NotToldError(f"a statement that begins with {first[:20] or 'no word'}")


def _target(tokens: list[_Token]) -> tuple[str, int]:
    """Table of a write, and where what follows it begins."""
    words = [t.text if t.kind == "word" else "" for t in tokens[:6]] + [""] * 6
    place = 1
    if words[0] in {"INSERT", "UPDATE"} and words[1] == "OR":
        place = 3
    wanted = {"INSERT": "INTO", "REPLACE": "INTO", "DELETE": "FROM"}.get(words[0])
    if wanted:
        if words[place] != wanted:
            raise _NotToldError(f"{words[0]} without {wanted}")
        place += 1
    if words[place] == "ONLY":
        place += 1
    names = [tokens[i] for i in range(place, min(place + 3, len(tokens)))]
    if len(names) == 3 and names[1].text == "." and names[0].kind in {"word", "name"}:
        if names[0].text.lower() not in {"main", "public"}:
            raise _NotToldError("a write to another schema")
        names, place = names[2:], place + 2
    if not names or names[0].kind not in {"word", "name"} or names[0].text in NEVER_IN_A_READ:
        raise _NotToldError("a write to no plain table")
    if place + 1 < len(tokens) and tokens[place + 1].text in {".", "&"}:
        raise _NotToldError("a write to no plain table")
    return names[0].text.lower(), place + 1


def _check_rest(tokens: list[_Token], begin: int) -> None:
    """Raises: _NotToldError where anything after `begin` may write besides."""
    previous, before = _Token("", ""), _Token("", "")
    insert = tokens[0].text in {"INSERT", "REPLACE"}
    for place in range(begin, len(tokens)):
        token = tokens[place]
        if token.kind == "word" and token.text in NEVER_IN_A_READ and not _in_its_place(token, previous, before):
            raise _NotToldError(f"the word {token.text} inside")
        columns = insert and place == begin
        if token.text == "(" and token.kind == "sign" and not columns:
            _check_call(previous, before)
        if token.kind in {"string", "escaped"} and previous.kind == "word" and previous.text == "U":
            raise _NotToldError("a text with Unicode escapes")
        if token.text == "&" and previous == ("word", "U"):
            raise _NotToldError("a text with Unicode escapes")
        previous, before = token, previous


def _in_its_place(token: _Token, previous: _Token, before: _Token) -> bool:
    """Is the word part of FOR UPDATE, FOR NO KEY UPDATE, ON CONFLICT ... DO UPDATE or DO NOTHING, or a column?"""
    if token.text == "UPDATE":
        return previous.text in {"FOR", "DO"} or (previous.text == "KEY" and before.text == "NO")
    if token.text == "DO":
        return previous.text == ")" or (previous.text == "CONFLICT" and before.text == "ON")
    return False


def _check_call(name: _Token, before: _Token) -> None:
    """Is what stands before a bracket a call of a function that is known, or no call at all?"""
    if name.kind not in {"word", "name"}:
        return
    if name.kind == "word" and name.text in BEFORE_BRACKET:
        return
    if before.kind == "word" and before.text in {"AS", "WITH", "RECURSIVE"}:
        return
    if name.text.lower() not in FUNCTIONS:
        raise _NotToldError(f"a call of {name.text[:60]}(), which is not known to change nothing")


def _pragma(tokens: list[_Token]) -> Statement:
    name = tokens[1].text.lower() if len(tokens) > 1 and tokens[1].kind == "word" else ""
    rest = "".join("x" if t.kind in {"word", "name", "string", "parameter"} else t.text for t in tokens[2:])
    if (name in PRAGMAS and rest in {"", "(x)"}) or (name in ASKED_PRAGMAS and not rest):
        return Statement(Kind.READ)
    raise _NotToldError(f"PRAGMA {name}")
