"""The site of the licensing authority: exporters and officers."""

from penholder.site.settings.base import *

ROOT_URLCONF = "penholder.site.urls_authority"
