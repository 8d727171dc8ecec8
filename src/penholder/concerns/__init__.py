"""Concerns: raised in confidence, answered point by point, and never lost in silence."""
