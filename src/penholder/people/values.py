"""Words of this capability: permissions, kinds of change, grounds."""

from __future__ import annotations

from enum import StrEnum


class PeoplePermission(StrEnum):
    """What the actions of this capability need."""

    BOOTSTRAP = "people.bootstrap"
    INVITE = "people.invite"
    GRANT = "people.grant_role"
    DEACTIVATE = "people.deactivate"
    ARRANGE = "people.arrange"
    """Teams."""
    ORGANISE = "people.organise"
    """Exporters' organisations, their members and agents."""
    ERASE = "people.erase"
    READ_PRIVATE = "people.read_private"
    CONFIRM_RESET_ON_SERVER = "people.confirm_reset_on_server"
    LAPSE_RESETS = "people.lapse_resets"
    REFUSE_RESET = "people.refuse_reset"
    """Of one's own sign-in; administrators: of anybody's."""
    ABSENCE = "people.absence"
    DELEGATE = "people.delegate"
    TOKEN = "people.token"  # noqa: S105 - a word
    ADD_TASK = "people.add_task"
    FINISH_TASK = "people.finish_task"
    SIGN_IN = "people.sign_in"
    """Sign in, and change how one signs in."""


class SignInChange(StrEnum):
    """What changed in the way a person signs in."""

    PASSWORD = "password"  # noqa: S105 - a word
    SECOND_FACTOR = "second-factor"
    SECOND_FACTOR_USED = "second-factor-used"
    ADDRESS = "address"
    SINGLE_SIGN_ON = "single-sign-on"


class ErasureGround(StrEnum):
    """Why data of a subject are erased. The words stand in the ledger."""

    RETENTION_EXPIRED = "retention-expired"
    REQUEST_OF_THE_PERSON = "request-of-the-person"
    COURT_ORDER = "court-order"
    ENTERED_BY_MISTAKE = "entered-by-mistake"


class TaskState(StrEnum):
    """Where a task of an inbox stands."""

    OPEN = "open"
    DONE = "done"


class ResetState(StrEnum):
    """Where a reset of a sign-in stands that needs a second administrator."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"
