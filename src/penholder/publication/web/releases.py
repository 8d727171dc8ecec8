"""The releases of this site: everything as files, with what changed and why."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from penholder.entry.access import PUBLIC, requires
from penholder.kernel.errors import NotKnownError
from penholder.publication.releases import files
from penholder.publication.releases.catalogue import ANNOUNCED, CATALOGUE, NOTE, read_catalogue, releases_in
from penholder.publication.web.changed import cell_words, row_called
from penholder.publication.web.looking import WHY, look
from penholder.publication.web.pages import paged


def folder_of_releases() -> Path:
    """Where the releases of this home stand."""
    return Path(settings.PENHOLDER_HOME) / "releases"


def _found(name: str) -> Path:
    for path in releases_in(folder_of_releases()):
        if path.name == name:
            return path
    raise NotKnownError("there is no such release", hint="see the list of releases")


@requires(PUBLIC, why=WHY)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every release, the newest first."""
    at = look(request, asks=())
    rows = [read_catalogue(path)[0] for path in releases_in(folder_of_releases())]
    return at.page("releases.html", {"rows": rows[::-1]})


@requires(PUBLIC, why=WHY)
def release(request: HttpRequest, name: str) -> HttpResponseBase:
    """One release: what it holds, on what it rests, its files, how many cells changed and why."""
    at = look(request)
    path = _found(name)
    found, sha256 = read_catalogue(path)
    beside = {n: (path / n).stat().st_size for n in (CATALOGUE, NOTE, ANNOUNCED) if (path / n).is_file()}
    flat = [name for name in found.files if "/" not in name]
    context = {"release": found, "sha256": sha256, "beside": beside, "flat": flat}
    return at.page("release.html", context)


@requires(PUBLIC, why=WHY)
def changes(request: HttpRequest, name: str) -> HttpResponseBase:
    """Every cell that differs from the release before, with the reason and its entries."""
    at = look(request, asks=("table", "after"))
    path = _found(name)
    found, _ = read_catalogue(path)
    if files.CHANGES not in found.tables:
        raise NotKnownError("this is the first release: nothing changed", hint="see its tables")
    rows = list(files.read_lines(path, files.CHANGES))
    table = request.GET.get("table", "")
    kept = [(n, row) for n, row in enumerate(rows) if table in {"", row["table"]}]
    page, following, first = paged(request, kept, lambda pair: str(pair[0]))
    context = {"release": found, "rows": [row for _, row in page], "next": following, "first": first}
    said = {"row_called": lambda row: row_called(at, row), "cell_words": cell_words}
    return at.page(
        "changes.html", context | said | {"tables": sorted({str(r["table"]) for r in rows}), "table": table}
    )


@requires(PUBLIC, why=WHY)
def file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """One file of a release. Only what its catalogue names, and what stands beside it."""
    path = _found(name)
    found, _ = read_catalogue(path)
    if file not in {*found.files, CATALOGUE, NOTE, ANNOUNCED} or not (path / file).is_file():
        raise NotKnownError("the release has no such file", hint="see the list of its files")
    return FileResponse((path / file).open("rb"), as_attachment=True, filename=file)
