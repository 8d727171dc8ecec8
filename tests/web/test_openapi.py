"""The description of the API is one, is right, and is kept: whatever is sent, nothing else is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from penholder.actions.values import Door
from tests.web.real_site import ONE, RealSite, address, our_actions

DOCUMENT = "/api/v1/openapi.json"
STATUSES = {"200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "503"}


@pytest.fixture
def site() -> Iterator[type[RealSite]]:
    with RealSite.open() as made:
        yield made


def document() -> Any:
    return Client().get(DOCUMENT).json()


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(site: type[RealSite]) -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    named = set(json.dumps(found).split('"#/components/schemas/')[1:])
    names = {part.split('"', 1)[0] for part in named}
    assert names <= found["components"]["schemas"].keys()
    ids = [operation["operationId"] for path in found["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_its_schemas_are_schemas(site: type[RealSite]) -> None:
    schemas = pytest.importorskip("jsonschema_rs")
    for schema in document()["components"]["schemas"].values():
        schemas.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema)


def test_every_act_is_described_with_its_body_its_key_and_its_errors(site: type[RealSite]) -> None:
    paths = document()["paths"]
    for spec in our_actions(Door.API):
        post = paths[address(spec, "/api/v1/acts/")]["post"]
        assert post["operationId"] == spec.name
        assert spec.permission in post["description"]
        assert {"200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "503"} <= post[
            "responses"
        ].keys()
        assert "content" not in post["responses"]["404"]
        assert [p["name"] for p in post["parameters"] if p["required"]] == ["Idempotency-Key"]
        body = post["requestBody"]["content"]["application/json"]["schema"]
        assert "properties" in body or "$ref" in body


@pytest.mark.slow
@pytest.mark.parametrize("role", ["licensing_manager", f"exporter/{ONE}", "administrator", "auditor"])
def test_whatever_is_sent_is_answered_as_described(site: type[RealSite], role: str) -> None:
    pytest.importorskip("schemathesis")
    from tests.web.api_fuzz import fuzz

    found = fuzz(who=f"P-1/{role}", examples=2, seed=7, ids=site.ids())
    assert found.failures == {}
    assert found.requests > 2_000
    assert not [status for status in found.statuses if status >= 500]
