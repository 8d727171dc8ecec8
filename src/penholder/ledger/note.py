"""Signed notes and their keys (C2SP signed-note), with Ed25519 and nothing else.

A note is text, a blank line, and signature lines `- name base64(key id || signature)` with an em dash. Signatures
of unknown keys are ignored; one by a known key that does not verify refuses the whole note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from penholder.ledger.errors import NoteError

MAX_NOTE = 1_000_000
"""Bytes of a whole note."""
MAX_SIGNATURES = 64
ED25519 = 0x01
COSIGNATURE_V1 = 0x04
"""C2SP tlog-cosignature: the signature is 8 bytes of time (POSIX seconds) and 64 of Ed25519."""

_SIGNATURE_SIZES = {ED25519: 64, COSIGNATURE_V1: 72}
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LAST_SECOND = (1 << 63) - 1
_PRIME = (1 << 255) - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_LOW_ORDER = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})
"""The y of the eight points of low order (RFC 8032, 5.1: y is the lower 255 bits, little-endian)."""
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `signature` is what follows the key id, as the line has it."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """With its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"

    @property
    def timestamp(self) -> int | None:
        """POSIX seconds of a cosignature/v1; None for a signature of another length."""
        if len(self.signature) != _SIGNATURE_SIZES[COSIGNATURE_V1]:
            return None
        return int.from_bytes(self.signature[:8], "big")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name; as text a *vkey*: `name+key id+base64(algorithm || public key)`."""

    name: str
    algorithm: int
    public_key: bytes
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.algorithm not in _SIGNATURE_SIZES or len(self.public_key) != 32:
            raise NoteError(
                f"key {self.name}: algorithm 0x{self.algorithm:02x}, {len(self.public_key)} bytes: not known",
                hint="allowed: 0x01 (Ed25519) and 0x04 (cosignature/v1), 32 bytes each",
            )
        if _is_weak(self.public_key):
            raise NoteError(
                f"key {self.name}: it is no public key of anybody: signatures by it can be made without a secret",
                hint="ask its owner for the right one; nobody gets such a key by chance",
            )
        object.__setattr__(self, "key_id", _key_id(self.name, self.algorithm, self.public_key))

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """The key of a vkey. Raises: NoteError: cut short, damaged, of another algorithm, or a private key."""
        name, key_id, algorithm, key = _parse_key(text, "a verifier key is name+id+base64")
        found = cls(name, algorithm, key)
        if found.key_id != key_id:
            raise NoteError(f"key {name}: its id is {found.key_id.hex()}, not {key_id.hex()}; it is damaged")
        return found

    def text(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.key_id.hex()}+{_with_algorithm(self.algorithm, self.public_key)}"

    def verify(self, text: str, signature: bytes) -> None:
        """Raises: NoteError: `signature` (as in a `Signature`) is not of this key over `text`."""
        if len(signature) != _SIGNATURE_SIZES[self.algorithm]:
            raise NoteError(f"the signature of {self.name} does not have {_SIGNATURE_SIZES[self.algorithm]} bytes")
        try:
            message = text.encode()
            if self.algorithm == COSIGNATURE_V1:
                message, signature = cosigned_message(text, int.from_bytes(signature[:8], "big")), signature[8:]
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"the signature of {self.name} is not right for this text") from error


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key; as text `PRIVATE+KEY+name+key id+base64(algorithm || seed)`. Never shown by `repr`."""

    name: str
    algorithm: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.algorithm not in _SIGNATURE_SIZES or len(self.seed) != 32:
            raise NoteError(f"private key {self.name}: not an Ed25519 key with a seed of 32 bytes")

    @classmethod
    def generate(cls, name: str, *, algorithm: int = ED25519) -> Signer:
        """A fresh key."""
        return cls(name, algorithm, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Signer:
        """The key of its text. Raises: NoteError: not a private key, or damaged."""
        begin = "PRIVATE+KEY+"
        if not text.startswith(begin):
            raise NoteError("a private key begins with PRIVATE+KEY+")
        name, key_id, algorithm, seed = _parse_key(
            text[len(begin) :], "a private key is PRIVATE+KEY+name+id+base64"
        )
        found = cls(name, algorithm, seed)
        if found.verifier.key_id != key_id:
            raise NoteError(f"private key {name}: its id does not suit it; it is damaged")
        return found

    def text(self) -> str:
        """The private key as text, to be kept in a file that only its owner reads."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_with_algorithm(self.algorithm, self.seed)}"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, self.algorithm, public)

    def sign(self, text: str, *, timestamp: int | None = None) -> Signature:
        """Sign the text of a note. `timestamp` (POSIX seconds) is needed for a cosignature, and only there.

        Raises: NoteError: a time for another signature, or a cosignature without one.
        """
        message, head = text.encode(), b""
        if (timestamp is None) != (self.algorithm == ED25519):
            raise NoteError(f"key {self.name}: a time belongs to a cosignature, and to nothing else")
        if timestamp is not None:
            message, head = cosigned_message(text, timestamp), timestamp.to_bytes(8, "big")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)
        return Signature(self.name, self.verifier.key_id, head + signature)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures; from `open_note` also which of them were verified."""

    text: str
    signatures: tuple[Signature, ...]
    verified: tuple[Signature, ...] = ()

    def message(self) -> str:
        """The whole note as it stands in a file."""
        return f"{self.text}\n{''.join(s.line() for s in self.signatures)}"

    @property
    def unknown(self) -> tuple[Signature, ...]:
        """Signatures that no known key accounts for; a second line of a key that has signed is one too."""
        left = Counter(self.verified)
        found = []
        for signature in self.signatures:
            if left[signature]:
                left[signature] -= 1
            else:
                found.append(signature)
        return tuple(found)

    def is_signed_by(self, verifier: Verifier) -> bool:
        """Is a signature of this key among the verified ones?"""
        return any((s.name, s.key_id) == (verifier.name, verifier.key_id) for s in self.verified)


def cosigned_message(text: str, timestamp: int) -> bytes:
    """What a cosignature/v1 signs (C2SP tlog-cosignature). Raises: NoteError: no such time."""
    if not 0 <= timestamp <= _LAST_SECOND:
        raise NoteError("the time of a cosignature must lie between 0 and 2**63 - 1")
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def sign_note(text: str, signers: Iterable[Signer]) -> str:
    """The note of `text` with one signature of each signer. Raises: NoteError: not a text for a note."""
    _check_text(text)
    note = Note(text, tuple(signer.sign(text) for signer in signers))
    if not 0 < len(note.signatures) <= MAX_SIGNATURES:
        raise NoteError(f"a note has 1 to {MAX_SIGNATURES} signatures")
    return note.message()


def parse_note(message: bytes | str) -> Note:
    """The note as it is written; nothing is verified. Raises: NoteError: not a note, or too large."""
    if len(message) > MAX_NOTE:
        raise NoteError(f"a note has at most {MAX_NOTE:,} bytes, not {len(message):,}")
    try:
        whole = (message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass")).decode(
            "utf-8"
        )
    except UnicodeDecodeError as error:
        raise NoteError(f"a note must be UTF-8; byte {error.start} is not") from error
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteError("a note is a text, a blank line, and signature lines that each end with a newline")
    text += "\n"
    _check_text(text)
    found = tuple(_parse_signature(line, number) for number, line in enumerate(lines[:-1].split("\n"), 1))
    if len(found) > MAX_SIGNATURES:
        raise NoteError(f"a note has at most {MAX_SIGNATURES} signatures, not {len(found)}")
    return Note(text, found)


def open_note(message: bytes | str, verifiers: Collection[Verifier]) -> Note:
    """The note, with the signatures of `verifiers` verified and those of others ignored.

    Raises: NoteError: not a note; a signature by a known key is wrong; no known key signed it.
    Source: C2SP signed-note, Signatures.
    """
    note = parse_note(message)
    known = {(v.name, v.key_id): v for v in verifiers}
    verified = []
    for signature in note.signatures:
        verifier = known.pop((signature.name, signature.key_id), None)
        if verifier is not None:  # a key's second signature counts for nothing
            verifier.verify(note.text, signature.signature)
            verified.append(signature)
    if not verified:
        names = ", ".join(sorted({v.text() for v in verifiers})) or "none"
        raise NoteError("no known key signed this note", hint=f"known keys: {names}")
    return Note(note.text, note.signatures, tuple(verified))


def _parse_signature(line: str, number: int) -> Signature:
    said = f"signature line {number}"
    if not line.startswith(_DASH):
        raise NoteError(f"{said}: it must begin with an em dash and a space")
    name, space, encoded = line[len(_DASH) :].partition(" ")
    _check_name(name)
    data = from_base64(encoded, said)
    if not space or len(data) < 5:
        raise NoteError(f"{said}: it must be an em dash, a name and base64 of at least 5 bytes")
    return Signature(name, data[:4], data[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text of a note must end with a newline")
    if _CONTROL.search(text):
        raise NoteError("a note holds no control characters but newlines")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " or "\ud800" <= c <= "\udfff" for c in name):
        raise NoteError("the name of a key is not empty, is UTF-8, and holds no space, + or control character")


def _parse_key(text: str, form: str) -> tuple[str, bytes, int, bytes]:
    found = _KEY.fullmatch(text)
    if found is None:
        raise NoteError(f"{form}; this is none", hint="copy the whole line")
    data = from_base64(found["key"], f"key {found['name']}")
    if len(data) < 2:
        raise NoteError(f"key {found['name']}: it is cut short")
    return found["name"], bytes.fromhex(found["id"]), data[0], data[1:]


def from_base64(text: str, said: str) -> bytes:
    """Standard base64 with padding, in its one spelling (RFC 4648 section 4). Raises: NoteError, after `said`."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NoteError(f"{said}: not base64") from error
    if base64.b64encode(data).decode() != text:
        raise NoteError(f"{said}: base64 that is not written as it must be")
    return data


def _is_weak(public_key: bytes) -> bool:
    """Is it a point of low order, or a number that stands for no point (RFC 8032, 5.1.3)?"""
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    return y >= _PRIME or y in _LOW_ORDER


def _key_id(name: str, algorithm: int, key: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + bytes([algorithm]) + key).digest()[:4]


def _with_algorithm(algorithm: int, key: bytes) -> str:
    return base64.b64encode(bytes([algorithm]) + key).decode()
