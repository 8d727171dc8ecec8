"""What casework says on the page of a licence: the case from which it came, and the notices that tell of it."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.casework.decided import case_of, notices
from penholder.casework.queries import seen_dossier
from penholder.casework.values import NoticeKind
from penholder.register.told import Told, tells_of_licences

_NOTICES = {
    NoticeKind.GRANT: "Notice of grant",
    NoticeKind.SUSPENSION: "Notice of suspension",
    NoticeKind.REVOCATION: "Notice of revocation",
}


@tells_of_licences
def case_and_notices(viewer: Actor, *, licence: str) -> Iterator[Told]:
    """For officials, and for the holder."""
    case = case_of(licence)
    if case:
        try:
            seen_dossier(viewer, case)
        except AbsentError:
            case = ""
    if case:
        yield Told("Granted in", f"Case {case}", "case", case)
    for subject in (case, licence):
        for row in notices(viewer=viewer, subject=subject) if subject else ():
            if row.kind in _NOTICES:
                day = f"{row.issued_on.day} {row.issued_on:%B %Y}"
                yield Told(_NOTICES[row.kind], f"issued on {day}", "notice", row.id)
