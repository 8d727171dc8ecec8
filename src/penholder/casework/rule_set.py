"""The rule set by which the authority decides: as configured, or that of the family `uk` in force on the day."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from penholder.casework.policy.advice import limbs_of
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import ConfigurationError, NotKnownError
from penholder.regime.regimes import families, regime, regime_on
from penholder.regime.types import Regime, Rule


def rule_set_on(day: date) -> Regime:
    """The set in force on a day. Raises: ConfigurationError: there is no such set, or none is held for the day."""
    named: str = getattr(settings, "PENHOLDER_RULE_SET", "uk")
    try:
        return regime_on(named, day) if named in families() else regime(named)
    except NotKnownError as error:
        raise ConfigurationError(
            f"penholder.toml: rule_set = {named!r} cannot be used on {day}: {error.message}",
            hint="give a rule set or a family; `penholder regime list` shows them",
        ) from error


def limbs_in_force(day: date) -> dict[str, Rule]:
    """The limbs under which something is to be found on a day, by id."""
    return limbs_of(rule_set_on(day), on=day)


def version_of(found: Regime) -> str:
    """Which version of a rule set applied: its id, and the beginning of a hash of all that its rules say."""
    rules = [
        [
            r.id, r.limb, str(r.valid.start), str(r.valid.end), r.text_status.value, r.consequence, r.threshold,
            r.use_modality, list(r.use_link), r.wording, list(r.within), r.lead_adviser_role, r.mitigation_allowed,
            r.countervailing_interest_allowed,
        ]
        for r in found.rules
    ]  # fmt: skip
    return f"{found.id}@{sha256_of([found.id, rules])[:16]}"
