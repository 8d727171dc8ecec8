"""What a comment becomes: checked, then made into HTML once, when it is written.

Markdown by markdown-it (CommonMark, no HTML, no pictures, no headings), then nh3 with a list of what may stay.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from html import unescape

import nh3
from markdown_it import MarkdownIt

from penholder.actions.errors import InvalidError
from penholder.debate.values import LONGEST

TAGS = frozenset({"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a"})
_OFF = ("image", "html_block", "html_inline", "heading", "lheading", "hr", "reference")
_NESTING = 12
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
_MARKS_IN_A_ROW = 3


def checked_text(text: str) -> str:
    """The text as it is kept: NFC, without signs that cannot be seen or that turn the direction of writing.

    Raises: InvalidError: nothing is left that is read, or it is too long.
    """
    kept = _seen(text).strip()
    if len(kept) <= LONGEST and not any(c.isalnum() for c in _read_of(kept)):
        raise InvalidError("the comment is empty", hint="write something", fields={"text": "says nothing"})
    if len(kept) > LONGEST:
        raise InvalidError(
            f"the comment has {len(kept):,} characters; {LONGEST:,} are taken",
            hint="make it shorter, or write two",
            fields={"text": f"is longer than {LONGEST:,} characters"},
        )
    return kept


def html_of(text: str) -> str:
    """Safe HTML of a text that `checked_text` gave. Links are absolute and marked; nothing else leads anywhere.

    Signs that cannot be seen go once more: Markdown writes them for `&#8238;` and the like.
    """
    return _seen(
        nh3.clean(
            _markdown().render(text),
            tags=set(TAGS),
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            url_relative="deny",
            link_rel="nofollow ugc noopener noreferrer",
        )
    ).strip()


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": _NESTING, "breaks": True})
    return made.disable(list(_OFF))


def _read_of(text: str) -> str:
    """What is left to read of a text once it is made into HTML."""
    return unescape(nh3.clean(html_of(text), tags=set()))


def _seen(text: str) -> str:
    """NFC, without signs that cannot be seen, and without heaps of marks."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE)
    return _fewer_marks(unicodedata.normalize("NFC", kept))


def _fewer_marks(text: str) -> str:
    """Without more than three combining marks on one letter."""
    kept, row = [], 0
    for c in text:
        row = row + 1 if unicodedata.combining(c) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(c)
    return "".join(kept)
