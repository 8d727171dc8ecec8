"""What the database itself refuses of concerns, on SQLite and PostgreSQL, whoever writes.

Beside the CHECK constraints of the tables: an answer is signed only whole, and by another person; no concern is
answered without a signed answer, and none is accepted or contested that was not answered; steps and signatures are
never changed. Installed by the first migration.
"""

from __future__ import annotations

from typing import Any

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
        "EXISTS (SELECT 1 FROM concerns_answer a WHERE a.id = NEW.answer_id AND a.person = NEW.person)",
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


def install(connection: Any) -> None:
    """Make the triggers. Needs an open migration door."""
    make = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def _on_sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table} WHEN {refused} "
        f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for name, (table, refused, said) in _RULES.items()
    ]
    return made + [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
        for table in _FIXED
        for verb in ("update", "delete")
    ]


def _on_postgresql() -> list[str]:
    made = []
    for name, (table, refused, said) in _RULES.items():
        made += [
            (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {refused} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW; END $$"
            ),
            f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    function = (
        "CREATE OR REPLACE FUNCTION concerns_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$"
    )
    fixed = [
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION concerns_never_changed()"
        for table in _FIXED
        for verb in ("update", "delete", "truncate")
    ]
    return [*made, function, *fixed]
