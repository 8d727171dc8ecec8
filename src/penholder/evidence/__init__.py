"""Reported incidents, their sources and grades, and what is found: four questions, each answered apart."""
