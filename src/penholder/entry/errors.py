"""Every error once: its code -> HTTP status and title, for forms and API. The exit code stands with its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.forms import BaseForm
from django.utils.text import capfirst

from penholder.kernel.errors import PenholderError

NON_FIELD = "all"
"""Name under which an error of the whole is given in `fields`."""


class Answer(NamedTuple):
    """What an error of one code becomes."""

    status: int
    title: str


ANSWERS: dict[str, Answer] = {
    # What the caller can mend.
    "not-signed-in": Answer(401, "Sign in first"),
    "second-factor": Answer(403, "A second factor is needed"),
    "sign-in-again": Answer(403, "Show again that it is you"),
    "cross-site": Answer(403, "This request did not come from our pages"),
    "token": Answer(401, "This token is not valid"),
    "refused": Answer(403, "You may not do this"),
    "separation-of-duties": Answer(403, "Somebody else must do this"),
    "code": Answer(403, "This locator and this secret open nothing"),
    "locked": Answer(403, "Your key is locked"),
    "unopened": Answer(409, "Say first what you open it for"),
    "channel-closed": Answer(409, "The channel is not open"),
    "empty-answer": Answer(422, "This answers nothing"),
    "standing": Answer(403, "You cannot take part now"),
    "second-person": Answer(403, "Two people must do this"),
    "incompatible-roles": Answer(403, "Nobody may hold these two roles"),
    "absent": Answer(404, "There is no such thing"),
    "not-known": Answer(404, "Nothing is known of this"),
    "file-absent": Answer(404, "There is no such file"),
    "method": Answer(405, "This cannot be asked in this way"),
    "conflict": Answer(409, "Something changed in the meantime"),
    "moratorium": Answer(409, "A moratorium forbids this"),
    "incomplete": Answer(409, "Something is missing"),
    "held": Answer(409, "Work on this stands still"),
    "inconsistent": Answer(409, "This contradicts a finding that leaves nothing to weigh"),
    "repeated-key": Answer(409, "This key was used for another request"),
    "key-destroyed": Answer(410, "This was erased"),
    "too-large": Answer(413, "This is too large"),
    "upload-too-large": Answer(413, "The file is too large"),
    "media-type": Answer(415, "This type of content is not taken"),
    "upload-type": Answer(415, "This type of file is not taken"),
    "invalid": Answer(422, "Some values are not allowed"),
    "limit": Answer(429, "Too many in a short time"),
    "bad-request": Answer(400, "The request cannot be read"),
    "input": Answer(422, "This cannot be read"),
    "source": Answer(422, "The source file cannot be loaded"),
    "mapping": Answer(422, "The mapping is not allowed"),
    "profile": Answer(422, "The profile is not allowed"),
    "rule": Answer(422, "The rule is not allowed"),
    "trace": Answer(422, "The tracing graph is not allowed"),
    "note": Answer(422, "The signed note cannot be read"),
    "proof": Answer(422, "The proof does not hold"),
    "upload": Answer(422, "The file was refused"),
    "upload-content": Answer(422, "The content of the file was refused"),
    # What only the authority can mend.
    "error": Answer(500, "Something went wrong"),
    "write-outside-action": Answer(500, "Something went wrong"),
    "nothing-recorded": Answer(500, "Something went wrong"),
    "broken-act": Answer(500, "Something went wrong"),
    "undeclared-event": Answer(500, "Something went wrong"),
    "projection": Answer(500, "What is published could not be loaded"),
    "unknown-event": Answer(500, "What is published is newer than this version"),
    "not-loaded": Answer(503, "Nothing is published here yet"),
    "release": Answer(500, "The release cannot be made, or is damaged"),
    "seen": Answer(422, "What the address asks for cannot be shown"),
    "output": Answer(500, "The answer could not be written"),
    "missing-extra": Answer(500, "A part of the program is missing"),
    "folder": Answer(500, "The data folder cannot be used"),
    "configuration": Answer(500, "The installation is not set up rightly"),
    "ladder": Answer(500, "The ladder of concerns is not set up rightly"),
    "role-table": Answer(500, "The installation is not set up rightly"),
    "installation": Answer(500, "The installation cannot be made"),
    "publication": Answer(500, "The ledger cannot be published"),
    "ledger-key": Answer(500, "A key of the ledger is missing"),
    "backup": Answer(500, "The backup or restore cannot be done"),
    "backup-damaged": Answer(500, "A backup is damaged"),
    "rollback": Answer(500, "The database is not the one that was published"),
    "integrity": Answer(500, "Stored data are damaged"),
    "ledger-integrity": Answer(500, "The ledger is damaged"),
    "vault-integrity": Answer(500, "Stored data are damaged"),
    "erasure-journal": Answer(500, "The journal of erasures is damaged"),
    "storage": Answer(503, "The database is not available"),
    "vault": Answer(503, "Files and private data are not available"),
    "vault-storage": Answer(503, "Files cannot be stored now"),
    "key-store": Answer(503, "Private data are not available"),
    "key-missing": Answer(503, "Private data are not available"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the outside sees it; the members of an RFC 9457 problem document."""

    status: int
    code: str
    title: str
    detail: str = ""
    hint: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The problem document (RFC 9457 section 3.1); `code`, `hint` and `fields` are extension members."""
        return {
            "type": f"urn:penholder:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "hint": self.hint,
            "fields": dict(self.fields),
        }


class NotSignedInError(PenholderError):
    """The page or action is not public, and nobody is signed in; or the token is not (any more) known."""

    code = "not-signed-in"


class SecondFactorError(PenholderError):
    """A role of the person asks for two factors; the session began with one."""

    code = "second-factor"


class SignInAgainError(PenholderError):
    """An act that asks again who it is: this session showed it too long ago."""

    code = "sign-in-again"


class CrossSiteError(PenholderError):
    """A request with a session, but without the token that our pages send with it."""

    code = "cross-site"


class BadRequestError(PenholderError):
    """The request itself cannot be read: broken JSON, a key twice, a missing header."""

    code = "bad-request"


class MethodError(PenholderError):
    """The address does not know this method."""

    code = "method"


class TooLargeError(PenholderError):
    """The body of the request is larger than is taken."""

    code = "too-large"


class MediaTypeError(PenholderError):
    """The body of the request is of a type that is not taken."""

    code = "media-type"


def answer_of(error: PenholderError) -> Answer:
    """The row of the table; that of the nearest base class for a code without one."""
    for kind in type(error).__mro__:
        found = ANSWERS.get(getattr(kind, "code", ""))
        if found:
            return found
    return ANSWERS["error"]


def problem_of(error: PenholderError) -> Problem:
    """The error as the outside may see it. Of what only the authority can mend, nothing but the code is said."""
    answer = answer_of(error)
    if answer.status >= 500:
        hint = "try again; if it stays, tell the authority this code"
        return Problem(answer.status, error.code, answer.title, answer.title, hint)
    if answer.status == 404:
        hint = "check the address and the ids; what you may not know of looks the same"
        return Problem(answer.status, "absent", ANSWERS["absent"].title, hint=hint)
    fields = dict(getattr(error, "fields", {}))
    return Problem(answer.status, error.code, answer.title, error.message, error.hint, fields)


def add_to_form(error: PenholderError, form: BaseForm) -> None:
    """Put the error where the person sees it: at the fields that it names, else above the form."""
    left = []
    for path, message in problem_of(error).fields.items():
        name = path.split(".", 1)[0]
        if name in form.fields:
            form.add_error(name, message)
        elif name == NON_FIELD:
            left.append(message)
        else:
            left.append(f"{words_of_path(path)}: {message}")
    if left or form.is_valid():
        form.add_error(None, left or [sentences_of(error)])


def words_of_path(path: str) -> str:
    """`parties.0.end_user` -> `Parties, 1, end user`: as people count and write."""
    parts = (str(int(p) + 1) if p.isdecimal() else p.replace("_", " ") for p in path.split("."))
    return str(capfirst(", ".join(parts)))


def sentences_of(error: PenholderError) -> str:
    """Message and hint as sentences: `There is such an account. Grant roles to it.`"""
    return " ".join(
        f"{capfirst(said)}{'' if said[-1] in '.?!' else '.'}" for said in (error.message, error.hint) if said
    )
