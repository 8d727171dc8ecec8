"""Pages of the public site: read-only, for everybody, without scripts."""

from __future__ import annotations

from django.urls import path, register_converter

from penholder.actions.values import Actor
from penholder.publication.web.converters import FigureConverter, LogConverter

from . import downloads, feed, figures, log, pages, releases, things

register_converter(FigureConverter, "figure")
register_converter(LogConverter, "log")

urlpatterns = [
    path("", pages.home, name="home"),
    path("licences", pages.licences, name="public-licences"),
    path("licences/<str:name>", things.licence, name="public-licence"),
    path("destinations", pages.destinations, name="public-destinations"),
    path("destinations/<str:place>", things.destination, name="public-destination"),
    path("decisions", pages.decisions, name="public-decisions"),
    path("decisions/<str:name>", things.decision, name="public-decision"),
    path("measures", pages.measures, name="public-measures"),
    path("measures/<str:name>", things.measure, name="public-measure"),
    path("reviews/<str:name>", things.change, name="public-change"),
    path("statements", pages.statements, name="public-statements"),
    path("statements/<str:name>", things.statement, name="public-statement"),
    path("promises", pages.promises, name="public-promises"),
    path("concerns", pages.concerns, name="public-concerns"),
    path("figures", figures.index, name="public-figures"),
    path("figures/<figure:kind>", figures.figure_page, name="public-figure"),
    path("figures/<figure:kind>/rows.csv", downloads.rows_csv, name="public-figure-csv"),
    path("figures/<figure:kind>/rows.json", downloads.rows_json, name="public-figure-json"),
    path("releases", releases.index, name="public-releases"),
    path("releases/<str:name>", releases.release, name="public-release"),
    path("releases/<str:name>/changes", releases.changes, name="public-release-changes"),
    path("releases/<str:name>/files/<str:file>", releases.file, name="public-release-file"),
    path("withheld", pages.withheld, name="public-withheld"),
    path("log", log.index, name="public-logs"),
    path("log/<log:name>/checkpoint", log.checkpoint, name="public-checkpoint"),
    path("log/<log:name>/<int:number>", log.entry, name="public-entry"),
    path("log/<log:name>/<int:number>/entry.json", log.entry_file, name="public-entry-file"),
    path("log/<log:name>/<int:number>/entry.tlog-proof", log.proof_file, name="public-proof"),
    path("feed.atom", feed.atom, name="public-feed"),
]

_PLACES = (
    ("Home", "home"),
    ("Licences", "public-licences"),
    ("Destinations", "public-destinations"),
    ("Figures", "public-figures"),
    ("Measures", "public-measures"),
    ("Statements", "public-statements"),
    ("Concerns", "public-concerns"),
    ("Releases", "public-releases"),
    ("How to verify", "public-logs"),
)


def open_places() -> tuple[tuple[str, str], ...]:
    """Places in the menu of whoever is not signed in: text, name of the route."""
    return _PLACES


def menu(_actor: Actor) -> list[tuple[str, str, int | None]]:
    """The same places for whoever is signed in."""
    return [(text, name, None) for text, name in _PLACES[1:]]
