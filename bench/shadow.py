"""The shadow register on the real file: the first page after the start, the slowest of the others, a stocktake."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from statistics import median

from bench.cold import timing_folder, timing_profile
from bench.figure import Figure
from tests.shadow_ground import shadow_process

_PAGES = (
    "/destinations", "/destinations/SA", "/destinations/US", "/licences/uk-licences/112", "/figures",
    "/figures/decided", "/figures/decided?destination=SA&from=2012-01-01&to=2012-12-31",
    "/figures/in-force?on=2014-01-01", "/figures/decided?count=value", "/search?q=ML10", "/search?q=112",
    "/destinations/SA.json",
)  # fmt: skip


def figures(*, rounds: int) -> Iterator[Figure]:
    """Seconds until a page is there, or nothing where the real data are absent."""
    folder = timing_folder()
    if folder is None:
        print("shadow register: skipped, no real data (set PENHOLDER_REAL_DATA)")
        return
    profile = timing_profile(folder)
    first, slowest, stock = [], [], []
    for _ in range(rounds):
        with shadow_process(folder, "--profile", str(profile)) as address:
            first.append(_seconds(address + "/"))
            time.sleep(2)  # what is done beforehand is done
            slowest.append(max((_seconds(address + p), p) for p in _PAGES))
            stock.append(_seconds(address + "/stocktakes/cold?on=2014-06-30"))
    name = "shadow register, real file"
    yield Figure(f"{name}: first page", median(first), "s", target=1, at_least=False)
    worst = max(slowest)
    times = [s for s, _ in slowest]
    yield Figure(f"{name}: slowest other page", median(times), "s", target=0.2, at_least=False, note=worst[1])
    yield Figure(f"{name}: a stocktake, first time", median(stock), "s", target=1, at_least=False)


def _seconds(address: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - ours
        answer.read()
    return time.perf_counter() - began
