"""Pages of one site of the conducted story, for nobody who is signed in, on the last day of that site.

python -m tests.stories.pages ROOT SITE < addresses     JSON: address -> status, HTML
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from penholder.cli.casework import start
from penholder.cli.story import clock
from penholder.cli.story.conduct import conducted

_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


def main(root: Path, site: str) -> None:
    """Print the pages whose addresses stand in standard input."""
    made = conducted(root)
    start(made.home(site), check=False)
    from django.conf import settings
    from django.test import Client

    settings.PENHOLDER_CLOCK = clock.NAME
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": _FILES}}  # nothing is collected here
    clock.resume(datetime.fromisoformat(made.sites[site].moment))
    client = Client(SERVER_NAME="localhost")
    found = {}
    for address in sys.stdin.read().split():
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found[address] = (answer.status_code, body.decode(errors="replace"))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
