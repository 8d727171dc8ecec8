"""Raising a concern, page by page, without an account, without a cookie, without a script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from penholder.actions.action import perform
from penholder.actions.moment import today
from penholder.actions.values import NOBODY
from penholder.concerns import filers, officers, proofs, queries
from penholder.concerns.actions.filing import raise_concern
from penholder.concerns.answers import CaseView
from penholder.concerns.codes import Codes
from penholder.concerns.errors import ChannelClosedError
from penholder.concerns.matters import matters
from penholder.concerns.web.draft import Draft, codes_of, ticket_of
from penholder.concerns.web.questions import STEPS, Question, before, following, titles_in_words
from penholder.entry.access import PUBLIC, requires
from penholder.entry.errors import add_to_form
from penholder.kernel.errors import PenholderError

WHY = "a concern is raised and followed without an account: locator and secret are the key"


@requires(PUBLIC, why="says what the channel is, and asks for nothing")
def front(request: HttpRequest) -> HttpResponse:
    """What this site is, what it protects from and what not, and the two ways in."""
    context = {"is_open": queries.is_open(), "levels": queries.levels(), "as_of": today()}
    return render(request, "concerns/front.html", context)


@csrf_exempt
@requires(PUBLIC, why=WHY)
def raise_page(request: HttpRequest) -> HttpResponse:
    """One question a page. No cookie is looked at, so there is nothing that a forged request could use."""
    if not queries.is_open():
        raise ChannelClosedError(
            "the channel is not open yet: there are not two people with keys outside the authority",
            hint="nothing was kept",
        )
    if request.method != "POST":
        return _ask(request, "about", Draft())
    draft, step = Draft.read(request.POST.get("draft", "")), request.POST.get("step", "about")
    if step not in STEPS:
        step = "about"
    if step == "basis" and not draft.point():
        step = "claim"
    if "back" in request.POST:
        return _ask(request, before(step, draft), draft)
    form = STEPS[step].form(request.POST)
    if not form.is_valid():
        return _ask(request, step, draft, form=form)
    STEPS[step].take(draft, form.cleaned_data)
    if step == "check":
        return _file(request, draft, form)
    return _ask(request, following(step, draft, form.cleaned_data), draft)


def _ask(request: HttpRequest, step: str, draft: Draft, *, form: Question | None = None) -> HttpResponse:
    if step == "check":
        draft.prepare()
    names = list(STEPS)
    question = form or STEPS[step].form(initial=dict(STEPS[step].first(draft)))
    titles = queries.titles_of(draft.targets) | titles_in_words(queries.known_targets()) if step == "check" else {}
    people = {p.id: p.title for p in queries.people_of_the_ladder()} if step == "check" else {}
    context: dict[str, Any] = {
        "form": question,
        "step": step,
        "number": names.index(step) + 1,
        "of": len(names),
        "draft": draft,
        "text": draft.text(),
        "titles": titles,
        "people": people,
        "matters": matters(),
        "office": officers.ladder()[0].name,
    }
    return render(request, "concerns/question.html", context, status=422 if question.errors else 200)


def _file(request: HttpRequest, draft: Draft, form: Question) -> HttpResponse:
    codes = codes_of(draft.codes)
    try:
        with filers.using(codes):
            perform(
                raise_concern,
                NOBODY,
                idempotency_key=draft.key,
                points=draft.points,
                matter=draft.matter,
                targets=draft.targets,
                kept_out=draft.kept_out,
                asks_decider=draft.asks_decider,
                locator=codes.locator,
                secret=codes.secret,
            )
            return _done(request, codes, queries.returned(codes))
    except PenholderError as error:
        if error.code == "invalid":
            add_to_form(error, form)
            return _ask(request, "check", draft, form=form)
        raise


def _done(request: HttpRequest, codes: Codes, found: CaseView) -> HttpResponse:
    context = {"codes": codes, "found": found, "ticket": ticket_of(codes), "receipt": proofs.receipt_of(codes)}
    return render(request, "concerns/raised.html", context)
