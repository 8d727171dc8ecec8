"""What changed between two releases: each row of A paired with at most one of B, each pair in one class."""

from penholder.analysis.releases.diff.classes import CLASSES, DIFFERENCES, Comparison, compare
from penholder.analysis.releases.diff.sides import Side

__all__ = ["CLASSES", "DIFFERENCES", "Comparison", "Side", "compare"]
