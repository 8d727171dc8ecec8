"""Custody: keys of the ledger, publication, checks, backup and restore. Knows no business of any capability."""
