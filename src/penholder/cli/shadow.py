"""`penholder shadow`: a public-style register over a data folder, read-only."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from threading import Thread

import click

from penholder.cli.casework import SETTINGS
from penholder.cli.serve import HOST, check_can_listen

VARIABLE = "PENHOLDER_SHADOW"


@click.command(
    "shadow",
    epilog="\b\nExamples:\n  penholder shadow data/\n  penholder shadow data/ --port 8080 --profile p.yaml\n"
    "  penholder shadow data/ --releases values-june.csv.gz values-october.csv.gz",
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--host", default=HOST, show_default=True, help="Address to listen on; a proxy stands before it.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@click.option(
    "--profile", "profiles", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An operation profile to take stock by, beside those in FOLDER/profiles. May be given several times.",
)  # fmt: skip
@click.option(
    "--releases", nargs=2, metavar="A B",
    help="Two sides to compare, as `penholder diff` names them. Default: the two newest releases of a series.",
)  # fmt: skip
@click.option("--name", "names", multiple=True, metavar="HOST", help="A host name that the site is asked for by.")
def command(
    folder: Path, *, port: int, host: str, threads: int, profiles: tuple[Path, ...],
    releases: tuple[str, str] | None, names: tuple[str, ...],
) -> None:  # fmt: skip
    """Serve FOLDER as a register for everybody: destinations, licences, figures, stocktakes, changes, search.

    Read-only: no accounts, no database, no cookies, nothing is written. Every page is there as JSON too. What is
    imported into FOLDER later is shown after a restart.
    """
    check_can_listen(host, port)
    given = {
        "folder": str(folder), "profiles": [str(p) for p in profiles], "releases": list(releases or ()),
        "hosts": [*names, host],
    }  # fmt: skip
    os.environ[VARIABLE] = json.dumps(given)
    os.environ[SETTINGS] = "penholder.site.settings.shadow"
    import django  # noqa: PLC0415 - only this command pays for it
    import waitress  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    django.setup()
    from penholder.publication.shadow.shelf import shelf  # noqa: PLC0415 - needs the settings

    found = shelf()
    _ = found.profiles  # a profile that is not allowed is refused now, and not on its page
    found.held()
    application = get_wsgi_application()
    server = waitress.create_server(
        application, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True
    )
    Thread(target=found.warm, name="warm", daemon=True).start()
    signal.signal(signal.SIGTERM, _leave)
    click.echo(f"serving http://{host}:{port}/ (read-only; stop with Ctrl-C)", err=True)
    server.run()


def _leave(*_: object) -> None:
    sys.exit(0)
