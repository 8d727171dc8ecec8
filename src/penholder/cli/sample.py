"""`penholder sample`: a data folder about invented states."""

from __future__ import annotations

import json
from pathlib import Path

import click

from penholder.analysis.sample.write import write_sample


@click.command("sample", epilog="Example: penholder sample --lines 20000 --incidents 5000 --seed 7 trial/")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--lines", type=click.IntRange(min=1), default=2_000, show_default=True, help="Number of licence lines."
)
@click.option(
    "--incidents", type=click.IntRange(min=0), default=1_200, show_default=True, help="Number of incidents."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same rows.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(out: Path, *, lines: int, incidents: int, seed: int, as_json: bool) -> None:
    """Write a data folder OUT with invented licence lines, incidents, tracing edges and two profiles.

    All states (codes XA to XZ), parties and events are invented. Dates run from 2008 to 2025.
    """
    catalogue = write_sample(
        out, lines=lines, incidents=incidents, seed=seed, progress=lambda text: click.echo(text, err=True)
    )
    profiles = sorted(p.name for p in (out / "profiles").glob("*.yaml"))
    if as_json:
        rows = {f.holds: f.loaded for r in catalogue.releases for f in r.files}
        click.echo(
            json.dumps({"folder": str(out), "rows": rows, "profiles": profiles, "data": catalogue.data_hash()})
        )
        return
    click.echo(f"Wrote {lines:,} lines and {incidents:,} incidents about invented states to {out}")
    first = profiles[-1] if profiles else "PROFILE.yaml"
    click.echo(f"Next: penholder stocktake {out} --profile {out}/profiles/{first} --on 2020-06-30")
