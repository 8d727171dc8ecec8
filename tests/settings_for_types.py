"""Settings for the type checker, which loads the apps to know their tables."""

import os
import tempfile
from pathlib import Path

from tests.casework import make_home

os.environ["PENHOLDER_HOME"] = str(make_home(Path(tempfile.mkdtemp(prefix="penholder-types-"))))

from penholder.site.settings.test import *  # noqa: F403 - the home must be there first
