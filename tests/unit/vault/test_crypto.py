"""Sealed values: bound to their place, different each time, refused after any change."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from penholder.vault.crypto import OVERHEAD, Binding, seal, unseal
from penholder.vault.errors import VaultIntegrityError

KEY = bytes(range(32))
PLACE = Binding("field", "12:officer", "s-1")


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_and_is_29_bytes_longer(plain: bytes) -> None:
    sealed = seal(plain, key=KEY, binding=PLACE)
    assert unseal(sealed, key=KEY, binding=PLACE) == plain
    assert len(sealed) == len(plain) + OVERHEAD == len(plain) + 29


def test_the_form_is_version_nonce_and_plain_aes_256_gcm() -> None:
    sealed = seal(b"officer-37", key=KEY, binding=PLACE)
    bound = b"".join(
        len(part).to_bytes(4, "big") + part for part in (b"penholder vault v1", b"field", b"12:officer", b"s-1")
    )
    assert sealed[:1] == b"\x01"
    assert AESGCM(KEY).decrypt(sealed[1:13], sealed[13:], bound) == b"officer-37"


def test_the_same_text_is_never_sealed_the_same_way() -> None:
    assert len({seal(b"x", key=KEY, binding=PLACE) for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, kind="file"),
        replace(PLACE, id="13:officer"),
        replace(PLACE, subject="s-2"),
        Binding("field", "12:office", "rs-1"),
        Binding("field12", ":officer", "s-1"),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(other: Binding) -> None:
    with pytest.raises(VaultIntegrityError) as refused:
        unseal(seal(b"officer-37", key=KEY, binding=PLACE), key=KEY, binding=other)
    assert (refused.value.code, refused.value.exit_code) == ("vault-integrity", 3)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(VaultIntegrityError):
        unseal(seal(b"x", key=KEY, binding=PLACE), key=os.urandom(32), binding=PLACE)


def test_every_flipped_bit_and_every_cut_is_refused() -> None:
    sealed = seal(b"officer-37", key=KEY, binding=PLACE)
    flipped = [bytes(b ^ (1 << bit) if i == at else b for i, b in enumerate(sealed))
               for at in range(len(sealed)) for bit in range(8)]  # fmt: skip
    cut = [sealed[:n] for n in range(len(sealed))]
    refused = 0
    for bad in [*flipped, *cut, sealed + b"\0"]:
        with pytest.raises(VaultIntegrityError):
            unseal(bad, key=KEY, binding=PLACE)
        refused += 1
    assert refused == 39 * 8 + 39 + 1


def test_no_message_tells_the_text_the_key_or_the_subject() -> None:
    with pytest.raises(VaultIntegrityError) as refused:
        unseal(seal(b"officer-37", key=KEY, binding=PLACE)[:-1], key=KEY, binding=PLACE)
    assert "officer" not in str(refused.value)
    assert "s-1" not in str(refused.value)
