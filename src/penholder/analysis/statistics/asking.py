"""What figures and lists share: the lines in use on an engine, what can be chosen, and the rules that count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from penholder.analysis.engines import Engine, open_engine
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.statistics import count
from penholder.analysis.statistics.choices import Choices, read_filters
from penholder.analysis.statistics.dimensions import READ, codes, dimension, kinds_of, with_dimensions
from penholder.analysis.statistics.lines import lines_in_use
from penholder.analysis.statistics.question import Question, Scope, check_measure
from penholder.kernel.errors import InputError
from penholder.regime.control_lists import entry
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types

Present = Callable[[str], tuple[str | int | None, ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A data folder opened on an engine. `lines` is an `ibis.Table`."""

    engine: Engine
    known: date | None
    lines: Any
    choices: Choices
    assumed_months: Mapping[str, int | None]
    without_onward: tuple[str, ...] = ()
    """Ids of the releases in use that came without their final destinations."""

    def question(
        self, *, by: Sequence[str] = (), measure: str = "lines", where: Iterable[str] = (), scope: Scope
    ) -> Question:
        """The question in checked form. Raises: InputError for unknown dimensions, measures or values."""
        names = tuple(dimension(name.strip()).name for name in by)
        if len(set(names)) < len(names):
            raise InputError(f"--by {','.join(names)} names a dimension twice", hint="name each once")
        return Question(names, check_measure(measure), read_filters(where, self.choices), scope)

    def chosen(self, question: Question) -> Any:
        """See `count.chosen`."""
        kinds = self.kinds() if "military" in question.used else {}
        chosen = count.chosen(self.lines, question, assumed_months=self.assumed_months, kinds=kinds)
        return self.engine.named(chosen)

    def kinds(self) -> dict[str, list[str]]:
        """Kind of control list -> the codes of it that the lines have."""
        return _kinds(self.engine, self.lines)


@contextmanager
def asking(
    catalogue: Catalogue, *, known: date | None = None, engine: str = "local", master: str | None = None
) -> Iterator[Asking]:
    """Open a data folder for questions.

    Raises: NotKnownError without lines, or none known by `known`; InputError, MissingExtraError for the engine.
    """
    with open_engine(engine, master=master) as opened:
        yield asking_on(opened, catalogue, known=known)


def asking_on(engine: Engine, catalogue: Catalogue, *, known: date | None = None) -> Asking:
    """The same on an engine that is open already."""
    lines = engine.named(lines_in_use(engine, catalogue, known=known))
    months = {name: kind.assumed_months for name, kind in licence_types().items()}
    without_onward = tuple(r.id for r in catalogue.lacking("onward", known=known))
    return Asking(engine, known, lines, _choices(_present(engine, lines), catalogue), months, without_onward)


def _choices(present: Present, catalogue: Catalogue) -> Choices:
    own = read_rows(catalogue, "places", columns=["place", "name"])
    places = dict(zip(own["place"].to_pylist(), own["name"].to_pylist(), strict=True))
    listed = {"end_user": (*end_user_classes(), "not_stated"), "licence_type": tuple(licence_types())}
    return Choices(present, places, listed, is_code=lambda code: entry(code) is not None)


def _present(engine: Engine, lines: Any) -> Present:
    """The distinct values of a dimension in the lines; each dimension is read once."""

    @cache
    def present(name: str) -> tuple[str | int | None, ...]:
        kinds = _kinds(engine, lines) if name == "military" else {}
        table = with_dimensions(lines.select(READ), {name}, kinds=kinds).select(f"by_{name}").distinct()
        return tuple(engine.arrow(table).column(0).to_pylist())

    return present


def _kinds(engine: Engine, lines: Any) -> dict[str, list[str]]:
    found = engine.arrow(codes(lines))["code"].to_pylist()
    return kinds_of(found, kind_of=_kind_of)


def _kind_of(code: str) -> str:
    found = entry(code)
    if found is not None and found.is_military:
        return "military"
    # The codes of the dual-use list begin with the number of their category; no other list has such codes.
    return "dual_use" if found is not None and found.code[0].isdigit() else "other"
