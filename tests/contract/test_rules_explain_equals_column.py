"""One condition, two interpreters: `explain` on each row equals `column` on the table, on every engine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.rules.explain import explain
from penholder.rules.expr import AllOf, AnyOf, AtLeast, Expr, In, Known, Not, Under, Within
from penholder.rules.table import column

# Ibis 12 still calls the old name of DuckDB's method; the answer is the same.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

DAYS = (date(2014, 3, 24), date(2014, 3, 25), date(2021, 12, 8))
WORDS = (None, "", "could", "could;unknown", "ML1", "ML10", "ML10a", "6A003;PL5001b", "a.c", "abc")
NUMBERS = (None, -1, 0, 7)
AMOUNTS = (None, Decimal("0.10"), Decimal("999999999999.99"))
FLAGS = (None, True, False)
ROWS = [
    {"words": w, "number": n, "amount": a, "day": d, "flag": f}
    for w, n, a, d, f in itertools.product(WORDS, NUMBERS, AMOUNTS, (None, *DAYS), FLAGS)
]
SCHEMA = pa.schema(
    [
        ("words", pa.string()),
        ("number", pa.int32()),
        ("amount", pa.decimal128(18, 2)),
        ("day", pa.date32()),
        ("flag", pa.bool_()),
    ]
)

word = st.sampled_from(["could", "unknown", "ML1", "ML10", "ML10a", "6A", "6", "PL5001", "PL", "a.c", "yes", "no"])
several = st.lists(word, max_size=3, unique=True).map(tuple)
start, end = st.sampled_from([None, *DAYS[:2]]), st.sampled_from([None, DAYS[2], date(2030, 1, 1)])
leaf: st.SearchStrategy[Expr] = st.one_of(
    st.builds(In, st.sampled_from(["words", "flag", "absent"]), several),
    st.builds(Under, st.just("words"), several),
    st.builds(AtLeast, st.just("number"), st.sampled_from([-1, 0, 1, Decimal("6.5")])),
    st.builds(AtLeast, st.just("amount"), st.sampled_from([0, Decimal("0.1"), Decimal("1e12")])),
    st.builds(AtLeast, st.just("day"), st.sampled_from(DAYS)),
    st.builds(Within, st.just("day"), st.builds(Interval, start, end)),
    st.builds(Known, st.sampled_from(["words", "number", "amount", "day", "flag", "absent"])),
)


def _deeper(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, parts), st.builds(AnyOf, parts), st.builds(Not, inner))


expressions = st.recursive(leaf, _deeper, max_leaves=8)

Ask = Callable[[list[Expr]], dict[str, list[bool | None]]]


@pytest.fixture(scope="module", params=["duckdb", pytest.param("spark", marks=[pytest.mark.spark])])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Answers of many conditions over ROWS from one query: {name: [truth of row 0, ...]}."""
    path = tmp_path_factory.mktemp("rules") / "rows.parquet"
    rows = [{**row, "position": i} for i, row in enumerate(ROWS)]
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA.append(pa.field("position", pa.int32()))), path)
    connection, close = _duckdb() if request.param == "duckdb" else _spark()
    t = connection.read_parquet(str(path))

    def answer(asked: list[Expr]) -> dict[str, list[bool | None]]:
        columns = {f"c{i}": column(expr, t) for i, expr in enumerate(asked)}
        found = t.select("position", **columns).order_by("position").to_pyarrow()
        return {name: found[name].to_pylist() for name in columns}

    yield answer
    close()


def _duckdb() -> tuple[Any, Callable[[], None]]:
    connection = ibis.duckdb.connect()
    return connection, connection.disconnect


def _spark() -> tuple[Any, Callable[[], None]]:
    session = pytest.importorskip("pyspark.sql").SparkSession.builder.master("local[2]").appName("rules")
    quiet = session.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2").getOrCreate()
    return ibis.pyspark.connect(quiet), quiet.stop


def _equal(asked: list[Expr], ask: Ask) -> None:
    answers = ask(asked)
    for i, expr in enumerate(asked):
        assert answers[f"c{i}"] == [explain(expr, row).truth for row in ROWS], expr


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(expressions, min_size=8, max_size=16))
def test_explain_equals_column(asked: list[Expr], ask: Ask) -> None:
    _equal(asked, ask)


def test_every_operator_on_every_kind_of_cell(ask: Ask) -> None:
    unbounded = Interval(None, None)
    _equal(
        [
            In("words", ("could",)), In("words", ()), In("flag", ("yes",)), In("absent", ("could",)),
            Under("words", ("ML1",)), Under("words", ("ML10", "PL5001")), Under("words", ("6A",)),
            Under("words", ()), Under("words", ("a.c",)), AtLeast("number", 0), AtLeast("amount", Decimal("0.10")),
            AtLeast("day", DAYS[1]), Within("day", Interval(DAYS[1], DAYS[2])), Within("day", unbounded),
            Known("words"), Known("absent"), AllOf(()), AnyOf(()), Not(In("words", ("ML10a",))),
            AllOf((In("words", ("could",)), In("flag", ("no",)))), AnyOf((Known("day"), In("flag", ("no",)))),
        ],
        ask,
    )  # fmt: skip


@pytest.mark.parametrize(
    "expr",
    [In("number", ("1",)), Under("day", ("ML1",)), AtLeast("words", 1), Within("number", Interval(None, None))],
)
def test_a_fact_of_the_wrong_kind_is_refused_by_both(expr: Expr, tmp_path: Path) -> None:
    table = ibis.table({"words": "string", "number": "int32", "day": "date"}, name="t")
    row = {"words": "a", "number": 1, "day": DAYS[0]}
    with pytest.raises(RuleError):
        explain(expr, row)
    with pytest.raises(RuleError):
        column(expr, table)
