"""Releases side by side in one data folder: write one whole or not at all, read the newest known by a date."""
