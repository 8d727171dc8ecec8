"""A stored file as the answer to a request: pages and API hand it out alike."""

from __future__ import annotations

from typing import BinaryIO

from django.http import FileResponse

from penholder.vault.serving import download_headers


def file_response(stream: BinaryIO, media_type: str, *, name: str) -> FileResponse:
    """Its bytes from the beginning, as a download under a name of ours (without ending). Raises: VaultError."""
    size = stream.seek(0, 2)
    stream.seek(0)
    response = FileResponse(stream)
    for header, value in download_headers(media_type, name=name, size=size).items():
        response[header] = value
    return response
