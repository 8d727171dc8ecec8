"""Settings for the type checker, which loads the apps to know their tables."""

import os
from pathlib import Path

from tests.casework import make_home

os.environ["PENHOLDER_HOME"] = str(make_home(Path(__file__).parents[1] / ".mypy_cache" / "home"))

from penholder.site.settings.test import *  # noqa: F403 - the home must be there first
