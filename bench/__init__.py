"""Benchmarks: each runs ours and a named baseline on the same data in one run, and prints the ratio."""
