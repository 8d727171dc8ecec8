"""Addresses of the pages. Each page has a twin in JSON, under the same address with `.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path

from penholder.publication.shadow import downloads, pages, reviews


def _both(route: str, view: Callable[..., HttpResponse], name: str) -> Iterator[URLPattern]:
    """A page and its twin. The twin first: a name of a place may hold any character."""
    yield path(f"{route or 'index'}.json", view, {"as_json": True}, name=f"{name}-json")
    yield path(route, view, name=name)


urlpatterns = [
    *_both("", pages.home, "shadow-home"),
    *_both("destinations", pages.destinations, "shadow-destinations"),
    *_both("destinations/<path:place>", pages.destination, "shadow-destination"),
    *_both("licences/<str:series>/<path:key>", pages.one_licence, "shadow-licence"),
    *_both("figures", pages.figures, "shadow-figures"),
    re_path(r"^figures/(?P<kind>[a-z-]+)/rows\.(?P<suffix>csv|json)$", downloads.figure_rows, name="shadow-rows"),
    *_both("figures/<str:kind>", pages.one_figure, "shadow-figure"),
    *_both("stocktakes", reviews.stocktakes, "shadow-stocktakes"),
    re_path(
        r"^stocktakes/(?P<name>[^/]+)/rows\.(?P<suffix>csv|json)$",
        downloads.stocktake_rows,
        name="shadow-stocktake-rows",
    ),
    path("stocktakes/<str:name>/report.html", downloads.stocktake_report, name="shadow-stocktake-report"),
    *_both("stocktakes/<str:name>", reviews.one_stocktake, "shadow-stocktake"),
    *_both("changes", reviews.changes, "shadow-changes"),
    re_path(r"^changes/rows\.(?P<suffix>csv|json)$", downloads.change_rows, name="shadow-change-rows"),
    *_both("search", pages.find, "shadow-search"),
]

menu = (
    ("Home", "shadow-home"),
    ("Destinations", "shadow-destinations"),
    ("Figures", "shadow-figures"),
    ("Stocktakes", "shadow-stocktakes"),
    ("Changes", "shadow-changes"),
    ("Search", "shadow-search"),
)
"""Places to go: text, name of the route."""
