"""The API as a whole: who is calling, how errors are said, and what no route may take."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation, PathView
from ninja.router import BoundRouter
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from penholder.actions.errors import InvalidError
from penholder.actions.values import Actor
from penholder.entry import openapi
from penholder.entry.access import PUBLIC, access_of, check, requires
from penholder.entry.actor import actor_of_request, is_signed_in
from penholder.entry.body import StrictParser
from penholder.entry.errors import (
    BadRequestError,
    CrossSiteError,
    MethodError,
    NotSignedInError,
    Problem,
    problem_of,
)
from penholder.kernel.errors import PenholderError, StorageError

_NOT_FOUND = 404
_UNSIGNED = 401
_BUSY = 503


class Token(HttpBearer):
    """`Authorization: Bearer …`. Gives the actor, as `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return _known(request)


class Session(APIKeyCookie):
    """The session of the site; requests that change something send the CSRF token of its pages (X-CSRFToken)."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        if key is None or request.headers.get("Authorization"):
            return None
        actor = _known(request)
        if actor is not None and check_csrf(request) is not None:
            raise CrossSiteError("the CSRF token is missing or wrong", hint="send it as the header X-CSRFToken")
        return actor


def _known(request: HttpRequest) -> Actor | None:
    actor = actor_of_request(request)
    return actor if is_signed_in(actor) else None


class Api(NinjaAPI):
    """NinjaAPI, closed by default: every route declares its access, and nothing undeclared is taken or given.

    Routes get the actor as `request.auth`. Raises: TypeError at start for a route without `requires(...)`.
    """

    _described: OpenAPISchema | None = None
    """The description, once it has been asked for: it does not change while the process runs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(docs_url=None, auth=[Token(), Session()], parser=StrictParser(), **kwargs)

    def set_default_exception_handlers(self) -> None:
        super().set_default_exception_handlers()
        self.add_exception_handler(PenholderError, _said)
        self.add_exception_handler(Http404, lambda _request, _error: absent())
        self.add_exception_handler(HttpError, _http_error)
        self.add_exception_handler(ValidationError, _validation_error)
        self.add_exception_handler(OperationalError, _database_away)

    def _get_bound_routers(self) -> list[BoundRouter]:
        first = self._bound_routers_cache is None
        routers = super()._get_bound_routers()
        if first:
            for path_view in (view for router in routers for view in router.path_operations.values()):
                _close(path_view)
        return routers

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        made: list[URLResolver | URLPattern] = []
        for route in super()._get_urls():
            assert isinstance(route, URLPattern)  # noqa: S101 - ninja gives no other
            if route.name in {"openapi-json", "api-root"}:
                why = "says how to call, and nothing of what is stored"
                view = requires(PUBLIC, why=why)(_read_only(route.callback))
                made.append(URLPattern(route.pattern, view, route.default_args, route.name))
            else:
                made.append(route)
        return made

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        if path_prefix is not None or path_params:
            return openapi.completed(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))
        if self._described is None:
            self._described = openapi.completed(super().get_openapi_schema())
        return self._described


def _close(path_view: PathView) -> None:
    """Make every operation of an address check access before anything else, and refuse what it does not know."""
    for operation in path_view.operations:
        access = access_of(operation.view_func)
        if access is None:
            raise TypeError(f"route {operation.path} of the API does not declare its access: requires(...)")
        operation.view_func = _listed(operation.view_func)
        run = partial(_run, operation, operation.run)
        operation.run = run  # type: ignore[method-assign]
    methods = sorted({m for operation in path_view.operations for m in operation.methods})
    path_view._not_allowed = partial(not_allowed, methods)  # type: ignore[method-assign]  # noqa: SLF001 - ninja has no hook for it
    # The house test reads the declaration from the view that Django calls.
    view = path_view.get_view()
    view.access = access_of(path_view.operations[0].view_func)  # type: ignore[attr-defined]
    path_view.get_view = lambda: view  # type: ignore[method-assign]


def _listed(view: Callable[..., Any]) -> Callable[..., Any]:
    """A tuple that a view gives is a list of values. ninja takes one of two items for (status, body)."""

    @wraps(view)
    def listed(*args: Any, **kwargs: Any) -> Any:
        found = view(*args, **kwargs)
        return list(found) if type(found) is tuple else found

    return listed


def _run(operation: Operation, run: Callable[..., Any], request: HttpRequest, /, **kw: Any) -> HttpResponseBase:
    try:
        access = access_of(operation.view_func)
        assert access is not None  # noqa: S101 - checked when it was bound
        check(request, access)
        _check_query(operation, request)
    except PenholderError as error:
        return problem_response(problem_of(error))
    response: HttpResponseBase = run(request, **kw)
    return response


def _check_query(operation: Operation, request: HttpRequest) -> None:
    """Raises: InvalidError for a parameter that is not known, or comes twice where it may come once."""
    known: set[str] = set()
    several: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            known |= set(getattr(model, "__ninja_flatten_map__", {}))
            several |= set(getattr(model, "__ninja_collection_fields__", ()))
    fields = {name: "is not a parameter of this address" for name in request.GET if name not in known}
    fields |= {
        n: "is given twice" for n in request.GET if n in known - several and len(request.GET.getlist(n)) > 1
    }
    if fields:
        allowed = ", ".join(sorted(known)) or "none"
        raise InvalidError("a parameter after the ? is not allowed", hint=f"allowed: {allowed}", fields=fields)


def problem_response(problem: Problem) -> HttpResponse:
    """The problem as application/problem+json (RFC 9457). What is absent has no body: nothing tells why."""
    if problem.status == _NOT_FOUND:
        return absent()
    response = JsonResponse(problem.document(), status=problem.status, content_type="application/problem+json")
    if problem.status == _UNSIGNED:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status == _BUSY:
        response["Retry-After"] = "5"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def absent() -> HttpResponse:
    """404, without a body."""
    response = HttpResponse(status=_NOT_FOUND)
    del response["Content-Type"]
    return response


def not_allowed(methods: list[str]) -> HttpResponse:
    """405, with the methods that are."""
    response = problem_response(
        problem_of(MethodError("this method is not allowed here", hint=", ".join(methods)))
    )
    response["Allow"] = ", ".join(methods)
    return response


def _read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return not_allowed(["GET", "HEAD"])
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return absent()

    read.csrf_exempt = True  # type: ignore[attr-defined]
    return read


def _said(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(problem_of(error))


def _database_away(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem_response(problem_of(StorageError("the database is not available")))


def _http_error(_request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses."""
    cause: object = error.__cause__
    said: PenholderError
    if isinstance(cause, PenholderError):
        said = cause
    elif error.status_code == _UNSIGNED:
        said = NotSignedInError("nobody is signed in", hint="send a token: Authorization: Bearer …")
    else:
        said = BadRequestError("the request cannot be read", hint="docs/reference/api.md says how to ask")
    return problem_response(problem_of(said))


def _validation_error(_request: HttpRequest, error: Any) -> HttpResponse:
    if any(e["loc"][0] == "path" for e in error.errors):
        return absent()
    fields = {".".join(str(p) for p in e["loc"][1:]) or "all": str(e["msg"]) for e in error.errors}
    return _said(
        _request, InvalidError("some values are not allowed", hint="mend the named fields", fields=fields)
    )
