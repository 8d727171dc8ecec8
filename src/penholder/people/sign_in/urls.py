"""The addresses of the sign-in: those of django-allauth that `PAGES` names, each behind the door."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account import urls as account
from allauth.mfa import urls as mfa
from allauth.socialaccount import urls as single
from django.urls import URLPattern, URLResolver, path

from penholder.people.sign_in import single_sign_on
from penholder.people.sign_in.door import through_the_door
from penholder.people.sign_in.pages import PAGES

Route = URLPattern | URLResolver


def mounted(routes: Iterable[Route]) -> list[Route]:
    """The routes that `PAGES` names, wrapped; the others are left out."""
    made: list[Route] = []
    for route in routes:
        if isinstance(route, URLResolver):
            inner = mounted(route.url_patterns)
            made.append(URLResolver(route.pattern, inner, route.default_kwargs, route.app_name, route.namespace))
        elif route.name in PAGES:
            view = through_the_door(route.callback, page=route.name, change=PAGES[route.name])
            made.append(URLPattern(route.pattern, view, route.default_args, route.name))
    return made


urlpatterns: list[Route] = [
    *mounted(account.urlpatterns),
    *mounted([path("2fa/", (mfa.urlpatterns, None, None))]),
    *mounted([path("sso/", (single.urlpatterns, None, None))]),
    *mounted([path("sso/<str:provider_id>/", (single_sign_on.urlpatterns, None, None))]),
]
