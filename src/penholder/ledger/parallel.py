"""Inspecting the bundles of a large log on several processors; on one where that cannot be had."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from penholder.ledger.bundles import BundleResult
from penholder.ledger.folder import FolderReader
from penholder.ledger.layout import Tile, bundles_of
from penholder.ledger.retrace import inspect_all, inspect_one

WORTH_IT = 20_000
"""Entries: below that, starting processes takes longer than it saves."""
MAX_PROCESSES = 4
"""More would need more memory than the 200 MB that verification promises."""
_CHUNK = 32

Progress = Callable[[int, int], None]
"""Called with (entries done, entries in all)."""


def inspect_folder(reader: FolderReader, size: int, *, progress: Progress | None = None) -> Iterator[BundleResult]:
    """Every bundle of a tree of `size`, in order."""
    for result in _results(reader, size):
        if progress is not None:
            progress(min(size, (result.bundle.index + 1) * 256), size)
        yield result


def _results(reader: FolderReader, size: int) -> Iterator[BundleResult]:
    workers = min(MAX_PROCESSES, _processors())
    pool = _pool(workers) if size >= WORTH_IT and workers > 1 else None
    if pool is None:
        yield from inspect_all(reader, size)
        return
    done = 0
    try:
        with pool:
            for result in _in_order(pool, reader, bundles_of(size), waiting=2 * workers):
                done += 1
                yield result
    except (BrokenProcessPool, OSError):  # a process could not be started, or was killed: go on alone
        for bundle in islice(bundles_of(size), done, None):
            yield inspect_one(reader, bundle)


def _in_order(
    pool: Executor, reader: FolderReader, bundles: Iterator[Tile], *, waiting: int
) -> Iterator[BundleResult]:
    """Results in the order of the bundles; never more than `waiting` chunks under way (Executor.map takes all)."""
    tasks: deque[Future[list[BundleResult]]] = deque()
    while True:
        while len(tasks) < waiting and (chunk := list(islice(bundles, _CHUNK))):
            tasks.append(pool.submit(_inspect_chunk, reader, chunk))
        if not tasks:
            return
        yield from tasks.popleft().result()


def _inspect_chunk(reader: FolderReader, bundles: list[Tile]) -> list[BundleResult]:
    return [inspect_one(reader, bundle) for bundle in bundles]


def _pool(workers: int) -> Executor | None:
    try:
        forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
        method = "fork" if forks else "spawn"  # a fork of a process with threads may hang
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(method))
    except (ImportError, OSError):  # no semaphores on this system
        return None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
