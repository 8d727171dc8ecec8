"""What an import did: the reconciliation that is shown, and that `--json` gives."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from typing import Any

from penholder.analysis.releases.catalogue import Release
from penholder.analysis.sources.rows import RowFault
from penholder.analysis.sources.tables import Tally


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Per file: read = loaded + quarantined. The counts at the top are of the files that hold `main`."""

    release: Release
    main: str
    tallies: tuple[Tally, ...]
    rows: dict[str, int]
    """Data set -> rows stored."""
    not_read: tuple[str, ...]
    unrecognised: dict[str, int]
    notices: tuple[str, ...]
    already_loaded: bool
    first_refused: tuple[tuple[str, RowFault], ...] = ()
    """The first rows in quarantine, each with the name of its file; those of the files that hold `main` first."""
    folder: str = ""

    @property
    def refused(self) -> int:
        """Rows of all files in quarantine, but for those that have no place in our schemas."""
        return sum(t.quarantined - t.reasons["not_used"] for t in self.tallies)

    def document(self) -> dict[str, Any]:
        """As JSON: {"read","loaded","quarantined","reasons","files","sha256", ...}."""
        main = [t for t in self.tallies if t.holds == self.main]
        reasons: dict[str, int] = {}
        for tally in main:
            for reason, count in tally.reasons.items():
                reasons[reason] = reasons.get(reason, 0) + count
        return {
            "read": sum(t.read for t in main),
            "loaded": sum(t.loaded for t in main),
            "quarantined": sum(t.quarantined for t in main),
            "reasons": dict(sorted(reasons.items())),
            "first_quarantined": [
                {"file": name, "line": f.line, "column": f.column, "reason": f.reason, "detail": f.detail}
                for name, f in self.first_refused
            ],
            "files": [_file(t) for t in self.tallies],
            "sha256": main[0].sha256 if len(main) == 1 else self.release.sha256,
            "kind": self.release.kind,
            "series": self.release.series,
            "release": self.release.id,
            "released": self.release.released,
            "released_stated": self.release.released_stated,
            "already_loaded": self.already_loaded,
            "rows": dict(self.rows),
            "not_read": list(self.not_read),
            "lacks": list(self.release.lacks),
            "unrecognised_places": dict(self.unrecognised),
            "notices": list(self.notices),
        }

    def words(self) -> tuple[str, ...]:
        """The same as short lines for people."""
        lines = [f"{'already loaded as' if self.already_loaded else 'loaded as'} {self.release.id}"]
        for tally in self.tallies:
            lines.append(
                f"  {tally.name} ({tally.holds.replace('_', ' ')}): {tally.read:,} read = "
                f"{tally.loaded:,} loaded + {tally.quarantined:,} quarantined"
            )
            lines += [f"    {count:,} {reason}" for reason, count in sorted(tally.reasons.items())]
            lines += [f"      {_fault(f)}" for name, f in self.first_refused if name == tally.name]
            if tally.skipped:
                lines.append(f"    {tally.skipped:,} rows of tags or remarks skipped; they are not records")
            if tally.dropped and tally.holds != "not_used":
                lines.append(f"    columns not read: {', '.join(tally.dropped)}")
        lines += [f"  {name}: not read" for name in self.not_read]
        if self.first_refused:
            lines.append(f"  all quarantined rows: penholder info {shlex.quote(self.folder)} --quarantine")
        return tuple(lines)


def _fault(fault: RowFault) -> str:
    """`line 32, column X: not_a_date: 31.02.2014`."""
    column = f", column {fault.column}" if fault.column else ""
    return f"line {fault.line}{column}: {fault.reason}{f': {fault.detail}' if fault.detail else ''}"


def _file(tally: Tally) -> dict[str, Any]:
    document = asdict(tally.file_count())
    return {**document, "skipped": tally.skipped, "columns_not_read": list(tally.dropped)}
