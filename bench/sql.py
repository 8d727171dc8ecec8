"""The same three columns in SQL on DuckDB: a direct range join, and prefix sums with two ASOF joins.

Both take reach as a closed table (rating, means), which was faster than comparing bit masks. Incidents of which no
means is stated have a means of their own that every rating reaches, so one join gives all three columns.
Lines without incidents are left out of the answer, which spares SQL the outer join.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bench.data import LAST_DAY, NOT_STATED

_UNTIL = f"least(l.expires_on, DATE '{date(1970, 1, 1) + timedelta(days=LAST_DAY)}')"
_KINDS = f"""
    count(*) FILTER (attributed AND i.means <> {NOT_STATED}) AS attributed,
    count(*) FILTER (NOT attributed AND i.means <> {NOT_STATED}) AS unattributed,
    count(*) FILTER (i.means = {NOT_STATED}) AS means_not_stated
"""
COLUMNS = ("attributed", "unattributed", "means_not_stated")


def direct(folder: Path) -> str:
    """What one would write first: all pairs of a line and an incident that meet."""
    return f"""
        CREATE OR REPLACE TEMP TABLE answer AS
        SELECT l.line, {_KINDS}
        FROM '{folder}/lines.parquet' l
        JOIN '{folder}/reach.parquet' r USING (rating)
        JOIN '{folder}/incidents.parquet' i
            ON i.state = l.destination AND i.means = r.means
            AND i.starts_on <= {_UNTIL} AND i.ends_on >= l.decided_on
        GROUP BY l.line
    """


def asof(folder: Path) -> str:
    """The best SQL that we know: the same algebra as the kernel, by window sums and ASOF joins."""
    difference = ", ".join(f"sum(s.{c} - coalesce(e.{c}, 0))::BIGINT AS {c}" for c in COLUMNS)
    return f"""
        CREATE OR REPLACE TEMP TABLE answer AS
        WITH wanted AS (
            SELECT l.line, l.destination, r.means, l.decided_on, {_UNTIL} AS until_on
            FROM '{folder}/lines.parquet' l JOIN '{folder}/reach.parquet' r USING (rating)
        )
        SELECT w.line, {difference}
        FROM wanted w
        ASOF JOIN ({_prefix(folder, "starts_on")}) s
            ON s.state = w.destination AND s.means = w.means AND s.day <= w.until_on
        ASOF LEFT JOIN ({_prefix(folder, "ends_on")}) e
            ON e.state = w.destination AND e.means = w.means AND e.day < w.decided_on
        GROUP BY w.line
    """


def _prefix(folder: Path, day: str) -> str:
    sums = ", ".join(f"sum({c}) OVER byday AS {c}" for c in COLUMNS)
    return f"""
        SELECT state, means, day, {sums}
        FROM (
            SELECT state, means, {day} AS day, {_KINDS} FROM '{folder}/incidents.parquet' i GROUP BY ALL
        )
        WINDOW byday AS (PARTITION BY state, means ORDER BY day)
    """
