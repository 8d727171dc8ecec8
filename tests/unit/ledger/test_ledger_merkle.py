"""Merkle trees of any size: every proof verifies, and no other does."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.ledger.errors import ProofError
from penholder.ledger.merkle import (
    EMPTY_ROOT,
    MAX_PROOF,
    Coordinate,
    Frontier,
    compose,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    proof_nodes,
    verify_consistency,
    verify_inclusion,
)

LEAVES = 300


def grown(size: int) -> tuple[list[Frontier], dict[Coordinate, bytes]]:
    """The frontier at every size up to `size`, and every node that was completed."""
    frontiers, nodes = [Frontier()], {}
    for number in range(size):
        frontier, found = frontiers[-1].append(leaf_hash(number.to_bytes(4, "big")))
        frontiers.append(frontier)
        nodes.update({(n.level, n.index): n.hash for n in found})
    return frontiers, nodes


FRONTIERS, NODES = grown(LEAVES)


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def test_the_frontier_has_the_root_of_the_definition_at_every_size() -> None:
    leaves = [NODES[0, n] for n in range(LEAVES)]
    assert FRONTIERS[0].root() == EMPTY_ROOT
    assert [f.root() for f in FRONTIERS[1:130]] == [plain_root(leaves[:n]) for n in range(1, 130)]


def test_every_proof_of_every_small_tree_verifies() -> None:
    for size in range(1, 66):
        root = FRONTIERS[size].root()
        for index in range(size):
            verify_inclusion(
                NODES[0, index], index=index, size=size, proof=inclusion_proof(index, size, node), root=root
            )
            verify_consistency(
                old_size=index + 1, old_root=FRONTIERS[index + 1].root(), new_size=size, new_root=root,
                proof=consistency_proof(index + 1, size, node),
            )  # fmt: skip


def test_a_frontier_survives_its_bytes() -> None:
    for frontier in FRONTIERS:
        assert Frontier.from_bytes(frontier.size, frontier.to_bytes()) == frontier


@pytest.mark.parametrize(("size", "blob"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (3, bytes(65)), (-1, b"")])
def test_a_frontier_that_cannot_be_is_refused(size: int, blob: bytes) -> None:
    with pytest.raises(ProofError):
        Frontier.from_bytes(size, blob)


def test_appending_something_else_than_a_hash_is_refused() -> None:
    with pytest.raises(ProofError, match="32 bytes, not 5"):
        Frontier().append(b"entry")


def test_append_gives_every_node_that_the_leaf_completes() -> None:
    _, nodes = FRONTIERS[7].append(NODES[0, 7])
    assert [(n.level, n.index) for n in nodes] == [(0, 7), (1, 3), (2, 1), (3, 0)]
    assert nodes[-1].hash == FRONTIERS[8].root()


def test_the_nodes_of_a_proof_can_be_fetched_together() -> None:
    groups = inclusion_nodes(5, 7)
    assert groups == (((0, 4),), ((0, 6),), ((2, 0),))
    fetched = {place: NODES[place] for place in proof_nodes(groups)}
    assert compose(groups, lambda level, index: fetched[level, index]) == inclusion_proof(5, 7, node)
    assert proof_nodes(consistency_nodes(6, 7)) == ((1, 2), (0, 6), (2, 0))
    assert consistency_nodes(4, 4) == ()


sizes = st.integers(1, LEAVES)


@given(size=sizes, data=st.data())
def test_a_proof_of_anything_else_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, node), FRONTIERS[size].root()
    verify_inclusion(NODES[0, index], index=index, size=size, proof=proof, root=root)
    changes: dict[str, dict[str, Any]] = {
        "leaf": {"leaf": _flipped(NODES[0, index], data)},
        "index": {"index": data.draw(st.integers(-1, size + 1).filter(lambda n: n != index))},
        "root": {"root": _flipped(root, data)},
        "proof": {"proof": _mutated(proof, data)},
    }
    wrong = changes[data.draw(st.sampled_from(["leaf", "index", "root", "proof"]))]
    asked = {"leaf": NODES[0, index], "index": index, "size": size, "proof": proof, "root": root, **wrong}
    with pytest.raises(ProofError):
        verify_inclusion(asked.pop("leaf"), **asked)


@given(old=sizes, new=sizes, data=st.data())
def test_a_consistency_proof_of_anything_else_is_refused(old: int, new: int, data: st.DataObject) -> None:
    old, new = sorted((old, new))
    proof = consistency_proof(old, new, node)
    right: dict[str, Any] = {
        "old_size": old, "old_root": FRONTIERS[old].root(), "new_size": new, "new_root": FRONTIERS[new].root(),
        "proof": proof,
    }  # fmt: skip
    verify_consistency(**right)
    what = data.draw(st.sampled_from(["old_root", "new_root", "proof"]))
    mutated = _mutated(proof, data) if what == "proof" else _flipped(right[what], data)
    with pytest.raises(ProofError):
        verify_consistency(**{**right, what: mutated})


def test_size_nought_and_shrinking_are_refused() -> None:
    for old, new in ((0, 0), (0, 5), (6, 5), (-1, 5)):
        with pytest.raises(ProofError):
            consistency_proof(old, new, node)
        with pytest.raises(ProofError):
            verify_consistency(old_size=old, old_root=EMPTY_ROOT, new_size=new, new_root=EMPTY_ROOT, proof=())
    with pytest.raises(ProofError):
        inclusion_proof(5, 5, node)


def test_a_proof_of_more_than_63_hashes_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(ProofError, match="at most 63 hashes, not 64"):
        verify_inclusion(bytes(32), index=0, size=1 << 62, proof=[bytes(32)] * (MAX_PROOF + 1), root=bytes(32))
    with pytest.raises(ProofError, match="at most 63 hashes, not 10000"):
        verify_consistency(
            old_size=1, old_root=bytes(32), new_size=1 << 62, new_root=bytes(32), proof=[bytes(32)] * 10_000
        )


def test_very_large_sizes_have_short_proofs() -> None:
    rng = random.Random(3)
    for _ in range(200):
        size = rng.randrange(1, 1 << 62)
        index = rng.randrange(size)
        assert len(inclusion_nodes(index, size)) <= 62
        assert len(consistency_nodes(index + 1, size)) <= MAX_PROOF


def _flipped(value: bytes, data: st.DataObject) -> bytes:
    place = data.draw(st.integers(0, len(value) * 8 - 1))
    return bytes(b ^ (1 << place % 8 if n == place // 8 else 0) for n, b in enumerate(value))


def _mutated(proof: tuple[bytes, ...], data: st.DataObject) -> list[bytes]:
    """One hash more, one fewer, one wrong, or one that is too short."""
    place = data.draw(st.integers(0, len(proof)))
    if place == len(proof):
        return [*proof, data.draw(st.binary(min_size=32, max_size=32))]
    return {
        "fewer": [*proof[:place], *proof[place + 1 :]],
        "wrong": [*proof[:place], _flipped(proof[place], data), *proof[place + 1 :]],
        "short": [*proof[:place], proof[place][:31], *proof[place + 1 :]],
        "twice": [*proof[: place + 1], *proof[place:]],
    }[data.draw(st.sampled_from(["fewer", "wrong", "short", "twice"]))]
