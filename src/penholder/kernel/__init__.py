"""Values that all floors share: errors, dates, three-valued truth, canonical JSON. Standard library only."""
