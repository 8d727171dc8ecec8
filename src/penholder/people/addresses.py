"""From an e-mail address to what the tables hold of it: a pseudonym, which finds the account and says nothing.

The pseudonym is HMAC-SHA256 (RFC 2104) of the normalised address under the lookup key, in the shape of an address
because allauth wants one. The lookup key is `secrets/lookup-key`: in no backup of the database. The address itself
is sealed under the key of its person (`people.sealed`). An erased account gets a random pseudonym.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from penholder.people.secret_keys import secret_key

LOOKUP_KEY = "lookup-key"
"""Name of the secret: 64 hexadecimal digits."""
_DOMAIN = "sealed.invalid"
_DIGITS = 40


def pseudonym_of(address: str) -> str:
    """What the tables hold of an address: the same for all ways of writing it (NFKC, case folded).

    Raises: ConfigurationError where the lookup key is not there.
    """
    return f"{blind('address', normal_address(address))}@{_DOMAIN}"


def random_pseudonym() -> str:
    """The pseudonym of nobody, in the same shape."""
    return f"{secrets.token_hex(_DIGITS // 2)}@{_DOMAIN}"


def blind(kind: str, text: str) -> str:
    """40 hexadecimal digits (160 bits) that stand for a text of this kind; without the lookup key nobody can try
    texts. Raises: ConfigurationError."""
    content = f"penholder {kind} v1\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(_lookup_key(), content, hashlib.sha256).hexdigest()[:_DIGITS]


def normal_address(address: str) -> str:
    """The one spelling of an address: NFKC, case folded, without spaces around it."""
    folded = unicodedata.normalize("NFKC", address).strip().casefold()
    return unicodedata.normalize("NFKC", folded)


def _lookup_key() -> bytes:
    return secret_key(
        LOOKUP_KEY,
        called="the lookup key",
        hint="restore the folder `secrets` from its own copy: without this key nobody's address is found",
    )
