"""The site of the authority for a WSGI server (waitress: `penholder serve`)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "penholder.site.settings.authority")
application = get_wsgi_application()
