"""How files of the vault are handed out: always as a download, under a name of ours, in a sandbox."""

from __future__ import annotations

import re

from penholder.vault.content import ALLOWED
from penholder.vault.errors import VaultError

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?\Z")
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
"""Sent with every file. OWASP ASVS 5.0: 3.2.1 (no interpretation as a page), 5.4.1, 5.4.2 (name of ours)."""


def download_headers(media_type: str, *, name: str, size: int) -> dict[str, str]:
    """The headers of a download.

    Args:
        media_type: as stored, one of content.ALLOWED.
        name: ours, without ending, for example the reference of the case; never the name that was sent.
        size: of the plain text in bytes.
    Raises: VaultError: another type, or a name with other signs than letters, digits and hyphens.
    """
    if media_type not in ALLOWED or not _NAME.match(name):
        raise VaultError(
            f"a file of type {media_type!r} cannot be handed out under this name",
            hint="give a type of vault.content.ALLOWED and a name of letters, digits and hyphens",
        )
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return FIXED_HEADERS | {
        "Content-Type": kind,
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="{name}{ALLOWED[media_type].endings[0]}"',
    }
