"""Where licences come from: of those that come from no case, nobody here advised or found anything."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q

from penholder.register.models import Licence
from penholder.register.values import WITHOUT_CASE_WORDS, Origin, WithoutCase


def came_from(origin: Origin) -> Q:
    """Licences of one origin."""
    match origin:
        case Origin.CASE:
            return ~Q(case="")
        case Origin.WITHOUT_CASE:
            return ~Q(without_case="")
        case Origin.RELEASE:
            return Q(release__isnull=False)


def without_case() -> Mapping[WithoutCase, int]:
    """How many licences, drafts too, were entered that come from no case, by the reason given. One statement."""
    found = Licence.objects.filter(came_from(Origin.WITHOUT_CASE)).values_list("without_case")
    counted = dict(found.annotate(n=Count("pk")).order_by())
    return {why: counted[why.value] for why in WithoutCase if why.value in counted}


def without_case_said() -> str:
    """How many they are, in words; empty: there are none."""
    counted = without_case()
    if not counted:
        return ""
    total = sum(counted.values())
    parts = ", ".join(f"{n:,} {WITHOUT_CASE_WORDS[why]}" for why, n in counted.items())
    return f"{total:,} {'licence comes' if total == 1 else 'licences come'} from no case: {parts}"
