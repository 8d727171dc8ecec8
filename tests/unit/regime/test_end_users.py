"""The table of end-user classes says who is the forces."""

from __future__ import annotations

import pytest

from penholder.kernel.errors import RuleError
from penholder.kernel.truth import Truth
from penholder.regime.end_users import end_user_classes, read_classes
from penholder.rules.records import parse_record

HEAD = 'version: "1"\nsource: a test\nclasses:\n'
NONE = "  - {id: not_stated, title: Not stated, forces: unknown}\n"


def test_who_is_the_forces() -> None:
    assert {c.id: c.forces for c in end_user_classes().values()} == {
        "forces": Truth.YES,
        "government": Truth.UNKNOWN,
        "law_enforcement": Truth.NO,
        "commercial": Truth.NO,
        "personal": Truth.NO,
        "academic": Truth.NO,
        "international_organisation": Truth.NO,
        "humanitarian": Truth.NO,
        "other": Truth.NO,
        "unclear": Truth.UNKNOWN,
        "not_stated": Truth.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            NONE + "  - {id: forces, title: F, forces: maybe}\n",
            "table.yaml:5: key 'forces': 'maybe' is not allowed",
        ),
        (NONE + "  - {id: not_stated, title: F, forces: no}\n", "class 'not_stated' is given twice"),
        ("  - {id: forces, title: F, forces: yes}\n", "the class 'not_stated' is missing"),
        (NONE + "  - {id: x, titel: F, forces: yes}\n", "key 'titel' is not allowed"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(body: str, message: str) -> None:
    with pytest.raises(RuleError, match=r"table\.yaml") as caught:
        read_classes(parse_record(HEAD + body, name="table.yaml", error=RuleError))
    assert message in caught.value.message
