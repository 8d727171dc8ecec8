"""Tags for templates in Django's language (the pages of allauth), so that they look like all others.

{% load look %}
{% jinja "shell/header.html" %}     a part of the shell
{% field form.password %}           a form field, drawn by the macro `field`
{% problems form %}                 the error summary
{{ authenticator|key_name }}        what its owner calls a security key
{{ totp_svg|drawing }}              the drawing alone, out of an SVG document
"""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import engines
from django.template.context import Context
from markupsafe import Markup

from penholder.people.sign_in.key_names import open_name
from penholder.site import jinja

register = template.Library()
register.filter("day", jinja.day)
register.filter("key_name", open_name)
_SVG = re.compile(r"<svg\b.*</svg>", re.DOTALL)


@register.simple_tag(takes_context=True, name="jinja")
def part(context: Context, name: str) -> Markup:
    """The Jinja2 template `name`, rendered with the context of this page."""
    given: dict[str, Any] = {key: value for key, value in context.flatten().items() if isinstance(key, str)}
    found = engines["jinja2"].get_template(name).render(given, given.get("request"))
    return Markup(found)  # noqa: S704 - it escapes what it is given


@register.simple_tag
def field(bound: BoundField) -> Markup:
    """`bound` drawn by the macro `field`."""
    return _macro("field", bound)


@register.simple_tag
def problems(form: BaseForm | None) -> Markup:
    """The error summary of `form`; nothing without errors or without a form."""
    return _macro("error_summary", form) if isinstance(form, BaseForm) else Markup()


@register.filter
def drawing(document: str) -> Markup:
    """The <svg> element of a document made by our own libraries (the code for an authenticator app)."""
    found = _SVG.search(document)
    return Markup(found.group()) if found else Markup()  # noqa: S704 - made by qrcode, not by people


def _macro(name: str, *args: Any) -> Markup:
    components = engines["jinja2"].env.get_template("components.html").module  # type: ignore[attr-defined]
    return Markup(getattr(components, name)(*args))  # noqa: S704 - it escapes what it is given
