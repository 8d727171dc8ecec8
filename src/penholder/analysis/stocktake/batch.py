"""One batch of lines: which are in scope, and the answer for each. The same code runs on threads and on Spark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from penholder.analysis.stocktake.cells import Array, days_of, truths_of, words_of
from penholder.analysis.stocktake.facts import Goods, facts_of, gated, party_sets_of, questions_of
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.scope import InScope, ScopeColumns, ScopeRules, lines_in_scope
from penholder.analysis.stocktake.use import decide

COLUMNS = (
    "decided_on", "expires_on", "licence_type", "outcome", "rating", "description", "destination",
    "destination_kind", "onward", "onward_open", "corrected_destination", "end_user", "onward_end_user",
    "end_user_state", "pooled", "suspension", "suspended_on", "reinstated_on", "revocation", "revoked_on",
    "exported_before",
)  # fmt: skip
"""The columns of LICENCE_LINES that decide an answer."""
Select = Callable[[ScopeColumns, ScopeRules], InScope]
Gate = Callable[[ScopeColumns, ScopeRules, Array], Sequence[Array]]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The lines of a batch that are in scope, k of n.

    rows: their row numbers in the batch. codes: bytes as in `use`. direct: the direct route alone gives that use.
    groups: bits of the groups through which it could have been used. apart: the three questions, packed.
    goods: position in `goods_values`.
    parties: position in `party_sets` (bits of the parties that its places operate). decided: day numbers.
    """

    rows: Array
    codes: Array
    direct: Array
    groups: Array
    apart: Array
    status: Array
    flags: Array
    decided: Array
    goods: Array
    goods_values: tuple[Goods, ...]
    parties: Array
    party_sets: tuple[int, ...]
    granted: int


LINE_ARRAYS = (
    "rows", "codes", "direct", "groups", "apart", "status", "flags", "decided", "goods", "parties",
)  # fmt: skip
"""The fields of Evaluated that hold one element per line."""


def evaluate(
    judge: Judge,
    rules: ScopeRules,
    batch: pa.RecordBatch,
    *,
    select: Select = lines_in_scope,
    gate: Gate | None = None,
) -> Evaluated:
    """Answer for every line of `batch` (COLUMNS at least) that is in scope.

    `select`: says which lines are in scope. `gate`: says for each group of parties at which of these lines it
    counts at all.
    """
    columns = scope_columns(batch)
    scope = select(columns, rules)
    facts = facts_of(batch, scope.rows, judge)
    questions = questions_of(judge, facts)
    if gate is not None:
        questions = gated(questions, gate(columns, rules, scope.rows))
    answer = decide(questions)
    parties, party_sets = party_sets_of(judge, facts)
    return Evaluated(
        scope.rows, answer.codes, answer.direct, answer.groups, answer.apart, scope.status, scope.flags,
        columns.decided[scope.rows], facts.goods, facts.goods_values, parties, party_sets,
        scope.granted,
    )  # fmt: skip


SCOPE_COLUMNS = (
    "decided_on", "expires_on", "licence_type", "outcome", "suspension", "suspended_on", "reinstated_on",
    "revocation", "revoked_on", "exported_before",
)  # fmt: skip
"""Those of COLUMNS that decide scope."""


def scope_columns(batch: pa.RecordBatch) -> ScopeColumns:
    """The columns that decide scope."""
    return ScopeColumns(
        decided=days_of(batch.column("decided_on")),
        expires=days_of(batch.column("expires_on")),
        licence_type=words_of(batch.column("licence_type")),
        outcome=words_of(batch.column("outcome")),
        suspension=words_of(batch.column("suspension")),
        suspended_on=days_of(batch.column("suspended_on")),
        reinstated_on=days_of(batch.column("reinstated_on")),
        revocation=words_of(batch.column("revocation")),
        revoked_on=days_of(batch.column("revoked_on")),
        exported=truths_of(batch.column("exported_before")),
    )
