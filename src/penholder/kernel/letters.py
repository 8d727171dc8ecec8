"""Texts as they are read, to be compared: one spelling for what looks alike. Never for what is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_CAPITALS = {
    "A": "\u0391\u0410", "B": "\u0392\u0412", "C": "\u0421", "E": "\u0395\u0415", "H": "\u0397\u041d", "I":
    "\u0399\u0406", "J": "\u0408", "K": "\u039a\u041a", "M": "\u039c\u041c", "N": "\u039d", "O":
    "\u039f\u041e", "P": "\u03a1\u0420", "S": "\u0405", "T": "\u03a4\u0422", "X": "\u03a7\u0425", "Y":
    "\u03a5\u0423", "Z": "\u0396",
}  # fmt: skip
_SMALL = {
    "a": "\u03b1\u0430\u0251", "c": "\u03f2\u0441", "d": "\u0501", "e": "\u03b5\u0435", "g": "\u0261", "h":
    "\u04bb\u0570", "i": "\u03b9\u0456\u0131", "j": "\u0458", "k": "\u03ba\u043a", "l": "\u04cf", "n":
    "\u0578", "o": "\u03bf\u043e\u0585", "p": "\u03c1\u0440", "q": "\u051b", "s": "\u0455", "t": "\u03c4",
    "u": "\u03c5\u057d", "v": "\u03bd\u0475", "w": "\u051d", "x": "\u03c7\u0445", "y": "\u0443",
}  # fmt: skip
"""Greek, Cyrillic and Armenian letters that are read as Latin ones: our choice, after Unicode TR 39, section 4."""
_UNSEEN = frozenset({"Cf", "Cc", "Co", "Cs", "Cn", "Mn", "Me"})


def _table(alike: Mapping[str, str]) -> dict[int, str]:
    return {ord(letter): read for read, letters in alike.items() for letter in letters}


_AS_CAPITALS, _AS_SMALL = _table(_CAPITALS), _table(_SMALL)


def folded(text: str) -> str:
    """Small letters without accents and signs that cannot be seen; look-alikes of Latin ones made Latin."""
    said = unicodedata.normalize("NFKC", text).translate(_AS_CAPITALS).casefold()
    letters = unicodedata.normalize("NFKD", said).translate(_AS_SMALL)
    return "".join(c for c in letters if c.isspace() or unicodedata.category(c) not in _UNSEEN)
