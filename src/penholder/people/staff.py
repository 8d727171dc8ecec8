"""References of staff, by which two sites tell whether they speak of the same person, and nobody else can.

A reference is HMAC-SHA256 (RFC 2104) of the normalised address under the key of the exchange
(`secrets/exchange-key`, the same on both sites and in no backup of a database).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from penholder.people.addresses import normal_address
from penholder.people.models import User
from penholder.people.sealed import address_of
from penholder.people.secret_keys import secret_key

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
    return secret_key(
        EXCHANGE_KEY,
        called="the key of the exchange",
        hint="`penholder init --site concerns` makes it; copy it to the secrets of the authority's home",
    )
