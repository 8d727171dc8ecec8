"""A cache in the database that all processes share, with JSON values (Django's own keeps pickles).

It holds the counters of the rate limits, and codes that were used: nothing else. Its table is exempt from the
guard (`actions.guard.EXEMPT`), because a refused sign-in must be counted and is no act.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone

from penholder.people.addresses import blind
from penholder.people.models import CacheRow

_FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
_SWEEP_EVERY = 256
"""One write in so many removes what has expired."""


class JsonCache(BaseCache):
    """`django.core.cache` backend. Values: anything JSON has. Rows that have expired do not count."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._writes = 0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = CacheRow.objects.filter(cache_key=self._key(key, version), expires__gt=timezone.now()).first()
        return default if row is None else row.value

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._sweep()
        made = {"value": value, "expires": self._expires(timeout)}
        CacheRow.objects.bulk_create(
            [CacheRow(cache_key=self._key(key, version), **made)],
            update_conflicts=True,
            unique_fields=["cache_key"],
            update_fields=["value", "expires"],
        )

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        made = self._key(key, version)
        CacheRow.objects.filter(cache_key=made, expires__lte=timezone.now()).delete()
        try:
            with transaction.atomic():
                CacheRow.objects.bulk_create(
                    [CacheRow(cache_key=made, value=value, expires=self._expires(timeout))]
                )
        except IntegrityError:
            return False
        return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        rows = CacheRow.objects.filter(cache_key=self._key(key, version), expires__gt=timezone.now())
        return bool(rows.update(expires=self._expires(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(CacheRow.objects.filter(cache_key=self._key(key, version)).delete()[0])

    def clear(self) -> None:
        CacheRow.objects.all().delete()

    def _key(self, key: str, version: int | None) -> str:
        """Keys name addresses of the network and accounts: the table has a pseudonym of each."""
        return blind("counter", self.make_and_validate_key(key, version=version))

    def _expires(self, timeout: Any) -> datetime:
        at = self.get_backend_timeout(timeout)
        if at is None:
            return _FOREVER
        return datetime.fromtimestamp(math.ceil(at), UTC)

    def _sweep(self) -> None:
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 0:
            CacheRow.objects.filter(expires__lte=timezone.now()).delete()
