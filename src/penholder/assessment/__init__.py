"""Assessments of destinations and parties to conflicts, in versions that are never changed."""
