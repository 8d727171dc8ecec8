"""Operation profiles: whose forces, where, when, by which means, on what sources."""
