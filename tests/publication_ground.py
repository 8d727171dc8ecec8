"""What tests of publication share: a small published log of an invented authority, and the public site on it.

One installation of the tests is the authority and, on its own projection, the public site too: what they exchange
is the published folder. That the public site opens nothing else is tested on two homes (tests/stories).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.custody.actions import announce_policy
from penholder.custody.publish import publish
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import Verifier
from penholder.ledger.policy import policy_text
from penholder.publication.disclosure import disclosure
from penholder.publication.load import Loaded, load
from penholder.publication.projection import FILE
from penholder.register import actions as register
from penholder.register.values import LineTerms, Power
from penholder.restrictions import actions as restrictions
from penholder.statements import actions as statements
from penholder.vault.store import keys as key_store
from tests import ledger_ground
from tests.assessment_ground import DECIDER, MANAGER, person
from tests.casework import HOME, Casework, SettingsOfTest
from tests.register_ground import NO_CASE, Clock, at, now

__all__ = ["Clock", "at", "now"]

RECEPTION, SENIOR = person("reception", "reception"), person("senior", "licensing_manager")
TODAY = date(2024, 9, 2)
LIMB = "uk-selc-2021/2c"
REVIEW = date(2024, 10, 1)
PROMISED = "An update will follow when the review is complete."
SAID = f"All licences are in line with the criteria. {PROMISED}"
SITE: dict[str, Any] = {"ROOT_URLCONF": "penholder.site.urls_public", "PENHOLDER_SITE": "public"}
LINES = {
    "pumps": {"rating": "ML10", "destination": "XV", "end_user": "forces", "onward": "XN"},
    "vehicles": {"rating": "ML6", "destination": "XV", "end_user": "law_enforcement"},
    "cameras": {"rating": "6A002", "destination": "XN", "end_user": "commercial"},
}


def terms(name: str, **changes: Any) -> LineTerms:
    """Terms with a description, a value and a quantity that must never be published."""
    given: dict[str, Any] = {
        "description": f"secret {name}",
        "value": Decimal(75000),
        "currency": "GBP",
        "quantity_limit": Decimal(40),
    }
    return LineTerms(**{**given, "unit": "item", **LINES[name], **changes})


class Ground:
    """The authority, its published folder, and what the public site made of it."""

    _made: ClassVar[Ground | None] = None
    """The one of the story, on SQLite: made once per process, and copied."""

    def __init__(self, casework: Casework, changed: SettingsOfTest, *, found: bool = True) -> None:
        changed.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
        changed.set("PENHOLDER_CLOCK", "tests.register_ground.now")
        changed.set("PENHOLDER_REACTIONS", "inline")
        changed.set("PENHOLDER_ORIGIN", ledger_ground.ORIGIN)
        at(date(2024, 6, 1))
        self.home = casework.home
        self.out = casework.home / "out"
        self.licences: dict[str, str] = {}
        self.key: Verifier
        if found:
            self.key = ledger_ground.found(casework)

    @classmethod
    def of_story(cls, casework: Casework, changed: SettingsOfTest) -> Ground:
        """The ground of the story, for a test that may change it."""
        if casework.vendor != "sqlite":
            return cls(casework, changed).story()
        if cls._made is None:
            first = Casework(HOME / "publication").open()
            cls._made = cls(first, changed).story()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            first.close()
        key_store().close()
        shutil.copytree(cls._made.home, casework.home, dirs_exist_ok=True)
        casework.use()
        made = cls(casework, changed, found=False)
        made.key, made.licences = cls._made.key, dict(cls._made.licences)
        at(TODAY)
        return made

    @property
    def keys(self) -> Keyring:
        """The key of the log, as an outsider has it."""
        return Keyring.parse(self.key.text())

    def issue(self, reference: str, *names: str, until: date | None = date(2026, 6, 1), **changes: Any) -> str:
        """Enter and issue a licence today, as two people; gives its id."""
        day = Clock.moment.date()
        entered = perform(
            register.enter_licence,
            RECEPTION,
            reference=reference,
            licence_type="standard_permanent",
            decided_on=day,
            valid_from=day,
            valid_until=until,
            exporter="O-secret",
            **NO_CASE,
            lines=tuple(terms(n, **changes) for n in names),
        ).result
        perform(register.issue_licence, MANAGER, licence=entered.licence, effective_on=day, expected_version=1)
        self.licences[reference] = entered.licence
        made: str = entered.licence
        return made

    def suspend(self, licence: str, *lines: int, version: int = 2, on: date | None = None) -> None:
        """Suspend lines, from today or an earlier day on."""
        perform(
            register.suspend_lines,
            MANAGER,
            licence=licence,
            lines=lines,
            power=Power.STATUTE,
            terms="secret terms: nothing may leave under these lines until the review is complete.",
            reasons="secret reasons: reports of strikes in the north are being looked at.",
            review_by=REVIEW,
            effective_on=on or Clock.moment.date(),
            expected_version=version,
        )

    def exempt(self, scope: str = "in: {onward: [XN]}") -> str:
        """Propose and announce an exemption, as two people; gives its id."""
        made = perform(
            restrictions.propose_exemption,
            MANAGER,
            limb=LIMB,
            scope=scope,
            legal_basis="secret legal basis of the measure",
            reasons="secret reasons: pooled supply of parts for allied aircraft.",
            advice_for="secret advice: the department of defence supports it.",
            review_by=REVIEW,
        ).result
        perform(
            restrictions.announce_exemption,
            DECIDER,
            exemption=made.id,
            announced_on=Clock.moment.date(),
            announced_where="Written statement 7 to the parliament",
            expected_version=1,
        )
        found: str = made.id
        return found

    def forbid(self, *destinations: str) -> str:
        """Set a moratorium; gives its id."""
        found: str = perform(
            restrictions.set_moratorium,
            DECIDER,
            destinations=destinations,
            limb=LIMB,
            legal_basis="secret legal basis of the moratorium",
            reasons="secret reasons: no new licences until the review is complete.",
            valid_from=Clock.moment.date(),
            review_by=REVIEW,
        ).result.id
        return found

    def say(self, words: str = SAID) -> tuple[str, str]:
        """A statement about XV, and a promise with it; gives both ids."""
        day = Clock.moment.date()
        said = perform(
            statements.record_statement,
            MANAGER,
            destination="XV",
            said_on=day,
            place="Parliament, oral answers",
            speaker_role="Decider",
            words=words,
            claims=(),
        ).result.id
        promise = perform(
            statements.record_promise,
            MANAGER,
            statement=said,
            words=PROMISED,
            due=date(2024, 8, 1),
        ).result.id
        return said, promise

    def ask_for_witnesses(self, count: int = 1) -> None:
        """Announce a policy that asks for outside witnesses."""
        from penholder.ledger.note import COSIGNATURE_V1, Signer

        signers = [Signer.generate(f"witness-{n}.invalid", algorithm=COSIGNATURE_V1) for n in range(count)]
        asked = {f"w{n}": signer.verifier for n, signer in enumerate(signers)}
        text = policy_text(logs=[self.key], witnesses=asked, threshold=count)
        perform(announce_policy, SYSTEM, policy=text)

    def publish(self, *, log: str = "authority", anew: bool = False) -> Loaded:
        """Publish, and load into the public site."""
        publish(self.out)
        return self.load(log=log, anew=anew)

    def load(self, folder: Path | None = None, *, log: str = "authority", anew: bool = False) -> Loaded:
        """Load a published folder."""
        return load(
            folder or self.out,
            log=log,
            to=Path(settings.PENHOLDER_HOME) / FILE,
            policy=disclosure(),
            now=now(),
            keys=self.keys,
            anew=anew,
        )

    def story(self) -> Ground:
        """Licences for two destinations, one suspended, an exemption, a moratorium, a statement with a promise."""
        self.issue("GBSIEL/2024/1", "pumps", "vehicles")
        self.issue("GBSIEL/2024/2", "cameras")
        at(date(2024, 7, 1))
        self.issue("GBSIEL/2024/3", "vehicles", until=date(2024, 8, 15))
        self.exempt()
        at(date(2024, 7, 10))
        self.say()
        at(date(2024, 8, 20))
        self.suspend(self.licences["GBSIEL/2024/1"], 2)
        self.forbid("XV")
        at(TODAY)
        self.publish()
        return self


@contextmanager
def public_site() -> Iterator[Client]:
    """The addresses of the public site, and somebody who looks at them."""
    with override_settings(**SITE):
        yield Client()


def visible(html: str) -> str:
    """The words of a page."""
    import re
    from html import unescape

    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" ([.,;:])", r"\1", text)
