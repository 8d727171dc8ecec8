"""Facts from the text of published notes. See docs/reference/facts-from-notes.md."""

from penholder.analysis.sources.notes.facts import NoteFacts, combine, for_destination, for_line, join_classes
from penholder.analysis.sources.notes.reader import derive, uncoded

__all__ = ["NoteFacts", "combine", "derive", "for_destination", "for_line", "join_classes", "uncoded"]
