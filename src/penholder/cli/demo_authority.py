"""The second half of the demonstration: an invented authority with an invented register, in a home of its own.

Run by `penholder demo` as a process of its own: python -m penholder.cli.demo_authority DATA_FOLDER HOME PORT
"""

from __future__ import annotations

import base64
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.cli.casework import start
from penholder.custody.install import Wishes, adopt, draft_home
from penholder.kernel.errors import PenholderError

ORIGIN = "ledger.ardenia.invalid/log"
NAME = "Licensing authority of Ardenia (invented)"
GOODS = (
    ("ML10", "components for combat aircraft", "XV", Decimal(40)),
    ("ML4", "fuzes for aerial bombs", "XV", Decimal(600)),
    ("ML11", "electronic equipment for radar", "XT", Decimal(12)),
)
TITLES = {"desk": "Licensing manager 1", "senior": "Licensing manager 2"}
ADDRESS = {"administrator": "administrator-1", "desk": "manager-1", "senior": "manager-2"}


def main(data: Path, home: Path, port: int) -> None:
    """Make the home, load the register, suspend lines, publish the ledger, verify it."""
    adopt(draft_home(home, Wishes(ORIGIN, NAME)), home)
    start(home, check=False)
    from penholder.custody.founding import found_ledger  # noqa: PLC0415

    _step(f"6. An authority's installation: {home}   (penholder init)")
    found_ledger()
    people, invitations = _people()
    click.echo(f"invited: {', '.join(f'{n}@ardenia.invalid' for n in ADDRESS.values())}")
    _step("7. Its register: one release of the sample, announced and taken in, then licences entered one by one")
    _load(data)
    licences = [_licence(people, number) for number in range(1, len(GOODS) + 1)]
    click.echo(f"{len(licences)} licences entered by one officer and issued by another")
    _step("8. Lines to Velmora are suspended: power, terms, reasons, day of review")
    _suspend(people, licences[:2])
    _step(f"9. The ledger is published and verified   (penholder verify {home / 'published'} --key ...)")
    _publish(home)
    click.echo(_links(invitations, f"http://127.0.0.1:{port}"))


def _links(invitations: dict[str, str], site: str) -> str:
    """The last words: where to sign in, as whom first."""
    return "\n".join(
        [
            f"To look at the register, open this once, as {TITLES['senior'].lower()}: choose a password, set up a",
            "second factor, and the register is there with all its licences:",
            f"  {site}{invitations['senior']}",
            "As the administrator, who sees accounts and roles, and no licences (in another browser):",
            f"  {site}{invitations['administrator']}",
        ]
    )


def _step(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)


def _people() -> tuple[dict[str, Any], dict[str, str]]:
    """The administrator and two licensing managers, as actors, and the paths of their invitations."""
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.people import actions  # noqa: PLC0415

    first = perform(actions.bootstrap_administrator, SYSTEM, address=f"{ADDRESS['administrator']}@ardenia.invalid")
    found = {"administrator": _actor(first.result)}
    invitations = {"administrator": str(first.details["invitation"])}
    for key, title in TITLES.items():
        by = found["administrator"]
        done = perform(actions.invite_person, by, address=f"{ADDRESS[key]}@ardenia.invalid", title=title)
        perform(actions.grant_role, by, person_id=done.result, role="licensing_manager")
        found[key], invitations[key] = _actor(done.result), str(done.details["invitation"])
    return found, invitations


def _actor(person: str) -> Any:
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    from penholder.kernel import clock  # noqa: PLC0415
    from penholder.people.actor import actor_of  # noqa: PLC0415

    return actor_of(get_user_model().objects.get(public_id=person), on=clock.today())


def _load(data: Path) -> None:
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.register import actions  # noqa: PLC0415

    release = read_catalogue(data).holding("lines")[0].id
    said = perform(actions.announce_release, SYSTEM, folder=str(data), release=release).result
    done = perform(actions.load_release, SYSTEM, announced=said.announced, folder=str(data)).result
    click.echo(f"{done.rows:,} lines of {done.licences:,} licences, data {done.data_sha256[:8]}…")


def _licence(people: dict[str, Any], number: int) -> str:
    """Enter a licence as one manager, issue it as the other; gives its public id."""
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.kernel import clock  # noqa: PLC0415
    from penholder.register import actions  # noqa: PLC0415
    from penholder.register.values import LineTerms  # noqa: PLC0415

    rating, description, destination, quantity = GOODS[number - 1]
    decided: date = clock.today() - timedelta(days=30)
    line = LineTerms(
        rating=rating, description=description, destination=destination, quantity_limit=quantity, unit="item"
    )
    made = perform(
        actions.enter_licence,
        people["desk"],
        reference=f"XA-{decided.year}-{number:05}",
        licence_type="standard_permanent",
        decided_on=decided,
        valid_from=decided,
        valid_until=decided + timedelta(days=730),
        lines=(line,),
    ).result
    perform(
        actions.issue_licence, people["senior"], licence=made.licence, effective_on=decided, expected_version=1
    )
    return str(made.licence)


def _suspend(people: dict[str, Any], licences: list[str]) -> None:
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.kernel import clock  # noqa: PLC0415
    from penholder.ledger.queries import place_of  # noqa: PLC0415
    from penholder.register import actions  # noqa: PLC0415
    from penholder.register.values import Power  # noqa: PLC0415

    for licence in licences:
        done = perform(
            actions.suspend_lines,
            people["senior"],
            licence=licence,
            lines=(1,),
            power=Power.STATUTE,
            terms="No goods may leave under this line. A decision on the assessment would lift this.",
            reasons="Reported incidents in Velmora are being assessed.",
            review_by=clock.today() + timedelta(days=28),
            effective_on=clock.today(),
            expected_version=2,
        )
        click.echo(f"{licence} line 1 suspended; place {place_of(done.entries[0])} of the ledger, run {done.run}")


def _publish(home: Path) -> None:
    from penholder.custody.publish import publish  # noqa: PLC0415
    from penholder.ledger.keyring import Keyring  # noqa: PLC0415
    from penholder.ledger.verify import verify_folder  # noqa: PLC0415

    done = publish(home / "published")
    click.echo(f"published {done.head.size} entries, root {base64.b64encode(done.head.root).decode()}")
    key = Keyring.parse((home / "verifier-key").read_text(encoding="utf-8").strip())
    report = verify_folder(home / "published", keys=key)
    words = "INTACT" if report.is_intact else f"DAMAGED: {report.problems[0].message}"
    click.echo(f"verified: {report.facts.entries} entries, {words}; UNWITNESSED until outside witnesses sign")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]).absolute(), int(sys.argv[3]))
    except PenholderError as error:
        click.echo(f"penholder: {error}", err=True)
        sys.exit(error.exit_code)
