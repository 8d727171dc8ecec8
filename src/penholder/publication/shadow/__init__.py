"""A public-style register over a data folder: read-only, without accounts, database or scripts."""
