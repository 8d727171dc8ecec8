"""python -m bench [--quick | --large] [--only GROUP] [--rounds N] [--direct-again]

Prints every figure beside its baseline and its target, and writes bench/out/results.json.
Exit code 1 if two engines disagree, 0 otherwise: a busy machine is not an error.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

from bench import batch, cold, daily, imports, ledger, shadow
from bench.batch import Measured, measure
from bench.data import OUT, SIZES
from bench.figure import Figure

_ENGINES = ("ours", "direct", "asof")


def main() -> None:
    """Run what was asked for, print each figure as soon as it is known, keep them all."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="small sizes and one round: does everything run?")
    parser.add_argument("--large", action="store_true", help="also 10 million lines x 1 million incidents")
    parser.add_argument("--only", choices=sorted(_GROUPS), help="only one group of figures")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each engine (default 5)")
    parser.add_argument("--direct-again", action="store_true", help="measure the kept direct run again")
    asked = parser.parse_args()
    print(f"machine: {batch.machine()}")
    figures = []
    found = _quick() if asked.quick else _full(asked)
    for figure in found:
        print(figure.line(), flush=True)
        figures.append(figure)
    record = {"machine": batch.machine(), "figures": [asdict(f) for f in figures]}
    (OUT / "results.json").write_text(json.dumps(record, indent=1) + "\n")


def _quick() -> Iterator[Figure]:
    yield from _shown(measure(SIZES["s"], engines=_ENGINES, rounds=1))
    yield from imports.figures(lines=20_000)
    yield from cold.figures(rounds=1)
    yield from daily.figures(lines=20_000, incidents=2_000)
    yield from ledger.figures(acts=100, seconds=1, entries=20_000)


def _full(asked: argparse.Namespace) -> Iterator[Figure]:
    for name, group in _GROUPS.items():
        if asked.only in {None, name}:
            yield from group(asked)


def _batch(asked: argparse.Namespace) -> Iterator[Figure]:
    yield from _shown(measure(SIZES["s"], engines=_ENGINES, rounds=asked.rounds))
    middle = measure(SIZES["m"], engines=_ENGINES, rounds=asked.rounds)
    yield from _shown(middle)
    yield _ratio("batch m: direct SQL / ours", middle["direct"], middle["ours"], target=7, goal=20)
    yield _ratio("batch m: ASOF SQL / ours", middle["asof"], middle["ours"])
    if asked.large:
        yield from _large(rounds=asked.rounds, again=asked.direct_again)


def _large(*, rounds: int, again: bool) -> Iterator[Figure]:
    found = measure(SIZES["l"], engines=("ours", "asof"), rounds=min(rounds, 3))
    direct = batch.direct_once(SIZES["l"], again=again)
    batch.check_equal([direct, found["ours"]])
    yield from _shown({**found, "direct": direct})
    yield _ratio("batch l: direct SQL / ours", direct, found["ours"], target=75, goal=200)
    yield _ratio("batch l: ASOF SQL / ours", found["asof"], found["ours"])
    memory = found["asof"].peak_mb / found["ours"].peak_mb
    yield Figure("batch l: peak memory, ASOF SQL / ours", memory, "x", target=8, goal=10)
    growth = batch.growth(SIZES["m"], SIZES["l"], rounds=2 * rounds)
    yield Figure("batch: ours, time at l / time at m", growth, "x", target=9, at_least=False)


def _ratio(
    name: str, baseline: Measured, ours: Measured, *, target: float | None = None, goal: float | None = None
) -> Figure:
    return Figure(name, baseline.typical / ours.typical, "x", target=target, goal=goal)


def _shown(measured: dict[str, Measured]) -> Iterator[Figure]:
    for m in measured.values():
        yield Figure(f"batch {m.size}: {m.engine}", m.typical, "s", note=_note(m))


def _note(measured: Measured) -> str:
    spread = f"{min(measured.seconds):.3f}-{max(measured.seconds):.3f}"
    kept = f", kept from {measured.kept_from}" if measured.kept_from else ""
    others = f", others busy {measured.others_busy:.0%}"
    return f"{spread}, cpu {min(measured.cpu_seconds):.3f}, peak {measured.peak_mb} MB{others}{kept}"


def _imports(_: argparse.Namespace) -> Iterator[Figure]:
    return imports.figures(lines=2_000_000)


def _cold(asked: argparse.Namespace) -> Iterator[Figure]:
    return cold.figures(rounds=asked.rounds)


def _shadow(asked: argparse.Namespace) -> Iterator[Figure]:
    return shadow.figures(rounds=asked.rounds)


def _daily(_: argparse.Namespace) -> Iterator[Figure]:
    return daily.figures(lines=1_000_000, incidents=5_000)


def _ledger(_: argparse.Namespace) -> Iterator[Figure]:
    return ledger.figures()


_GROUPS: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "batch": _batch,
    "daily": _daily,
    "cold": _cold,
    "shadow": _shadow,
    "import": _imports,
    "ledger": _ledger,
}


if __name__ == "__main__":
    main()
