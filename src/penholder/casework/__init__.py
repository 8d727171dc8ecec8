"""Casework: applications, their assessment by departments, decisions, notices, appeals."""
