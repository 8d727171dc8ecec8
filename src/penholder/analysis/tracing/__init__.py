"""From ratings and goods over components and platforms to means: edges, reach, best-graded paths."""
