"""What is new, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from penholder.entry.access import PUBLIC, requires
from penholder.kernel.clock import stamp
from penholder.publication.values import AUTHORITY, Fact
from penholder.publication.web.looking import WHY, Look, address_of, look, said

MOST = 50
_ATOM = "http://www.w3.org/2005/Atom"


@requires(PUBLIC, why=WHY)
def atom(request: HttpRequest) -> HttpResponse:
    """The newest public entries. Their ids never change: log and place."""
    at = look(request)
    facts = at.books.newest(most=MOST)
    head = at.books.heads.get(AUTHORITY)
    root = ET.Element("feed", xmlns=_ATOM)
    _text(root, "title", f"{at.books.heads[AUTHORITY].origin}: what is new" if head else "Nothing was loaded")
    _text(root, "id", f"tag:{head.origin if head else 'nothing'}:feed")
    _text(root, "updated", stamp(facts[0].at if facts else at.books.heads[AUTHORITY].loaded_at))
    ET.SubElement(root, "link", rel="self", href=request.build_absolute_uri())
    author = ET.SubElement(root, "author")
    _text(author, "name", head.origin if head else "nobody")
    for fact in facts:
        _entry(root, fact, at)
    body = ET.tostring(root, encoding="unicode")
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _entry(root: ET.Element, fact: Fact, at: Look) -> None:
    one = ET.SubElement(root, "entry")
    _text(one, "title", f"{at.called(fact.kind, fact.about)}: {said(fact)}")
    _text(one, "id", f"tag:{at.books.heads[fact.log].origin}:{fact.number}")
    _text(one, "updated", stamp(fact.at))
    where = address_of(fact.kind, fact.about) or reverse("public-entry", args=(fact.log, fact.number))
    ET.SubElement(one, "link", rel="alternate", href=at.request.build_absolute_uri(where))
    _text(one, "summary", f"{said(fact)}.")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
