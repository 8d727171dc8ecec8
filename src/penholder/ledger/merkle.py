"""The Merkle tree: hashes, the frontier that grows it, inclusion and consistency proofs (RFC 6962 section 2.1).

A *node* `(level, index)` is the root of the complete subtree over the leaves `index << level` to
`(index + 1) << level`; level 0 is the leaf hashes. All hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from penholder.ledger.errors import ProofError

HASH_SIZE = 32
MAX_PROOF = 63
"""No tree has more levels (C2SP tlog-witness): a longer proof is an attack."""
MAX_SIZE = 1 << 63

Coordinate = tuple[int, int]
"""(level, index) of a node."""
Groups = tuple[tuple[Coordinate, ...], ...]
"""For each hash of a proof the complete nodes that it is composed of, left to right."""


class Node(NamedTuple):
    """A complete subtree and its hash."""

    level: int
    index: int  # type: ignore[assignment]  # a tuple's method of that name is not used
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree of `size` leaves, held as the hashes of its complete subtrees, the largest (leftmost) first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < MAX_SIZE or len(self.hashes) != self.size.bit_count():
            raise ProofError(f"a frontier of size {self.size} does not have {len(self.hashes)} hashes")

    def root(self) -> bytes:
        """The Merkle tree hash; that of the empty tree is SHA-256 of nothing."""
        return fold(self.hashes) if self.hashes else EMPTY_ROOT

    def append(self, leaf: bytes) -> tuple[Frontier, tuple[Node, ...]]:
        """The tree with one leaf more, and every node that this leaf completes, level 0 first.

        Args: leaf: the leaf *hash* (`leaf_hash(entry)`), 32 bytes.
        Raises: ProofError: not 32 bytes.
        """
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> tuple[Frontier, tuple[Node, ...]]:
        """The same for many leaves, in order. Raises: as `append`."""
        hashes, size = list(self.hashes), self.size
        nodes: list[Node] = []
        for leaf in leaves:
            if len(leaf) != HASH_SIZE:
                raise ProofError(f"a leaf hash has 32 bytes, not {len(leaf)}", hint="give leaf_hash(data)")
            level, index, found = 0, size, leaf
            nodes.append(Node(0, index, leaf))
            while index & 1:
                found = node_hash(hashes.pop(), found)
                level, index = level + 1, index >> 1
                nodes.append(Node(level, index, found))
            hashes.append(found)
            size += 1
        return Frontier(size, tuple(hashes)), tuple(nodes)

    def to_bytes(self) -> bytes:
        """The hashes one after the other: 32 bytes each, at most 63 of them."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, blob: bytes) -> Frontier:
        """The reverse of `to_bytes`. Raises: ProofError where the length does not suit the size."""
        if len(blob) % HASH_SIZE:
            raise ProofError(f"a frontier is a row of hashes of 32 bytes; {len(blob)} bytes were given")
        return cls(size, tuple([blob[i : i + HASH_SIZE] for i in range(0, len(blob), HASH_SIZE)]))


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that stand side by side, the largest first; at least one."""
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def complete_nodes(start: int, end: int) -> Iterator[Coordinate]:
    """The nodes that cover the leaves from `start` until before `end`, left to right, as few as possible.

    `start` must be a multiple of the largest of them, as every subtree of RFC 6962 section 2.1 begins.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def root_nodes(size: int) -> tuple[Coordinate, ...]:
    """The nodes that a frontier of `size` holds."""
    return tuple(complete_nodes(0, size))


def inclusion_nodes(index: int, size: int) -> Groups:
    """What an inclusion proof is made of: one group of nodes a hash, the sibling of the leaf first.

    Raises: ProofError: there is no such leaf. Source: RFC 6962 section 2.1.1.
    """
    if not 0 <= index < size < MAX_SIZE:
        raise ProofError(f"a tree of size {size} has no entry {index}")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return tuple(tuple(complete_nodes(*r)) for r in reversed(ranges))


