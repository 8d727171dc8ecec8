"""Sessions are sealed in the database: who is signed in is nobody's business who has a copy of it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings


class SealedSerializer:
    """For SESSION_SERIALIZER: JSON under a key derived from the secret key of the site (Fernet)."""

    def dumps(self, content: Any) -> bytes:
        """Seal it."""
        return _seal().encrypt(json.dumps(content, separators=(",", ":")).encode("ascii"))

    def loads(self, sealed: bytes) -> Any:
        """Open it. Raises: InvalidToken, by which Django begins a new session."""
        return json.loads(_seal().decrypt(sealed))


def _seal() -> Fernet:
    key = hashlib.sha256(b"penholder session\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
