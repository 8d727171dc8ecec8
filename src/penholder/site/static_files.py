"""Static files with their hash in the name, so that browsers may keep them for ever; imports in scripts follow."""

from __future__ import annotations

from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

LEFT_OUT = ("htmax*", "htmx-4*", "htmx-2.js", "ext")
"""What comes with django-htmx and no page asks for."""


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # its base has no types
    """WhiteNoise's storage that also rewrites `import` in JavaScript modules."""

    support_js_module_import_aggregation = True


def collect() -> None:
    """Put all static files into STATIC_ROOT, hashed and compressed. Run before serving; again after an upgrade."""
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(LEFT_OUT))
