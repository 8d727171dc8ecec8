"""How often an account may do something: taken by one statement, so many at once take no more than there is.

The client's address has no part in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from penholder.debate.errors import LimitError
from penholder.debate.models import Member

_TAKE = """
INSERT INTO debate_allowance (member_id, kind, used, since) VALUES (%s, %s, 1, %s)
ON CONFLICT (member_id, kind) DO UPDATE SET
    used = CASE WHEN debate_allowance.since <= %s THEN 1 ELSE debate_allowance.used + 1 END,
    since = CASE WHEN debate_allowance.since <= %s THEN excluded.since ELSE debate_allowance.since END
WHERE debate_allowance.since <= %s OR debate_allowance.used < %s
"""


def take(member: Member, kind: str, *, limit: int, window: timedelta, now: datetime) -> None:
    """Take one. Raises: LimitError where the account has none left."""
    adapt = connection.ops.adapt_datetimefield_value
    at, old = adapt(now), adapt(now - window)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [member.pk, kind, at, old, old, old, limit])
        taken = cursor.rowcount
    if taken != 1:
        minutes = int(window.total_seconds() // 60)
        raise LimitError(
            f"this account has made {limit} {kind}s in {minutes} minutes, and more are not taken",
            hint=f"wait; it counts again {minutes} minutes after the first of them",
        )
