"""Facts as a published log tells them, for tests without a log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from penholder.publication.disclosure import disclosure
from penholder.publication.policy import public_view
from penholder.publication.values import Fact

ISSUED = date(2024, 6, 1)


Acts = list[tuple[str, int, date]]
"""What is done (issue, suspend, reinstate, revoke), to which licence by its number, and on which day."""


def acts_on(days: st.SearchStrategy[date], *, licences: int, most: int | None = None) -> st.SearchStrategy[Acts]:
    """Any acts on so many licences."""
    what = st.sampled_from(["issue", "suspend", "reinstate", "revoke"])
    return st.lists(st.tuples(what, st.integers(0, licences - 1), days), max_size=most)


class Log:
    """A log that is written by hand: `say(event, day, **public fields)`."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def say(self, event: str, on: date, about: str, **fields: Any) -> Fact:
        """One more entry, recorded at ten on a day."""
        view = public_view(event, fields, at=on, on=date(2030, 1, 1), policy=disclosure())
        made = Fact(
            log="authority",
            number=len(self.facts),
            event=event,
            kind=view.kind,
            about=about,
            at=datetime(on.year, on.month, on.day, 10, tzinfo=UTC),
            claimed_at=None,
            late=False,
            role="licensing_manager",
            run="0" * 26,
            rules=None,
            fields=view.fields,
            withheld=view.withheld,
        )
        self.facts.append(made)
        return made

    def issue(
        self,
        licence: str,
        *goods: tuple[str, str],
        on: date = ISSUED,
        until: date | None = date(2026, 6, 1),
        without_case: str | None = None,
    ) -> None:
        """A licence with one line for each (destination, ratings)."""
        lines = list(range(1, len(goods) + 1))
        shown = [
            {
                "lines": [n],
                "destination": place,
                "onward": [],
                "end_user": "forces",
                "end_user_state": "",
                "ratings": [r for r in ratings.split(";") if r],
            }
            for n, (place, ratings) in zip(lines, goods, strict=True)
        ]
        self.say(
            "register.LicenceIssued", on, licence, licence=licence, lines=lines, licence_type="standard_permanent",
            effective_on=on.isoformat(), valid_from=on.isoformat(),
            valid_until=until.isoformat() if until else None,
            case="" if without_case else "AP-1", without_case=without_case, exemptions=[], goods=shown,
        )  # fmt: skip

    def act(
        self, name: str, licence: str, *lines: int, on: date, after: str, recorded: date | None = None, **more: Any
    ) -> None:
        """Lines take a status on a day; recorded: when the log says so."""
        given: dict[str, Any] = {"lines": list(lines), "after": after, "effective_on": on.isoformat()}
        self.say(f"register.{name}", recorded or on, licence, licence=licence, **given, **more)

    def suspend(self, licence: str, *lines: int, on: date, recorded: date | None = None) -> None:
        """Lines are suspended."""
        self.act("LinesSuspended", licence, *lines, on=on, after="suspended", recorded=recorded,
                 power="statute", review_by="2024-12-01", before="issued")  # fmt: skip

    def reinstate(self, licence: str, *lines: int, on: date) -> None:
        """A suspension is lifted."""
        self.act("LinesReinstated", licence, *lines, on=on, after="issued", before="suspended", exemptions=[])

    def revoke(self, licence: str, *lines: int, on: date) -> None:
        """Lines are ended for good."""
        self.act("LinesRevoked", licence, *lines, on=on, after="revoked", limb="uk-selc-2021/2c", before=[])

    def play(self, done: Acts, *goods: tuple[str, str], lasts: int) -> None:
        """What of these acts can be done: a licence is issued once, for so many days, and acted on only then."""
        issued: dict[int, date] = {}
        for what, which, day in done:
            name = f"L-{which}"
            if what == "issue" and which not in issued:
                issued[which] = day
                self.issue(name, *goods, on=day, until=day + timedelta(days=lasts))
            elif what != "issue" and which in issued:
                moved = {"suspend": self.suspend, "reinstate": self.reinstate, "revoke": self.revoke}[what]
                moved(name, 1, on=max(day, issued[which]))
