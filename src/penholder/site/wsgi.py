"""The site of a home for a WSGI server (waitress: `penholder serve`)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from penholder.kernel.home import read_home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"penholder.site.settings.{read_home().configuration.site}")
application = get_wsgi_application()
