"""What the parameters of an act are in the boxes of its page: texts by name of the box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from penholder.actions.registry import ACTIONS
from penholder.assessment.values import Area, Aspect
from tests.browser.keyboard import Boxes

Given = Mapping[str, Any]
Texts = dict[str, Any]
NONE = "none"
_CITED = ("_evidence", "_evidence_more")
_EMPTY: tuple[Any, ...] = (None, "", (), [])


def boxes_of(act: str, given: Given, *, shown: str) -> Boxes:
    """The boxes for an act. shown: text of the page, where the order of rows is read from."""
    way = _WAYS.get(act)
    made = way(given, shown) if way else dict(given)
    made.pop("expected_version", None)
    usual = {n: v for n, v in _usual(act).items() if n not in given} if act in ACTIONS else {}
    usual |= {n: made.pop(n) for n in [*made] if n.endswith(_CITED) and not made[n]}
    return Boxes({name: _text(value) for name, value in made.items() if value is not None}, usual)


def _usual(act: str) -> Texts:
    """Parameters that may be left empty are left so: what the page says first is taken back."""
    fields = ACTIONS[act].parameters.model_fields.items()
    return {
        name: [] if info.default == () else ""
        for name, info in fields
        if not info.is_required() and any(info.default == e and type(info.default) is type(e) for e in _EMPTY)
    }


def _text(value: Any) -> Any:
    """Check boxes are told by the values that are ticked; a box of several values is told by the page."""
    return list(value) if isinstance(value, list | tuple) else value


def rows(name: str, row: Callable[[Given], Texts], *, box: str = "row") -> Callable[[Given, str], Texts]:
    """Rows of one parameter, in the boxes `row_0_<part>`, `row_1_<part>`."""

    def made(given: Given, _shown: str) -> Texts:
        rest = {n: v for n, v in given.items() if n != name}
        return rest | _numbered(enumerate(map(row, given[name])), box)

    return made


def _numbered(found: Any, box: str) -> Texts:
    return {f"{box}_{n}_{part}": value for n, row in found for part, value in row.items()}


def _answered(values: Sequence[str] | None) -> str:
    """Several answers in one box; that there is none is an answer too."""
    return "" if values is None else "; ".join(values) or NONE


def _goods(line: Given) -> Texts:
    return {
        **line,
        "stated_ratings": "; ".join(line["stated_ratings"]),
        "programmes": _answered(line["programmes"]),
    }


def _party(party: Given) -> Texts:
    return {n: v for n, v in party.items() if n != "undertaking"}


def _finding(found: Given) -> Texts:
    more = {"gaps": "\n".join(found["gaps"])} if "gaps" in found else {}
    return {**found, **more, **_cited(found)}


def _cited(part: Given) -> Texts:
    """Reports are ticked in the list, all else is typed below it."""
    ids = list(part.get("evidence", ()))
    listed = [i for i in ids if i.startswith("IN-")]
    return {"evidence": listed, "evidence_more": ", ".join(i for i in ids if i not in listed)}


def _end_use(given: Given, _shown: str) -> Texts:
    approvals, harm = _answered(given["security_approvals"]), given["harm_of_disclosure"] or NONE
    return {**given, "security_approvals": approvals, "harm_of_disclosure": harm}


def _ratings(given: Given, _shown: str) -> Texts:
    rest = {n: v for n, v in given.items() if n != "ratings"}
    made = {int(r["line"]) - 1: {n: v for n, v in r.items() if n != "line"} for r in given["ratings"]}
    for row in made.values():
        row["ratings"] = "; ".join(row["ratings"])
    return rest | _numbered(made.items(), "row")


def _consolidated(given: Given, shown: str) -> Texts:
    """The rows stand in the order of the page, which names the limb of each."""
    rest = {n: v for n, v in given.items() if n != "findings"}
    order = sorted(given["findings"], key=lambda f: shown.index(f"{f['rule']}:"))
    made = [{n: v for n, v in f.items() if n != "rule"} for f in order]
    return rest | _numbered(enumerate(made), "row")


def _version(given: Given, _shown: str) -> Texts:
    content = dict(given["content"])
    cells = {(c["area"], c["aspect"]): c for c in content.pop("cells")}
    made: Texts = {n: v for n, v in given.items() if n != "content"}
    for area in Area:
        for aspect in Aspect:
            cell = _found(cells.get((area.value, aspect.value), {}), ("finding", "grounds"))
            made |= {f"cell_{area}_{aspect}_{n}": v for n, v in cell.items()}
    names = ("use_class", "limb", "finding", "risk", "use", "grounds")
    made |= _numbered(enumerate(_found(r, names) for r in content.pop("risks")), "risk")
    return made | content | {"gaps": "\n".join(content.get("gaps", ()))}


def _found(part: Given, names: Sequence[str]) -> Texts:
    texts = {n: part[n] for n in names if n in part}
    return texts | _cited(part) | {"gaps": "\n".join(part.get("gaps", ()))}


def _casualties(given: Given, _shown: str) -> Texts:
    made = {n: v for n, v in given.items() if n != "casualties"}
    for r in given.get("casualties", ()):
        box = f"{r['harm']}_{r.get('status', 'unknown')}"
        made |= {f"{box}_least": r["least"], f"{box}_most": r.get("most", "")}
    return made


def _acknowledged(given: Given, _shown: str) -> Texts:
    moment = given["acknowledged_at"].replace("T", " ").removesuffix("Z").removesuffix(":00")
    return {**given, "acknowledged_at": moment}


def _answers(given: Given, _shown: str) -> Texts:
    made: Texts = {n: v for n, v in given.items() if n != "answers"}
    for answer in given["answers"]:
        rest = {n: v for n, v in answer.items() if n != "point"} | {"records": ", ".join(answer["records"])}
        made |= {f"p{answer['point']}_{n}": v for n, v in rest.items()}
    return made


_WAYS: Mapping[str, Callable[[Given, str], Texts]] = {
    "register.enter_licence": rows("lines", dict, box="line"),
    "register.acknowledge_customs_message": _acknowledged,
    "casework.set_goods": rows("goods", _goods),
    "casework.set_parties": rows("parties", _party),
    "casework.set_route": rows("route", dict),
    "casework.state_end_use": _end_use,
    "casework.rate_goods": _ratings,
    "casework.record_advice": rows("findings", _finding),
    "casework.propose_outcome": _consolidated,
    "casework.decide_appeal": _consolidated,
    "evidence.enter_incident": _casualties,
    "assessment.save_version": _version,
    "concerns.propose_answer": _answers,
    "statements.record_statement": rows("claims", dict, box="claim"),
}
