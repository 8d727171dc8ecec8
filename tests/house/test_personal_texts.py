"""Every column that can hold text has a class: where personal texts may stand is decided, not found out.

A new column fails here until somebody says what it holds. `sealed` means a column of `people.models.SealedText`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from tests.casework import start_django

start_django()

from penholder.people.models import SealedText  # noqa: E402 - Django first

CLASSES = {
    "id": "a random public id, or a number of our own",
    "word": "one of a closed list of words, or a name that the program gives",
    "sealed": "personal text under the key of its subject; opened on reading, empty after an erasure",
    "cipher": "encrypted as a whole: vault, sessions",
    "pseudonym": "HMAC under the lookup key; random after an erasure",
    "digest": "a salted commitment, a hash of ciphertext or of 256 random bits, a hash of public content",
    "password": "a slow hash, unusable after an erasure",
    "public": "published, or taken from a publication",
    "record": "content of a licence: about goods and firms, kept for the time that the law says, never erased",
    "office": "what officials write about conduct and findings: functions and forces, no persons; never erased",
    "unit": "the name of a desk, never of a person",
    "empty": "nothing is ever written: a table that comes with a library",
}
COLUMNS: dict[str, dict[str, str]] = {
    "people_user": {
        "password": "password", "public_id": "id", "email": "pseudonym", "address": "sealed", "title": "sealed",
    },
    "people_rolegrant": {"public_id": "id", "role": "word"},
    "people_team": {"public_id": "id", "name": "unit"},
    "people_delegation": {"public_id": "id", "roles": "word"},
    "people_absence": {"public_id": "id"},
    "people_organisation": {"public_id": "id", "name": "sealed"},
    "people_agent": {"public_id": "id"},
    "people_apitoken": {"public_id": "id", "label": "sealed", "digest": "digest"},
    "people_task": {"public_id": "id", "about": "id", "text": "sealed", "role": "word", "state": "word"},
    "people_resetrequest": {"public_id": "id", "state": "word"},
    "penholder_cache": {"cache_key": "pseudonym", "value": "word"},
    "account_emailaddress": {"email": "pseudonym"},
    "account_emailconfirmation": {"key": "empty"},
    "mfa_authenticator": {"type": "word", "data": "cipher"},  # public keys of security keys beside sealed parts
    "socialaccount_socialaccount": {"provider": "word", "uid": "pseudonym", "extra_data": "empty"},
    "socialaccount_socialapp": dict.fromkeys(
        ("provider", "provider_id", "name", "client_id", "secret", "key", "settings"), "empty"
    ),
    "socialaccount_socialtoken": {"token": "empty", "token_secret": "empty"},
    "django_session": {"session_key": "id", "session_data": "cipher"},
    "auth_permission": {"name": "word", "codename": "word"},
    "auth_group": {"name": "empty"},
    "django_content_type": {"app_label": "word", "model": "word"},
    "vault_sealedfield": {"name": "word", "subject": "id", "field_class": "word", "sealed": "cipher"},
    "vault_vaultfile": {
        "address": "digest", "subject": "id", "digest": "digest", "field_class": "word", "media_type": "word",
    },
    "actions_act": {
        "run": "id", "act": "word", "actor": "id", "role": "word", "about": "id", "stood_in_for": "id",
    },
    "actions_idempotencykey": {"key": "digest", "request": "digest", "receipt": "id"},
    "actions_outboxrow": {"event": "word", "reaction": "word", "failure": "word"},
    "actions_scheduledrun": {"name": "word", "failure": "word"},
    "ledger_entry": {"body": "public", "run": "id", "event": "word", "about": "id"},
    "ledger_node": {"hash": "digest"},
    "ledger_head": {"root": "digest", "frontier": "digest"},
    "ledger_checkpoint": {"root": "digest", "note": "public"},
    "review_change": {"run": "id", "act": "word"},
    "review_circumstance": {
        "public_id": "id", "trigger": "word", "destinations": "public", "words": "record", "state": "word",
    },
    "review_step": {"move": "word", "state": "word", "text": "record"},
    "review_stocktake": {
        "public_id": "id", "profile": "record", "profile_id": "word", "profile_sha256": "digest",
        "title": "record", "data_sha256": "digest", "rows_address": "digest", "rows_digest": "digest",
        "counts": "record",
    },
    "review_row": {
        "licence": "id", "engine": "word", "because": "word", "route": "word", "basis": "word", "grade": "word",
        **dict.fromkeys(
            ("reference", "path", "rating", "description", "destination", "onward", "end_user", "currency"),
            "record",
        ),
    },
    "review_classification": {"licence": "id", "use": "word", "reasons": "record"},
    "review_options": {
        "recommended": "word", "advice": "record", "advice_against": "record", "consequences": "record",
    },
    "review_decision": {
        "option": "word", "recommended": "word", "power": "word", "limb": "word", "assessment": "id",
        **dict.fromkeys(("stopped", "left", "exemptions", "gates"), "id"),
        **dict.fromkeys(("reasons", "against_reasons", "gate_reasons", "terms", "moratorium"), "record"),
    },
    "review_execution": {"stopped": "id", "skipped": "id", "moratorium": "id"},
    "restrictions_change": {"run": "id", "act": "word"},
    "restrictions_restriction": {
        "public_id": "id", "kind": "word", "limb": "word", "scope": "public", "cause": "id",
        **dict.fromkeys(("legal_basis", "reasons", "advice_for", "advice_against", "conditions"), "record"),
    },
    "restrictions_step": {
        "kind": "word", "destination": "public", "where": "record", "reasons": "record", "gates": "id",
        "gate_reasons": "record",
    },
    "casework_change": {"run": "id", "act": "word"},
    "casework_case": {
        "public_id": "id", "exporter": "id", "licence_type": "word", "destination": "record", "places": "record",
        "status": "word",
    },
    "casework_part": {
        "kind": "word", "public_id": "id", "about": "id", "status": "word", "content": "record",
    },
    "casework_notice": {
        "public_id": "id", "kind": "word", "subject": "id", "about": "id", "holder": "id", "lines": "id",
        "content": "record", "file": "digest", "file_digest": "digest",
    },
    "casework_partylist": {
        "public_id": "id", "name": "record", "kind": "word", "source": "record", "refused": "word",
        "file": "digest", "file_digest": "digest", "data_sha256": "digest",
    },
    "casework_listentry": {"key": "record", "spellings": "record", "place": "record"},
    "register_change": {"run": "id", "act": "word"},
    "register_release": dict.fromkeys(
        ("public_id", "release", "series", "facts", "source_sha256", "data_sha256"), "public"
    ),
    "register_licence": {
        "public_id": "id", "series": "public", "reference": "record", "licence_type": "word", "exporter": "id",
        "decided_precision": "word", "case": "id", "without_case": "word", "without_case_words": "record",
    },
    "register_line": {"status": "word", "destination": "record", "power": "word"},
    "register_terms": dict.fromkeys(
        (
            "rating", "description", "destination", "onward", "end_user", "end_user_state", "programmes",
            "currency", "unit", "published",
        ),
        "record",
    ),
    "register_lineversion": dict.fromkeys(("act", "status", "precision", "power", "limb"), "word"),
    "register_draw": {"source": "record", "message": "record", "origin": "word", "completeness": "word"},
    "register_condition": {"public_id": "id", "lines": "id", "text": "record", "timing": "word"},
    "register_customsmessage": {"public_id": "id", "lines": "id", "kind": "word", "their_reference": "record"},
    "evidence_change": {"run": "id", "act": "word"},
    "evidence_source": {"public_id": "id", "name": "office", "kind": "word", "note": "office"},
    "evidence_import": {
        "public_id": "id", "layout": "word", "reasons": "word", "file": "digest", "file_digest": "digest",
        "data_sha256": "digest",
    },
    "evidence_quarantinedrow": {"column": "office", "reason": "word"},
    "evidence_incident": {
        "public_id": "id", "date_precision": "word", "place_precision": "word", "object_class": "word",
        **dict.fromkeys(
            ("key", "place", "admin1", "admin2", "place_name", "munition", "object_words", "certainty"), "office"
        ),
    },
    "evidence_actor": {"name": "office"},
    "evidence_means": {"means": "word"},
    "evidence_casualties": {"harm": "word", "status": "word", "status_source": "id"},
    "evidence_grade": {"axis": "word", "value": "word", "reason": "office"},
    "evidence_origin": {"reason": "office"},
    "evidence_joining": {"reason": "office"},
    "evidence_scope": {"reason": "office"},
    "evidence_finding": {
        "axis": "word", "value": "word", "confidence": "word", "party": "office", "grounds": "office",
        "evidence": "id", "reason": "office",
    },
    "evidence_explanation": {
        "public_id": "id", "party": "office", "kind": "word", "position": "word", "text": "office",
        "credibility": "word", "credibility_reason": "office",
    },
    "evidence_exculpatoryfact": {
        "public_id": "id", "kind": "word", "text": "office", "disputed": "office", "credibility": "word",
        "credibility_reason": "office",
    },
    "evidence_gap": {"public_id": "id", "axis": "word", "question": "office"},
    "evidence_gapclosing": {"answer": "office"},
    "assessment_assessment": {
        "public_id": "id", "destination": "word", "party": "office", "conflict": "office", "run": "id",
    },
    "assessment_version": {
        "public_id": "id", "content": "office", "dropped": "id", "answers": "id", "run": "id",
    },
    "assessment_step": {"move": "word", "status": "word", "run": "id"},
    "assessment_changerequest": {
        "public_id": "id", "requested_by": "office", "what": "office", "why": "office", "drops": "id", "run": "id",
    },
    "assessment_dissentlink": {"dissent": "id", "run": "id"},
    "assessment_gist": {"text": "public", "run": "id"},
    "statements_statement": {
        **dict.fromkeys(("destination", "place", "speaker_role", "words", "source", "claims"), "public"),
        **dict.fromkeys(("public_id", "assessment", "assessed", "run"), "id"),
    },
    "statements_promise": {"public_id": "id", "words": "public", "run": "id"},
    "statements_outcome": {"state": "word", "source": "public", "words": "public", "run": "id"},
    "restrictions_gaterow": {"public_id": "id", "target": "id", "question": "word", "level": "unit"},
    # What was raised and answered is under the key of its case, which no table holds.
    "concerns_concern": {
        "public_id": "id", "policy": "word", "matter": "word", "content": "cipher", "commitment": "digest",
    },
    "concerns_filer": {"lookup": "digest", "public": "digest", "boxed": "cipher"},
    "concerns_officerkey": {"public": "digest", "locked": "cipher"},
    "concerns_reader": {"boxed": "cipher"},
    "concerns_step": {
        "move": "word", "person": "id", "points": "id", "levels": "id", "measures": "id", "run": "id",
    },
    "concerns_lapsenote": {"run": "id"},
    "concerns_knowntarget": {
        "public_id": "id", "kind": "word", "title": "office", "state": "word", "people": "pseudonym",
    },
    "concerns_message": {"public_id": "id", "text": "cipher", "run": "id"},
    "concerns_attachment": {
        "public_id": "id", "address": "digest", "name": "cipher", "media_type": "word", "run": "id",
    },
    "concerns_joinrequest": {"person": "id", "run": "id"},
    "concerns_answer": {"public_id": "id", "person": "id", "run": "id"},
    "concerns_answeredpoint": {"disposition": "word", "grounds": "cipher", "more": "cipher"},
    "concerns_signature": {"person": "id", "stood_in_for": "id", "run": "id"},
    "debate_houserules": {"version": "word", "content": "public", "sha256": "digest", "run": "id"},
    # The pseudonym of a membership survives an erasure, because a ban does; that of a name does not.
    "debate_enteredmembership": {"key": "pseudonym", "person": "id", "run": "id"},
    "debate_member": {
        "public_id": "id", "key": "pseudonym", "person": "id", "name": "cipher", "name_key": "pseudonym",
    },
    "debate_allowance": {"kind": "word"},
    "debate_comment": {
        "public_id": "id", "kind": "word", "page": "id", "person": "id", "path": "id", "state": "word",
    },
    "debate_edition": {"text": "cipher", "html": "cipher"},
    "debate_report": {"public_id": "id", "person": "id", "rule": "word", "text": "cipher"},
    "debate_statement": {
        "public_id": "id", "person": "id", "facts": "cipher",
        **dict.fromkeys(("measure", "scope", "source", "rule", "redress"), "word"),
    },
    "debate_measure": {
        "public_id": "id", "measure": "word", "rule": "word", "source": "word", "ended": "word",
    },
    "debate_banproposal": {"public_id": "id", "person": "id", "rule": "word", "facts": "cipher", "state": "word"},
    "debate_appeal": {
        "public_id": "id", "person": "id", "grounds": "cipher", "outcome": "word", "reasons": "cipher",
    },
}  # fmt: skip
_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def text_columns() -> dict[str, dict[str, Any]]:
    """Table -> column -> its field, of every column that can hold text or bytes; tables of tests are left out."""
    found: dict[str, dict[str, Any]] = {}
    for model in apps.get_models(include_auto_created=True):
        fields = {str(f.column): f for f in model._meta.concrete_fields if isinstance(f, _TEXT)}
        if fields and not model.__module__.startswith("tests."):
            found[model._meta.db_table] = fields
    return found


def test_every_column_that_can_hold_text_has_a_class() -> None:
    found = {table: sorted(columns) for table, columns in text_columns().items()}
    assert found == {table: sorted(columns) for table, columns in COLUMNS.items()}
    assert {said for columns in COLUMNS.values() for said in columns.values()} == CLASSES.keys()


def test_sealed_columns_are_those_of_the_type_for_sealed_texts() -> None:
    of_type = {
        (t, c) for t, fields in text_columns().items() for c, f in fields.items() if isinstance(f, SealedText)
    }
    assert of_type == {(t, c) for t, columns in COLUMNS.items() for c, said in columns.items() if said == "sealed"}
