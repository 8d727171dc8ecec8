"""References of staff, by which two sites tell whether they speak of the same person, and nobody else can.

A reference is HMAC-SHA256 (RFC 2104) of the normalised address under the key of the exchange
(`secrets/exchange-key`,
64 hexadecimal digits, the same on both sites and in no backup of a database).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.conf import settings

from penholder.kernel.errors import ConfigurationError
from penholder.people.addresses import normal_address
from penholder.people.models import User
from penholder.people.sealed import address_of

EXCHANGE_KEY = "exchange-key"


def references_of(persons: Collection[str]) -> dict[str, str]:
    """Public id -> reference, 64 hexadecimal digits; without those whose address was erased.

    Raises: ConfigurationError where the key of the exchange is not there.
    """
    key = exchange_key() if persons else b""
    found = {}
    for user in User.objects.filter(public_id__in=set(persons)):
        address = address_of(user)
        if address is not None:
            found[user.public_id] = reference_of(address, key=key)
    return found


def reference_of(address: str, *, key: bytes) -> str:
    """The reference of an address."""
    content = f"penholder staff v1\0{normal_address(address)}".encode("utf-8", "surrogatepass")
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def exchange_key() -> bytes:
    """The key of the exchange. Raises: ConfigurationError."""
    return _read(settings.PENHOLDER_HOME / "secrets" / EXCHANGE_KEY)


@cache
def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise _unusable(path) from error
    if len(key) != hashlib.sha256().digest_size:
        raise _unusable(path)
    return key


def _unusable(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"the key of the exchange {path} is missing, or is not 64 hexadecimal digits",
        hint="`penholder init --site concerns` makes it; copy it to the secrets of the authority's home",
    )
