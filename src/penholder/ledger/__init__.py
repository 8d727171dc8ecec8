"""The append-only log: Merkle tree, checkpoints, published files, verification (pure), and its rows (Django)."""
