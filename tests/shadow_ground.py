"""The shadow register for tests: its settings over those of the process, or a process of its own."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAGES = {
    "home": "/",
    "destinations": "/destinations",
    "destination": "/destinations/XA",
    "figures": "/figures",
    "decided": "/figures/decided?destination=XA&from=2014-01-01&to=2014-12-31",
    "value": "/figures/decided?count=value&destination=XA",
    "in force": "/figures/in-force?destination=XA&on=2020-06-30",
    "stocktakes": "/stocktakes",
    "stocktake": "/stocktakes/northern-campaign?on=2020-06-30",
    "stocktake rows": "/stocktakes/northern-campaign?on=2020-06-30&scope=granted&use=could",
    "changes": "/changes",
    "search": "/search?q=ard",
    "no result": "/search?q=nothing+has+this",
}


@contextmanager
def shadow_site(folder: Path, *, releases: tuple[str, ...] = ()) -> Iterator[Any]:
    """A client of the register, under the settings that it has of its own."""
    from django.test import Client, override_settings

    from penholder.publication.shadow.shelf import shelf
    from penholder.site.settings import shadow

    names = ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "STORAGES", "PENHOLDER_NAME", "PENHOLDER_SCRIPTS")
    own = {name: getattr(shadow, name) for name in names}
    given = {"folder": str(folder), "releases": list(releases)}
    with override_settings(**own, PENHOLDER_SHADOW=given):
        shelf.cache_clear()
        yield Client()
    shelf.cache_clear()


@contextmanager
def shadow_process(folder: Path, *more: str) -> Iterator[str]:
    """`penholder shadow` as a process; gives its address. Ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "penholder.cli.main", "shadow", str(folder), "--port", str(port), *more]
    plain = {k: v for k, v in os.environ.items() if k not in {"PENHOLDER_HOME", "DJANGO_SETTINGS_MODULE"}}
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=plain) as process:
        try:
            assert process.stderr
            ready, _, _ = select.select([process.stderr], [], [], 60)
            said = process.stderr.readline().decode() if ready else ""
            assert said.startswith("serving http://"), said
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)
