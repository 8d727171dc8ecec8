"""What `penholder verify` says of a release. Without Django, without network."""

from __future__ import annotations

import json
from pathlib import Path

import click

from penholder.kernel import clock
from penholder.kernel.counts import many
from penholder.ledger.keyring import Keyring
from penholder.publication.releases.check import ReleaseReport, verify_release

_SHOWN = 20


def show(folder: Path, *, keys: Keyring | None, previous: Path | None, as_json: bool) -> bool:
    """Verify a release and say what was found. Gives whether it is intact."""
    report = verify_release(folder, keys=keys, previous=previous, now=int(clock.now().timestamp()))
    click.echo(_document(report) if as_json else "\n".join(_words(report)))
    return report.is_intact


def _document(report: ReleaseReport) -> str:
    found = report.catalogue
    return json.dumps(
        {
            "release": found.id,
            "intact": report.is_intact,
            "catalogue_sha256": report.sha256,
            "signed_by": report.signed_by or None,
            "key_given": report.is_pinned,
            "logs": {
                log: {
                    "origin": facts["origin"],
                    "size": facts["size"],
                    "witnessed": log in report.verdicts and report.verdicts[log].witnessed,
                }
                for log, facts in found.logs.items()
            },
            "cells": report.cells,
            "compared_with": report.compared_with or None,
            "notices": report.notices,
            "problems": [{"file": p.file, "message": p.message} for p in report.problems],
        },
        indent=2,
        ensure_ascii=False,
    )


def _words(report: ReleaseReport) -> list[str]:
    found = report.catalogue
    whose = "the key that you gave, or one that it leads to" if report.is_pinned else "a key of the folder itself"
    lines = [
        f"release:   {found.id} ({found.called}), as on {found.on}",
        f"catalogue: {report.sha256}, {len(found.files)} files",
        f"signed by: {report.signed_by} ({whose})" if report.signed_by else "signed by: nobody who is known",
    ]
    for log, facts in found.logs.items():
        verdict = report.verdicts.get(log)
        said = "WITNESSED" if verdict and verdict.witnessed else "UNWITNESSED"
        lines.append(f"rests on:  {facts['origin']}, {facts['size']:,} entries, {said}")
    if report.is_intact:
        lines.append(f"tables:    {report.cells:,} cells, the same in CSV, JSON Lines, Parquet and SQLite")
    if report.compared_with and report.is_intact:
        lines.append(f"changes:   applied to {report.compared_with} they give this release, cell by cell")
    lines += [f"note: {notice}" for notice in report.notices]
    lines.append("INTACT" if report.is_intact else f"DAMAGED: {many(len(report.problems), 'problem')}")
    lines += [f"  {p.file}: {p.message}" for p in report.problems[:_SHOWN]]
    return ["".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line) for line in lines]
