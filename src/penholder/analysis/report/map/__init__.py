"""A map as SVG text: boundaries from a named source, places by their code, no tiles, no requests."""
