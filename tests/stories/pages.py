"""Pages of one site of the conducted story, for nobody who is signed in, on the last day of that site.

python -m tests.stories.pages ROOT SITE < addresses     JSON: address -> status, HTML
python -m tests.stories.pages ROOT SITE everything      the same of each page to which links lead from the first
"""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from penholder.cli.casework import start
from penholder.cli.story import clock
from penholder.cli.story.conduct import conducted

if TYPE_CHECKING:
    from django.test import Client

_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
_LINK = re.compile(r'href="([^"#]+)')
Found = tuple[int, str]


def main(root: Path, site: str, *, everything: bool) -> None:
    """Print the pages whose addresses stand in standard input, or all."""
    made = conducted(root)
    start(made.home(site), check=False)
    from django.conf import settings
    from django.test import Client

    settings.PENHOLDER_CLOCK = clock.NAME
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": _FILES}}  # nothing is collected here
    clock.resume(datetime.fromisoformat(made.sites[site].moment))
    client = Client(SERVER_NAME="localhost")
    asked = [] if everything else sys.stdin.read().split()
    json.dump(_linked(client) if everything else {a: _page(client, a) for a in asked}, sys.stdout)


def _page(client: Client, address: str) -> Found:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


def _linked(client: Client) -> dict[str, Found]:
    """Without the text of files."""
    found: dict[str, Found] = {}
    waiting = ["/"]
    while waiting:
        here = waiting.pop()
        status, text = _page(client, here)
        is_page = text.startswith("<!DOCTYPE html>")
        found[here] = (status, text if is_page else "")
        links = (link.replace("&amp;", "&") for link in (_LINK.findall(text) if is_page else ()))
        whole = (here.partition("?")[0] + link if link.startswith("?") else link for link in links)
        waiting += {a for a in whole if a.startswith("/") and not a.startswith("/static/")} - {*found, *waiting}
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], everything=sys.argv[3:] == ["everything"])
