"""A disk that loses power: an APSW VFS records writes, truncations and syncs, and rebuilds what a cut would leave.

What a file was told to sync is on the disk. Of each write since then a cut keeps all, nothing, or a part in whole
sectors of 512 bytes, independently of the others. Creating and deleting files counts as durable at once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

NAME = "penholder-powercut"
_SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a file, or (kind "said") an act that was acknowledged."""

    kind: Literal["write", "truncate", "sync", "said"]
    file: str
    place: int = 0
    data: bytes = b""


STEPS: list[Step] = []


class RecordingFile(apsw.VFSFile):
    """A file that tells what is done to it."""

    def __init__(self, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._name = Path(name if isinstance(name, str) else name.filename()).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - apsw's names
        """A write."""
        STEPS.append(Step("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        """A truncation."""
        STEPS.append(Step("truncate", self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """From here on, what was written before is on the disk."""
        STEPS.append(Step("sync", self._name))
        super().xSync(flags)


class RecordingDisk(apsw.VFS):
    """The VFS: everything but the recording is that of the system."""

    def __init__(self) -> None:
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:  # noqa: N802
        """Open a file and listen."""
        return RecordingFile(name, flags)


@dataclass(slots=True)
class Platter:
    """What is surely on the disk, and what was written since the last sync of each file."""

    durable: dict[str, bytearray]
    pending: dict[str, list[Step]] = field(default_factory=dict)

    def do(self, step: Step) -> None:
        """The next step."""
        if step.kind == "sync":
            for waiting in self.pending.pop(step.file, []):
                _apply(self.durable, waiting, len(waiting.data))
        elif step.kind != "said":
            self.pending.setdefault(step.file, []).append(step)

    def after_a_cut(self, rng: random.Random) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file as the cut leaves it."""
        left = {name: bytearray(data) for name, data in self.durable.items()}
        mode = rng.choice(("all lost", "first ones kept", "any kept", "torn", "torn"))
        for waiting in self.pending.values():
            cut = rng.randint(0, len(waiting))
            for number, step in enumerate(waiting):
                if mode == "all lost" or (mode == "first ones kept" and number >= cut):
                    continue
                if mode in {"any kept", "torn"} and rng.random() < 0.5:
                    continue
                whole = len(step.data)
                kept = rng.randint(0, whole // _SECTOR) * _SECTOR if mode == "torn" else whole
                _apply(left, step, kept)
        yield from ((name, bytes(data)) for name, data in left.items())


def _apply(files: dict[str, bytearray], step: Step, kept: int) -> None:
    data = files.setdefault(step.file, bytearray())
    if step.kind == "truncate":
        del data[step.place :]
        return
    if len(data) < step.place + kept:
        data.extend(bytes(step.place + kept - len(data)))
    data[step.place : step.place + kept] = step.data[:kept]
