"""Schemathesis over the whole API, in process: how many requests, and what was wrong with the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import (
    CacheConfig,
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    SimpleCheckConfig,
)
from schemathesis.config._checks import ChecksConfig, NegativeDataRejectionConfig, PositiveDataAcceptanceConfig
from schemathesis.engine import from_schema

DOCUMENT = "/api/v1/openapi.json"


_REAL = 0.8
"""How many of the ids are real ones."""


@dataclass
class Fuzzed:
    """What a run found."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    """Check and operation -> how to do it again."""

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return sum(self.statuses.values())


def fuzz(
    *, who: str, examples: int, seed: int, ids: Mapping[str, Sequence[Any]] | None = None, paths: str = ""
) -> Fuzzed:
    """Call every operation of the API as the bearer of the token `who`, with data that fit and data that do not.

    `ids`: parameter -> values that there are, put into most bodies. `paths`: a regular expression; only these.
    Checked: no 5xx, no status, content type or body that the description does not have, 405 with Allow for
    methods that are not there, refusal without a required header.
    Not checked: that all data that fit are accepted (the law of the subject refuses most), and that all others
    are refused (texts are read as numbers and dates, as forms and the command line need it).
    """
    from penholder.site.wsgi import application

    found = Fuzzed()

    def counted(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: Any, *rest: Any) -> Any:
            found.statuses[int(status[:3])] += 1
            return start_response(status, headers, *rest)

        return application(environ, start)

    schema = schemathesis.openapi.from_wsgi(DOCUMENT, counted, config=_configuration(who, examples, seed))
    if paths:
        schema = schema.include(path_regex=paths)
    schema.hook("map_body")(_with_real_ids(ids or {}, Random(seed)))
    for event in from_schema(schema).execute():
        recorder = getattr(event, "recorder", None)
        if recorder is not None:
            _collect(recorder, found)
        for name in ("exception", "value"):
            if hasattr(event, name) and isinstance(getattr(event, name), Exception):
                found.failures[type(event).__name__] = repr(getattr(event, name))
    return found


def _with_real_ids(ids: Mapping[str, Sequence[Any]], rng: Random) -> Callable[[Any, Any], Any]:
    """Put ids that there are in the place of most made-up ones: else nearly every act ends at `absent`."""

    def map_body(_context: Any, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return body | {n: rng.choice(ids[n]) for n in sorted(body.keys() & ids.keys()) if rng.random() < _REAL}

    return map_body


def _collect(recorder: Any, found: Fuzzed) -> None:
    for nodes in recorder.checks.values():
        for node in nodes:
            if node.failure_info is not None:
                failure = node.failure_info.failure
                found.failures.setdefault(
                    f"{node.name}: {recorder.label}", f"{failure} {node.failure_info.code_sample}"
                )


def _configuration(who: str, examples: int, seed: int) -> SchemathesisConfig:
    checks = ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False),
        negative_data_rejection=NegativeDataRejectionConfig(enabled=False),
        use_after_free=SimpleCheckConfig(enabled=False),
        ensure_resource_availability=SimpleCheckConfig(enabled=False),
        # In process, Schemathesis 4.32 breaks in this check itself; test_access_matrix.py has it, for every act.
        ignored_auth=SimpleCheckConfig(enabled=False),
    )
    generation = GenerationConfig(
        max_examples=examples,
        no_shrink=True,
        database="none",
        modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
    )
    project = ProjectConfig(
        headers={"Authorization": f"Bearer {who}"},
        workers=1,
        checks=checks,
        generation=generation,
        continue_on_failure=True,
    )
    return SchemathesisConfig(seed=seed, projects=ProjectsConfig(default=project), cache=CacheConfig())
