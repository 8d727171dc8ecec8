"""The top of the command line. Sub-commands are imported only when they run, so that `--help` is instant."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from penholder import __version__
from penholder.kernel.errors import EXIT_CANNOT, PenholderError

COMMANDS: dict[str, tuple[str, str]] = {
    "import": (
        "penholder.cli.import_data",
        "Load licence decisions, incidents, notes or edges into a data folder.",
    ),
    "info": (
        "penholder.cli.info",
        "Show releases, counts, sources, licences and attribution of a data folder.",
    ),
    "stats": ("penholder.cli.stats", "Count lines, licences or value by any dimensions."),
    "rows": ("penholder.cli.rows", "List the lines behind a figure."),
    "diff": ("penholder.cli.diff", "Say what changed between two releases, each pair of rows once."),
    "stocktake": (
        "penholder.cli.stocktake",
        "Which licence lines could have been used in the operations of a profile.",
    ),
    "touches": (
        "penholder.cli.touches",
        "Which licence lines an incident, or a filter of incidents, touches.",
    ),
    "why": (
        "penholder.cli.why",
        "One line: path, sources, rules, incidents, unknowns, what would change the answer.",
    ),
    "questions": (
        "penholder.cli.questions",
        "Turn the unknowns of a stocktake into numbered questions to send.",
    ),
    "profile": ("penholder.cli.profile", "Make or check an operation profile."),
    "regime": ("penholder.cli.regime", "List, show, compare and check the dated rules."),
    "act": ("penholder.cli.act", "List the acts, or do one: what the site does, through the same door."),
    "waiting": ("penholder.cli.waiting", "What waits for you, and what is late, as on the home page."),
    "evidence": ("penholder.cli.evidence", "Send a file of incidents, count them, write them for a stocktake."),
    "cases": ("penholder.cli.cases", "Send files of cases; limbs addressed; what was undertaken and decided."),
    "assessment": ("penholder.cli.assessment", "What may be cited on a day, and what changed on the way to it."),
    "decisions": ("penholder.cli.decisions", "What was decided against advice, and on how old information."),
    "restrictions": ("penholder.cli.restrictions", "Grants under a moratorium; what an exemption lets through."),
    "changes": ("penholder.cli.changes", "Why a count of suspended lines moved; how a decision was enforced."),
    "statements": ("penholder.cli.statements", "What was said beside what was held; promises that are overdue."),
    "concerns": ("penholder.cli.concerns", "Raise and follow a concern; count them again from the published log."),
    "exchange": ("penholder.cli.exchange", "Exchange signed files with the site of concerns: targets and gates."),
    "publication": ("penholder.cli.publication", "What the public site shows: load published ledgers."),
    "release": ("penholder.cli.release", "Releases of the public site: build one, say what changed, remake one."),
    "verify": ("penholder.cli.verify", "Verify a published ledger, release or receipt, from its files alone."),
    "witness": ("penholder.cli.witness", "Cosign a published ledger, as an outsider who remembers its head."),
    "shadow": ("penholder.cli.shadow", "Serve a data folder as a register for everybody, read-only."),
    "sample": ("penholder.cli.sample", "Write a data folder about invented states."),
    "demo": ("penholder.cli.demo", "Show the whole on a sample, and serve three invented sites."),
    "init": ("penholder.cli.init", "Make an installation: folders, keys, tables, first administrator."),
    "confirm-reset": (
        "penholder.cli.confirm_reset",
        "Confirm a reset of a sign-in, where there is one administrator.",
    ),
    "ledger": ("penholder.cli.ledger", "Publish the ledger, change its key, give receipts, name its witnesses."),
    "fsck": ("penholder.cli.fsck", "Compare the stored books with themselves: hashes, private fields, tables."),
    "backup": ("penholder.cli.backup", "Copy database and files, and verify the copy; keys go elsewhere."),
    "restore": ("penholder.cli.restore", "Put a backup back, compared with what was published."),
    "doctor": ("penholder.cli.doctor", "Is the installation well? What is wrong, and how to mend it."),
    "upgrade": ("penholder.cli.upgrade", "Back up, then bring the tables up to date with this version."),
    "work": ("penholder.cli.work", "Do what is due: reactions to events, and scheduled jobs."),
    "serve": ("penholder.cli.serve", "Serve the site and the API."),
    "completion": ("penholder.cli.completion", "Print the shell completion script for bash, zsh or fish."),
}


class LazyGroup(click.Group):
    """A group whose commands live in the modules of COMMANDS, each as the name `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        _keep_pandas_out()
        assert isinstance(command, click.Command)  # noqa: S101 - a broken table is a programming error
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        # As above: one TAB on a command name must not import every command.
        named = [CompletionItem(n, help=text) for n, (_, text) in COMMANDS.items() if n.startswith(incomplete)]
        return named or super().shell_complete(ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        close = difflib.get_close_matches(args[0], COMMANDS, n=1)
        if args[0] not in COMMANDS and close and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # click would import every command for its short help; the table above has it.
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


class _NoPandas:
    """An import finder that says that there is no pandas."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name=name)


def _keep_pandas_out() -> None:
    """Let pyarrow look for pandas in vain, where the command has loaded pyarrow and nobody has loaded pandas.

    pyarrow imports pandas (0.6 s) with its first array, only to ask whether a value is a pandas one. Whoever
    really uses pandas later (`to_pandas`, Ibis) still gets it: pyarrow looks again when it is asked for by name.
    """
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is None or "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pyarrow.array([1])  # one value: an empty array makes only one of the two looks that there are
    finally:
        sys.meta_path.remove(finder)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="penholder")
def penholder() -> None:
    """Given licences and reported incidents: which licence lines could have been used, where, by which path,
    and what is not known?

    \b
    Exit codes: 0 done; 1 findings or differences, where the command is a check;
    2 cannot do what was asked; 3 stored data are damaged.
    """


def _is_of_database(error: Exception) -> bool:
    """Is it an error of Django's database layer? (Django is not imported for the question.)"""
    module = sys.modules.get("django.db.utils")
    return module is not None and isinstance(error, module.Error)


def _said_of_database(error: Exception) -> str:
    """What may be said: that it is away, locked or full; of others only the kind, for the text may hold data."""
    kind = type(error).__name__
    said = str(error).strip().split("\n", 1)[0] if kind == "OperationalError" else kind
    hint = "is it up, and is there space? if it was lost at the end of the command, look whether that was done"
    if "no password supplied" in said:
        hint = "give the password in a file: docs/how-to/use-postgresql.md"
    return f"the database could not do it: {said}\n  {hint}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        code = penholder.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="penholder",
            standalone_mode=False,
        )
    except PenholderError as error:
        click.echo(f"penholder: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("penholder: stopped; nothing was changed", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_CANNOT)
    except BrokenPipeError:
        # The reader has gone (`| head`): leave quietly, and keep Python from writing to the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if not _is_of_database(error):
            raise
        click.echo(f"penholder: {_said_of_database(error)}", err=True)
        sys.exit(EXIT_CANNOT)
    sys.exit(code if isinstance(code, int) else 0)  # click gives the code of ctx.exit() back


if __name__ == "__main__":
    main()
