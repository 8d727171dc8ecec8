"""Data about invented states, seeded, shaped like the real record: for demonstrations, tests and benchmarks."""
