"""Pages: one file, no outside requests, no JavaScript."""
