"""A map of counts by destination: boundaries of a named source, no tiles, no requests; a table is beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from penholder.analysis.browse.placed import Drawn, about_licences, map_of
from penholder.analysis.report.data import Boundary
from penholder.analysis.report.html.elements import many
from penholder.analysis.report.map.geometry import shape_from_geojson
from penholder.analysis.report.map.svg import MapWords
from penholder.analysis.report.map.topology import FINE, SOURCE, atlas_shapes
from penholder.kernel.errors import ConfigurationError, InputError
from penholder.publication.sentences import place_words

_IN_FORCE = MapWords(about_licences, lambda p: f"{p.name}: {many(p.could, 'licence')} in force", "")


def draw_world(counts: Mapping[str, int], *, focus: str = "") -> Drawn:
    """A map with places shaded by their counts; `focus`: of the region around one of them, outlined.

    Without a picture where no boundary of any of them is at hand. Raises: ConfigurationError.
    """
    return _drawn(tuple(sorted(counts.items())), focus, settings.PENHOLDER_BOUNDARIES)


@lru_cache(maxsize=64)
def _drawn(counts: tuple[tuple[str, int], ...], focus: str, file: Path | None) -> Drawn:
    own = _boundaries(file) if file else ()
    held = {s.code for s in atlas_shapes(FINE)} | {b.code for b in own}
    lacking = tuple((place_words(c), "no boundary is at hand") for c, _ in counts if c not in held)
    if len(lacking) == len(counts):
        return Drawn("", (), lacking, ())
    found = map_of(
        [(code, place_words(code), n) for code, n in counts if code in held],
        boundaries=own, outlined=(focus,) if focus else (), words=_IN_FORCE, step="{} licences in force",
        none="none in force",
    )  # fmt: skip
    sources = tuple(s if s == SOURCE else own[0].source for s in found.sources)
    return Drawn(found.svg, found.legend, (*found.off_map, *lacking), tuple(dict.fromkeys(sources)))


@lru_cache(maxsize=4)
def _boundaries(file: Path) -> tuple[Boundary, ...]:
    """Boundaries that this installation brings: a FeatureCollection, each feature with its code as id.

    Raises: ConfigurationError.
    """
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        source = str(said["source"])
        found = tuple(
            Boundary(str(f["id"]), str(f["properties"]["name"]), json.dumps(f["geometry"]), source)
            for f in said["features"]
        )
        for one in found:
            shape_from_geojson(one.code, one.name, one.geojson)
    except (OSError, ValueError, KeyError, TypeError, InputError) as error:
        raise ConfigurationError(
            f"the boundaries {file.name} cannot be read: {error}",
            hint="a GeoJSON FeatureCollection with a member source; each feature with an id and a name",
        ) from error
    return found
