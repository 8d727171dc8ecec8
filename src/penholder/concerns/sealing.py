"""The keys of concerns: each case has its own; it is sealed to the people who may read it, and stored nowhere.

To a person: an ephemeral X25519 key (RFC 7748), HKDF-SHA256 (RFC 5869) over the shared secret and both public
keys,
AES-256-GCM (vault.crypto), bound to the concern and to whose it is. Database and disk hold such boxes and public
keys
alone. The private key of an officer is itself sealed under Argon2id of a passphrase; that of a filer is not
stored:
it is made anew from locator and secret.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from penholder.concerns.codes import Cost, stretched
from penholder.kernel.canonical import canonical_json
from penholder.vault.crypto import KEY_BYTES, OVERHEAD, Binding, seal, unseal
from penholder.vault.errors import VaultIntegrityError

PUBLIC_BYTES = 32
_SALT = 16
_STEP, _FILL = 1024, b"\0"
_AS_LONG = frozenset({"grounds"})
"""Places whose length the database itself checks: they are not padded."""
_KEY_INFO = b"penholder concern box v1"


def new_key() -> bytes:
    """The key of a case: 32 random bytes."""
    return os.urandom(KEY_BYTES)


def new_private() -> bytes:
    """The private key of an officer."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public half."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def box(content: bytes, *, to: bytes, binding: Binding) -> bytes:
    """Seal to a public key: 32 bytes ephemeral public key, then the sealed content."""
    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(to))
    return own + seal(content, key=_derived(shared, own, to), binding=binding)


def unbox(boxed: bytes, *, private: bytes, binding: Binding) -> bytes:
    """Open what was sealed to this key. Raises: VaultIntegrityError: it was not, or it belongs elsewhere."""
    theirs, sealed = boxed[:PUBLIC_BYTES], boxed[PUBLIC_BYTES:]
    try:
        key = X25519PrivateKey.from_private_bytes(private)
        shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
    except (ValueError, InvalidKey) as error:
        raise VaultIntegrityError("a sealed key cannot be read", hint="restore the row from a backup") from error
    return unseal(sealed, key=_derived(shared, theirs, public_of(private)), binding=binding)


def _derived(shared: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_KEY_INFO + ephemeral + recipient).derive(shared)


def lock(private: bytes, *, passphrase: str, owner: str, cost: Cost) -> bytes:
    """The private key of an officer under a passphrase: 16 bytes salt, then the sealed key."""
    salt = os.urandom(_SALT)
    return salt + seal(private, key=_stretched(passphrase, salt, cost), binding=_of_officer(owner))


def unlock(locked: bytes, *, passphrase: str, owner: str, cost: Cost) -> bytes:
    """The private key. Raises: VaultIntegrityError: the passphrase is another."""
    salt, sealed = locked[:_SALT], locked[_SALT:]
    return unseal(sealed, key=_stretched(passphrase, salt, cost), binding=_of_officer(owner))


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return stretched(passphrase.encode("utf-8", "surrogatepass"), salt=salt, cost=cost)


def _of_officer(owner: str) -> Binding:
    return Binding("concern officer key", owner, owner)


def of_case(concern: str, person: str) -> Binding:
    """Where a box with the key of a case belongs."""
    return Binding("concern key", concern, person)


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of one case, while somebody reads or writes it."""

    concern: str
    key: bytes

    def seal(self, kind: str, id: str, value: Any) -> bytes:  # noqa: A002 - of the row
        """Seal a JSON value for one place."""
        return self.seal_text(kind, id, canonical_json(value))

    def open(self, kind: str, id: str, sealed: bytes) -> Any:  # noqa: A002 - of the row
        """Open it. Raises: VaultIntegrityError."""
        return json.loads(self.open_text(kind, id, sealed))

    def seal_text(self, kind: str, id: str, text: str) -> bytes:  # noqa: A002 - of the row
        """Seal a text for one place. What is stored is as long as the text filled up to whole KiB, and 29 bytes.

        So whoever has the table and a text to try cannot compare their lengths to the byte. Grounds of answers are
        not filled up: the database refuses short ones.
        """
        plain = text.encode()
        filled = plain if kind in _AS_LONG else plain.ljust(-(-max(len(plain), 1) // _STEP) * _STEP, _FILL)
        return seal(filled, key=self.key, binding=self._binding(kind, id))

    def open_text(self, kind: str, id: str, sealed: bytes) -> str:  # noqa: A002 - of the row
        """Open it. Raises: VaultIntegrityError."""
        return unseal(bytes(sealed), key=self.key, binding=self._binding(kind, id)).rstrip(_FILL).decode()

    def _binding(self, kind: str, id: str) -> Binding:  # noqa: A002 - of the row
        return Binding(f"concern {kind}", id, self.concern)

    def key_for(self, subject: str) -> bytes:
        """The key for a file of the case: for `vault.files`, which asks a key store in other cases."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"penholder concern file v1\0" + subject.encode()).derive(
            self.key
        )

    read = key_for


__all__ = [
    "OVERHEAD",
    "CaseKey",
    "box",
    "lock",
    "new_key",
    "new_private",
    "of_case",
    "public_of",
    "unbox",
    "unlock",
]
