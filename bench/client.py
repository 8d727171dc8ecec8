"""python -m bench.client HOME NUMBER OPERATIONS SEED: one client of bench.contest.mixed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Set Django up on the home, then play."""
    home, own, operations, seed = sys.argv[1:]
    os.environ |= {"PENHOLDER_HOME": home, "DJANGO_SETTINGS_MODULE": "penholder.site.settings.test"}
    import django

    django.setup()
    from bench import contest

    contest.prepare()
    contest.play(Path(home), int(own), operations=int(operations), seed=int(seed))


if __name__ == "__main__":
    main()
