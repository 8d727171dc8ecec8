"""Maps of the public site: boundaries of the atlas, and those that an installation brings itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import override_settings

from penholder.analysis.report.map.topology import SOURCE
from penholder.analysis.sample.states import boundaries
from penholder.kernel.errors import ConfigurationError
from penholder.kernel.home import read_home
from penholder.publication.world import draw_world

WORDS = 'origin = "a.invalid/log"\nauthority = "Authority"\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "boundaries.geojson"
    file.write_text(boundaries(), encoding="utf-8")
    return file


def test_a_place_without_a_boundary_is_named_and_not_drawn() -> None:
    with override_settings(PENHOLDER_BOUNDARIES=None):
        found = draw_world({"XV": 3, "XN": 1})
        assert found.svg == ""
        assert [name for name, _ in found.off_map] == ["XN", "XV"]
        mixed = draw_world({"XV": 3, "KR": 12})
    assert "<title>South Korea (KR): 12 licences in force</title>" in mixed.svg
    assert mixed.off_map == (("XV", "no boundary is at hand"),)
    assert mixed.sources == (SOURCE,)


def test_an_installation_brings_boundaries_of_its_own(own: Path) -> None:
    with override_settings(PENHOLDER_BOUNDARIES=own):
        found = draw_world({"XV": 3, "XN": 12, "XT": 0}, focus="XV")
    assert found.off_map == ()
    assert found.sources == ("invented, as the sample has them",)
    assert len(re.findall(r'class="land could-', found.svg)) == 2
    assert 'class="territory"' in found.svg
    assert dict(found.legend) == {
        "land could-1": "1 to 9 licences in force",
        "land could-2": "10 to 99 licences in force",
        "land none": "none in force",
        "territory": "this destination",
    }


@pytest.mark.parametrize("wrong", ["{", '{"features": []}', '{"source": "s", "features": [{"id": "XV"}]}'])
def test_boundaries_that_cannot_be_read_are_refused(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "b.geojson"
    file.write_text(wrong, encoding="utf-8")
    with override_settings(PENHOLDER_BOUNDARIES=file), pytest.raises(ConfigurationError, match=r"b\.geojson"):
        draw_world({"XV": 1})


def test_the_configuration_names_a_file_that_is_there(own: Path) -> None:
    file = own.parent / "penholder.toml"
    file.write_text(f"{WORDS}[map]\nboundaries = {json.dumps(own.name)}\n", encoding="utf-8")
    assert read_home(own.parent).boundaries == own
    for wrong in ('boundaries = "absent.geojson"', "boundaries = 1", 'border = "x"'):
        file.write_text(f"{WORDS}[map]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(ConfigurationError, match="'map' names no file"):
            read_home(own.parent)
    file.write_text(WORDS, encoding="utf-8")
    assert read_home(own.parent).boundaries is None
