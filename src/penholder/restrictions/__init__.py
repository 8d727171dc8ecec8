"""Moratoria, exemptions ("specific measures") and holds: what refuses an act, and what lets it through."""
