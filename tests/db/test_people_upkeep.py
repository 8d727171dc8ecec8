"""The shared counters, and what is swept by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache

from penholder.kernel import clock
from penholder.people.models import CacheRow
from penholder.people.schedule import sweep_sessions

pytestmark = pytest.mark.usefixtures("casework")


def test_a_counter_is_set_added_once_and_runs_out() -> None:
    cache.set("a", [1.5, 2], timeout=60)
    assert cache.get("a") == [1.5, 2]
    assert not cache.add("a", "other", timeout=60)
    assert cache.add("b", "first", timeout=60)
    cache.set("a", "again", timeout=60)
    CacheRow.objects.filter(value="again").update(expires=clock.now() - timedelta(seconds=1))
    assert cache.get("a", "gone") == "gone"
    assert cache.add("a", "new", timeout=60)
    assert cache.get("a") == "new"
    assert cache.touch("a", timeout=0)
    assert cache.get("a") is None
    assert (cache.delete("b"), cache.delete("b")) == (True, False)
    cache.set("for ever".replace(" ", "-"), 1, timeout=None)
    cache.clear()
    assert CacheRow.objects.count() == 0


def test_old_sessions_and_counters_are_swept() -> None:
    now = clock.now()
    for name, seconds in (("old", -1), ("new", 60)):
        at = now + timedelta(seconds=seconds)
        Session.objects.bulk_create([Session(session_key=name, session_data="", expire_date=at)])
        CacheRow.objects.bulk_create([CacheRow(cache_key=name, value=1, expires=at)])
    sweep_sessions(now)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(CacheRow.objects.values_list("cache_key", flat=True)) == ["new"]
