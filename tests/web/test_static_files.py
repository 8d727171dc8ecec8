"""Static files as they are served: hashed names that imports and pictures follow, compressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import override_settings

from penholder.site.static_files import HashedFiles, collect


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("static")
    named = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "penholder.site.static_files.HashedFiles"},
    }
    with override_settings(STATIC_ROOT=str(folder), STORAGES=named):
        collect()
        yield folder


def test_names_have_hashes_and_what_refers_to_them_follows(collected: Path) -> None:
    storage = storages["staticfiles"]
    assert isinstance(storage, HashedFiles)
    script = storage.stored_name("penholder/penholder.js")
    style = storage.stored_name("penholder/frontend/frontend.css")
    assert re.fullmatch(r"penholder/penholder\.[0-9a-f]{12}\.js", script)
    imported = re.findall(r'from "\./(frontend/frontend\.[0-9a-f]{12}\.js)"', (collected / script).read_text())
    assert len(imported) == 1
    assert (collected / "penholder" / imported[0]).is_file()
    pictures = re.findall(r'url\("?([^)"]+)"?\)', (collected / style).read_text())
    assert pictures
    assert [p for p in pictures if not (collected / "penholder" / "frontend" / p).is_file()] == []
    assert (collected / f"{style}.gz").is_file()


def test_only_what_pages_ask_for_is_there(collected: Path) -> None:
    names = {str(p.relative_to(collected)) for p in collected.rglob("*") if p.is_file()}
    assert "django_htmx/htmx-2.min.js" in names
    assert [n for n in names if "htmax" in n or "/ext/" in n or "admin" in n] == []