def consistency_nodes(old: int, new: int) -> Groups:
    """What a consistency proof is made of. Raises: ProofError: not 0 < old <= new. Source: RFC 6962, 2.1.2."""
    if not 0 < old <= new < MAX_SIZE:
        raise ProofError(f"there is no consistency proof from size {old} to size {new}")
    ranges = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return tuple(tuple(complete_nodes(*r)) for r in reversed(ranges))


def proof_nodes(groups: Groups) -> tuple[Coordinate, ...]:
    """Every node that the groups need, each once, so that they can be fetched together."""
    return tuple(dict.fromkeys(node for group in groups for node in group))


def compose(groups: Groups, node: Callable[[int, int], bytes]) -> tuple[bytes, ...]:
    """The hashes of the proof; `node(level, index)` gives the hash of a complete node."""
    return tuple(fold([node(*coordinate) for coordinate in group]) for group in groups)


def inclusion_proof(index: int, size: int, node: Callable[[int, int], bytes]) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size`. Raises: ProofError: there is no such leaf."""
    return compose(inclusion_nodes(index, size), node)


def consistency_proof(old: int, new: int, node: Callable[[int, int], bytes]) -> tuple[bytes, ...]:
    """The proof that the tree of `new` begins with that of `old`. Raises: ProofError: not 0 < old <= new."""
    return compose(consistency_nodes(old, new), node)


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash `leaf` stands at `index` in the tree of `size` with `root`.

    Raises: ProofError. Source: RFC 9162 section 2.1.3.2.
    """
    _check_shape((leaf, root), proof)
    if not 0 <= index < size < MAX_SIZE:
        raise ProofError(f"a tree of size {size} has no entry {index}")
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError(f"inclusion proof of entry {index} in size {size}: too many hashes ({len(proof)})")
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    if last:
        raise ProofError(f"inclusion proof of entry {index} in size {size}: too few hashes ({len(proof)})")
    if found != root:
        raise ProofError(f"inclusion proof of entry {index} in size {size}: it does not lead to the root")


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the new tree begins with the whole old tree.

    Size 0 is refused: whoever holds nothing yet has nothing to compare, and must know that.
    Raises: ProofError. Source: RFC 9162 section 2.1.4.2.
    """
    said = f"consistency proof from size {old_size} to {new_size}"
    if not 0 < old_size <= new_size < MAX_SIZE:
        raise ProofError(f"{said}: there is none between these sizes")
    if old_size == new_size:
        if proof or old_root != new_root:
            raise ProofError(f"{said}: the same size must have the same root and no proof")
        return
    _check_shape((old_root, new_root), proof)
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise ProofError(f"{said}: it is empty")
    olds, news = _roots_of_path(path, old_size - 1, new_size - 1, said)
    if olds != old_root:
        raise ProofError(f"{said}: it does not lead to the old root")
    if news != new_root:
        raise ProofError(f"{said}: it does not lead to the new root")


def _roots_of_path(path: list[bytes], here: int, last: int, said: str) -> tuple[bytes, bytes]:
    while here & 1:
        here, last = here >> 1, last >> 1
    olds = news = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError(f"{said}: too many hashes")
        if here & 1 or here == last:
            olds, news = node_hash(sibling, olds), node_hash(sibling, news)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            news = node_hash(news, sibling)
        here, last = here >> 1, last >> 1
    if last:
        raise ProofError(f"{said}: too few hashes")
    return olds, news


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _check_shape(ends: tuple[bytes, bytes], proof: Sequence[bytes]) -> None:
    if len(proof) > MAX_PROOF:
        raise ProofError(f"a proof has at most {MAX_PROOF} hashes, not {len(proof)}")
    for found in (*ends, *proof):
        if len(found) != HASH_SIZE:
            raise ProofError(f"a hash has 32 bytes, not {len(found)}")
