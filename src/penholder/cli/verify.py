"""`penholder verify`: a published log, a release, or a receipt, from its files alone. No Django, no network."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from penholder.concerns.receipt import is_concern_receipt, verify_concern
from penholder.kernel.clock import stamp
from penholder.kernel.errors import EXIT_DONE, EXIT_INTEGRITY
from penholder.ledger.bundles import Problem
from penholder.ledger.entry import PUBLIC, LedgerEntry
from penholder.ledger.errors import NoteError
from penholder.ledger.keyring import Keyring
from penholder.ledger.parallel import Progress
from penholder.ledger.policy import Policy, PolicyVerdict
from penholder.ledger.proof import MAX_RECEIPT
from penholder.ledger.verify import VerifyReport, verify_folder
from penholder.ledger.verify_receipt import ReceiptReport, verify_receipt

_SHOWN = 20


@click.command(
    "verify",
    epilog="\b\nExit code: 0 intact; 2 cannot be read as what it was given as; 3 damaged, forged, forked, or\n"
    "signed by another key. UNWITNESSED is said, and is no error.\n\n\b\nExamples:\n"
    "  penholder verify published/ --key key-from-paper.txt\n"
    "  penholder verify published/ --key register.example+1234abcd+A... --since checkpoint-of-last-month\n"
    "  penholder verify releases/2026-12-31-1a2b3c4d5e6f --key key-of-the-public-site.txt\n"
    "  penholder verify act-17.tlog-proof --key published/verifier-keys --policy my-policy --json",
)
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--key", metavar="FILE_OR_VKEY", help="A key of the log that you have from elsewhere: a file or the key."
)
@click.option(
    "--policy", type=click.Path(path_type=Path), metavar="FILE", help="Whose cosignatures you want (tlog-policy)."
)
@click.option(
    "--since", type=click.Path(path_type=Path), metavar="FILE", help="A checkpoint that you kept: is it continued?"
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Of a release: the one before it. Do the listed changes lead from that to this?",
)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON on standard output.")
@click.pass_context
def command(
    context: click.Context,
    target: Path,
    *,
    key: str | None,
    policy: Path | None,
    since: Path | None,
    previous: Path | None,
    as_json: bool,
) -> None:
    """Verify TARGET: the folder of a published log, the folder of a release, or a receipt.

    Recomputes entries, tiles and root, checks the signature and every change of key, and says exactly what is
    wrong and where. Nothing is needed but the files.
    """
    keys = keys_given(key)
    if (target / "catalogue.json").is_file():
        from penholder.cli.verify_release import show  # noqa: PLC0415 - loads pyarrow

        context.exit(EXIT_DONE if show(target, keys=keys, previous=previous, as_json=as_json) else EXIT_INTEGRITY)
    wanted = Policy.parse(_content(policy)) if policy is not None else None
    report: VerifyReport | ReceiptReport
    if target.is_dir():
        remembered = _content(since) if since is not None else None
        report = verify_folder(
            target, keys=keys, policy=wanted, since=remembered, progress=None if as_json else _progress()
        )
        document, words = _log_document(report), _log_words(report, keys)
    else:
        if since is not None:
            raise click.UsageError("--since belongs to a published folder, not to a receipt")
        content = _content(target, hint="give the folder of a log or a release, or the file of a receipt")
        if keys is None:
            raise click.UsageError("a receipt needs --key: the key of the log, from elsewhere than the receipt")
        filed = None
        if is_concern_receipt(content):
            report, filed = verify_concern(content, keys=keys, policy=wanted, name=target.name)
        else:
            report = verify_receipt(content, keys=keys, policy=wanted, name=target.name)
        document = _receipt_document(report) | {"policy_given": wanted is not None}
        words = _receipt_words(report, has_policy=wanted is not None)
        if filed is not None:
            document["content"] = filed
            words += _concern_words(report, filed)
    problems = [{"file": p.file, "entry": p.entry, "message": p.message} for p in report.problems]
    if as_json:
        whole = {"target": str(target), "intact": report.is_intact, **document, "problems": problems}
        click.echo(json.dumps(whole, indent=2, ensure_ascii=False))
    else:
        failed = "DAMAGED" if target.is_dir() else "NOT PROVEN"
        click.echo("\n".join(map(_printable, [*words, *_ending(report.problems, failed)])))
    context.exit(EXIT_DONE if report.is_intact else EXIT_INTEGRITY)


def keys_given(given: str | None) -> Keyring | None:
    """The keys of a file, or the one that was given itself; None: none is given. Raises: NoteError."""
    if given is None:
        return None
    path = Path(given)
    if not path.is_file() and "+" not in given:
        raise NoteError(
            f"--key {given}: there is no such file, and it is no key (name+id+base64)",
            hint="give the file with the key of the log, or the key itself, from elsewhere than the folder",
        )
    return Keyring.parse(_content(path) if path.is_file() else given)


def _content(path: Path, *, hint: str = "") -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_RECEIPT + 1)
    except OSError as error:
        raise NoteError(f"{path}: cannot be read ({error.strerror})", hint=hint) from error


def _progress() -> Progress | None:
    """Says on a terminal how far it has come; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if done % 10_240 == 0 or done == total:
            click.echo(f"\r{done:,} of {total:,} entries" + ("\n" if done == total else ""), nl=False, err=True)

    return show


def _log_document(report: VerifyReport) -> dict[str, Any]:
    head, facts = report.checkpoint, report.facts
    return {
        "origin": head.origin if head else None,
        "size": head.size if head else None,
        "root": base64.b64encode(head.root).decode() if head else None,
        "signed_by": report.signed_by.text() if report.signed_by else None,
        "key_given": report.pinned,
        "since": report.since,
        "entries": facts.entries,
        "first_at": facts.first_at or None,
        "last_at": facts.last_at or None,
        "late": facts.late,
        "events": dict(sorted(facts.events.items())),
        **_verdict(report.verdict),
        "policy_given": report.own_policy,
        "notices": report.notices,
    }


