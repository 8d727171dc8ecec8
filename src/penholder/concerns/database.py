"""What the database itself refuses of concerns, on SQLite and PostgreSQL, whoever writes.

Beside the CHECK constraints of the tables: an answer is signed only whole, and by another person (two deputies of
one person are one); no concern is answered without a signed answer, and none is accepted or contested that was not
answered; steps and signatures are never changed. Declared here, made with the tables, compared by
`penholder doctor`.
"""

from __future__ import annotations

from collections.abc import Collection

from penholder.ledger.triggers import Triggers, declare_triggers

_BEHIND = "' ' || {0}.{1} || ' ' || {0}.stood_in_for || ' ' LIKE '% ' || u.public_id || ' %'"
_BEHIND_BOTH = (
    "EXISTS (SELECT 1 FROM concerns_answer a JOIN actions_act t ON t.run = a.run JOIN people_user u ON "
    f"{_BEHIND.format('t', 'actor')} WHERE a.id = NEW.answer_id AND {_BEHIND.format('NEW', 'person')})"
)
"""Is there somebody who wrote the answer, and signs it: themselves, or as one for whom somebody stood in?"""
_RULES: dict[str, tuple[str, str, str]] = {
    "concerns_whole_answer": (
        "concerns_signature",
        (
            "(SELECT count(*) FROM concerns_answeredpoint p WHERE p.answer_id = NEW.answer_id) <> "
            "(SELECT a.points FROM concerns_answer a WHERE a.id = NEW.answer_id)"
        ),
        "an answer that leaves points out is not signed",
    ),
    "concerns_second_person": (
        "concerns_signature",
        (
            "EXISTS (SELECT 1 FROM concerns_answer a WHERE a.id = NEW.answer_id AND a.person = NEW.person) OR "
            f"{_BEHIND_BOTH}"
        ),
        "an answer is signed by another person than its author",
    ),
    "concerns_signed_answer": (
        "concerns_step",
        (
            "NEW.move = 'answer' AND (SELECT count(*) FROM concerns_answer a JOIN concerns_signature s ON "
            "s.answer_id = a.id WHERE a.concern_id = NEW.concern_id) <= (SELECT count(*) FROM concerns_step t "
            "WHERE t.concern_id = NEW.concern_id AND t.move = 'answer')"
        ),
        "a concern is answered by a signed answer alone",
    ),
    "concerns_no_early_end": (
        "concerns_step",
        (
            "NEW.move IN ('accept', 'contest', 'lapse') AND NOT EXISTS (SELECT 1 FROM concerns_step t "
            "WHERE t.concern_id = NEW.concern_id AND t.move = 'answer')"
        ),
        "a concern that was not answered does not end so",
    ),
}
"""Name -> table, what is refused of a new row, in what words."""
_FIXED = ("concerns_step", "concerns_signature")


def triggers(vendor: str, tables: Collection[str]) -> Triggers:
    """What there is to be. While the tables are made, those of the tables that there are."""
    make = _on_sqlite if vendor == "sqlite" else _on_postgresql
    return make(tables)


def _on_sqlite(tables: Collection[str]) -> Triggers:
    made = {
        name: f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {refused} "
        f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for name, (table, refused, said) in _RULES.items()
        if table in tables
    }
    made |= {
        f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
        for table in _FIXED
        if table in tables
        for verb in ("update", "delete")
    }
    return Triggers(made)


def _on_postgresql(tables: Collection[str]) -> Triggers:
    known = {name: rule for name, rule in _RULES.items() if rule[0] in tables}
    functions = {
        name: f"BEGIN IF {refused} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END"
        for name, (_table, refused, said) in known.items()
    }
    made = {
        name: f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        for name, (table, _refused, _said) in known.items()
    }
    fixed = [t for t in _FIXED if t in tables]
    if fixed:
        functions["concerns_never_changed"] = (
            "BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END"
        )
    made |= {
        f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION concerns_never_changed()"
        for table in fixed
        for verb in ("update", "delete", "truncate")
    }
    return Triggers(made, functions)


declare_triggers("concerns", triggers)
