"""Many at once on one register: opposite acts, draws beyond the limit, and a mix by several processes.

Import it after Django is set up on an installation. Each function raises ContestError where the outcome is not
what must come of it, and gives counts otherwise.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench.history import LIMIT, Did, Line, check
from penholder.actions.errors import ConflictError
from penholder.ledger.models import Entry
from penholder.register.models import Draw
from penholder.register.models import Line as LineRow
from tests import register_ground as ground

_ROOT = Path(__file__).resolve().parents[1]


class ContestError(AssertionError):
    """Something was lost, done twice, or overdrawn."""


def prepare() -> None:
    """Settings of the contests, in this process, on the day on which its other processes begin."""
    ground.at(ground.FIRST_DAY)
    settings.PENHOLDER_AUTHORITY = "tests.register_ground.RegisterAuthority"
    settings.PENHOLDER_CLOCK = "tests.register_ground.now"
    settings.PENHOLDER_REACTIONS = "worker"


def licences(number: int) -> list[str]:
    """Issued licences with one line of 100 items each."""
    return [ground.issued(f"GBSIEL/2024/{n:07}/P") for n in range(number)]


def opposite_acts(pairs: int) -> Counter[str]:
    """Two opposite acts on each licence at the same moment: one wins, the other gets a conflict, one entry."""
    won = Counter[str]()
    chosen = licences(pairs)
    start = threading.Barrier(2)
    own: dict[str, dict[str, str]] = {"suspend": {}, "revoke": {}}

    def contest(kind: str, act: Callable[[str], object]) -> None:
        for licence in chosen:
            start.wait(timeout=60)
            own[kind][licence] = _outcome(partial(act, licence))

    _in_threads([lambda: contest("suspend", ground.suspend), lambda: contest("revoke", ground.revoke)])
    wanted = {"suspend": "suspended", "revoke": "revoked"}
    for licence in chosen:
        winners = [kind for kind in own if own[kind][licence] == "done"]
        losers = [kind for kind in own if own[kind][licence] == "conflict"]
        kinds = Entry.objects.filter(about=licence).values_list("event", flat=True)
        entries = [k for k in kinds if k in {"register.LinesSuspended", "register.LinesRevoked"}]
        status = LineRow.objects.get(licence__public_id=licence).status
        if len(winners) != 1 or len(losers) != 1 or len(entries) != 1 or status != wanted[winners[0]]:
            raise ContestError(f"{licence}: {winners} won, {losers} had a conflict, entries {entries}, {status}")
        won[winners[0]] += 1
    return won


def draws(*, threads: int, number: int) -> Counter[str]:
    """Every thread draws 60 % of every licence: exactly one may, and the limit holds."""
    chosen = licences(number)
    outcomes = Counter[str]()
    lock = threading.Lock()

    def contest(own: int) -> None:
        order = random.Random(own).sample(chosen, len(chosen))
        found = Counter(_outcome(partial(ground.draw, one, f"{own}-{one}", "60")) for one in order)
        with lock:
            outcomes.update(found)

    _in_threads([partial(contest, own) for own in range(threads)])
    used = list(LineRow.objects.values_list("used_quantity_milli", flat=True))
    if used != [60_000] * number or Draw.objects.count() != number or outcomes["done"] != number:
        raise ContestError(f"{outcomes}, {Draw.objects.count()} draws, used {Counter(used)}")
    if outcomes["conflict"] != (threads - 1) * number:
        raise ContestError(f"other outcomes: {outcomes}")
    return outcomes


def mixed(*, operations: int, clients: int, number: int, home: Path, seed: int) -> Counter[str]:
    """Processes that draw, suspend, reinstate, revoke and surrender at random, against `bench.history`."""
    chosen = licences(number)
    (home / "licences.json").write_text(json.dumps(chosen))
    connection.close()
    environment = os.environ | {"PENHOLDER_HOME": str(home), "PYTHONPATH": f"{_ROOT}:{_ROOT / 'src'}"}
    given = [str(operations // clients), str(seed)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.client", str(home), str(n), *given], env=environment, cwd=_ROOT
        )
        for n in range(clients)
    ]
    codes = [process.wait(timeout=3_600) for process in running]
    if any(codes):
        raise ContestError("a client failed")
    told = [json.loads(line) for n in range(clients) for line in (home / f"client-{n}").read_text().splitlines()]
    history = [Did(**t["did"]) for t in told if t["did"]]
    rows = LineRow.objects.values_list("licence__public_id", "status", "licence__version", "used_quantity_milli")
    final = {name: Line(status, version, used // 1_000) for name, status, version, used in rows}
    findings = list(check(history, final))
    if findings:
        raise ContestError(f"{len(findings)} findings, the first: {findings[0]}")
    return Counter(t["outcome"] for t in told)


def play(home: Path, own: int, *, operations: int, seed: int) -> None:
    """One client of `mixed`: acts on what it has just read, as somebody at a screen does."""
    rng = random.Random(seed * 1_000 + own)
    chosen = json.loads((home / "licences.json").read_text())
    with (home / f"client-{own}").open("w") as log:
        for number in range(operations):
            licence = chosen[int(len(chosen) * rng.random() ** 2)]  # some are asked for more often
            kind = rng.choices(("draw", "suspend", "reinstate", "revoke", "surrender"), (50, 20, 24, 3, 3))[0]
            outcome, did = _try(kind, licence, rng, f"{own}-{number}")
            log.write(json.dumps({"outcome": f"{kind} {outcome}", "did": did}) + "\n")


def _try(kind: str, licence: str, rng: random.Random, message: str) -> tuple[str, dict[str, Any] | None]:
    row = LineRow.objects.select_related("licence").get(licence__public_id=licence)
    seen, quantity = row.licence.version, rng.randint(1, LIMIT // 4)
    started = time.monotonic_ns()
    try:
        receipt = _act(kind, licence, seen, quantity, message)
    except ConflictError:
        return "conflict", None
    told = {"kind": kind, "licence": licence, "started": started, "ended": time.monotonic_ns()}
    told |= {"entry": receipt.entries[0]}
    if kind == "draw":
        return "done", told | {"quantity": quantity, "used": int(receipt.result.used_quantity)}
    return "done", told | {"seen": seen, "version": receipt.result.version}


def _act(kind: str, licence: str, seen: int, quantity: int, message: str) -> Any:
    if kind == "draw":
        return ground.draw(licence, message, str(quantity))
    acts: dict[str, Callable[..., Any]] = {
        "suspend": ground.suspend,
        "reinstate": ground.reinstate,
        "revoke": ground.revoke,
        "surrender": ground.surrender,
    }
    return acts[kind](licence, version=seen)


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except ConflictError:
        return "conflict"
    return "done"


def _in_threads(work: Sequence[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