def _verdict(verdict: PolicyVerdict) -> dict[str, Any]:
    return {
        "witnessed": verdict.witnessed,
        "witnesses": [
            {"name": name, "at": _moment(time)} for name, time in zip(verdict.signed, verdict.times, strict=True)
        ],
        "witnesses_needed": verdict.needed,
    }


def _whose_key(report: VerifyReport, given: Keyring | None) -> str:
    """How the key that signed was come by. A damaged log is not followed; the key may be the given one itself."""
    if report.pinned:
        return "followed from the key that you gave"
    if given is None:
        return "a key of the folder itself"
    if report.signed_by in given.chain:
        return "the key that you gave"
    return "a key of the folder itself, NOT followed from the key that you gave"


def _log_words(report: VerifyReport, given: Keyring | None) -> list[str]:
    head, facts = report.checkpoint, report.facts
    if head is None or report.signed_by is None:
        return []
    times = f", {facts.first_at} to {facts.last_at}" if facts.first_at else ""
    late = f"; {facts.late:,} late (claimed more than 24 h from recorded)" if facts.late else "; none late"
    since = [f"since:     the {report.since:,} entries that you remember"] if report.since is not None else []
    return [
        f"log:       {head.origin}",
        f"entries:   {facts.entries:,}{times}{late}",
        f"head:      size {head.size:,}, root {base64.b64encode(head.root).decode()}",
        f"signed by: {report.signed_by.text()} ({_whose_key(report, given)})",
        *since,
        _witnessed(report.verdict, whose="that you gave" if report.own_policy else "of the folder"),
        *(f"note: {notice}" for notice in report.notices),
    ]


def _witnessed(verdict: PolicyVerdict, *, whose: str) -> str:
    signed = ", ".join(f"{n} at {_moment(t)}" for n, t in zip(verdict.signed, verdict.times, strict=True))
    if verdict.witnessed:
        return f"WITNESSED by {signed} (the policy {whose} asks for {verdict.needed})"
    if not verdict.needed:
        return "UNWITNESSED: no policy asks for outside witnesses"
    asked = f"the policy {whose} asks for {verdict.needed} outside witness{'' if verdict.needed == 1 else 'es'}"
    return f"UNWITNESSED: {asked}, {len(verdict.signed)} signed" + (f" ({signed})" if signed else "")


def _receipt_document(report: ReceiptReport) -> dict[str, Any]:
    entry = report.entry
    return {
        "origin": report.checkpoint.origin,
        "index": report.index,
        "size": report.checkpoint.size,
        "signed_by": report.signed_by.text() if report.signed_by else None,
        "retired_key": report.is_retired,
        "entry": json.loads(entry.to_bytes()) if entry else None,
        "disclosed": report.disclosed,
        **_verdict(report.verdict),
        "notices": report.notices,
    }


def _about(entry: LedgerEntry) -> str:
    if entry.visibility != PUBLIC:
        return "about what the log does not show"
    return f"about {entry.about or 'nothing'}"


def _receipt_witnessed(verdict: PolicyVerdict, *, has_policy: bool) -> str:
    """A proof carries no policy: without one nothing says whose signatures are wanted."""
    if not has_policy:
        return (
            "UNWITNESSED: no policy was given, and a proof carries none; "
            "--policy FILE (`policy` of the published folder) says whose signatures are wanted"
        )
    return _witnessed(verdict, whose="that you gave")


def _receipt_words(report: ReceiptReport, *, has_policy: bool) -> list[str]:
    entry = report.entry
    if entry is None or report.problems:
        return []
    claimed = f", claimed for {entry.claimed_at}" + (" (late)" if entry.late else "") if entry.claimed_at else ""
    return [
        f"log:       {report.checkpoint.origin}, entry {report.index:,} of {report.checkpoint.size:,}",
        f"entry:     {entry.event} at {entry.at}{claimed}, by role {entry.role}, {_about(entry)}",
        *(
            f"disclosed: {name} = {json.dumps(value, ensure_ascii=False)}"
            for name, value in report.disclosed.items()
        ),
        *(["signed by: a retired key; its checkpoint is vouched for elsewhere"] if report.is_retired else []),
        _receipt_witnessed(report.verdict, has_policy=has_policy),
        *(f"note: {notice}" for notice in report.notices),
    ]


def _concern_words(report: ReceiptReport, filed: Mapping[str, Any]) -> list[str]:
    """What was filed, and that the entry commits to it."""
    if report.problems:
        return []
    points = filed.get("points")
    number = len(points) if isinstance(points, list) else 0
    return [f"concern:   {number} point{'' if number == 1 else 's'}; the entry commits to what this receipt holds"]


def _ending(problems: list[Problem], failed: str) -> list[str]:
    if not problems:
        return ["INTACT"]
    lines = [f"{failed}: {len(problems)} problem{'' if len(problems) == 1 else 's'}"]
    for problem in problems[:_SHOWN]:
        place = f", entry {problem.entry:,}" if problem.entry is not None else ""
        lines.append(f"  {problem.file}{place}: {problem.message}")
    return lines + ([f"  and {len(problems) - _SHOWN} more (--json lists all)"] if len(problems) > _SHOWN else [])


def _printable(line: str) -> str:
    """Names come from files that anyone may have written: nothing in them shall steer the terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def _moment(seconds: int) -> str:
    try:
        return stamp(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"
