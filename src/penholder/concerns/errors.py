"""What can stand in the way of an act on a concern, beyond what every act can meet."""

from __future__ import annotations

from penholder.actions.errors import ConflictError, InvalidError, RefusedError
from penholder.kernel.errors import ConfigurationError


class LadderError(ConfigurationError):
    """The ladder of levels is not one by which a concern always ends outside the authority."""

    code = "ladder"


class ChannelClosedError(ConflictError):
    """Nobody outside the authority could hear the concern in the end: the channel is not open."""

    code = "channel-closed"


class EmptyAnswerError(InvalidError):
    """An answer that answers nothing: stock phrases, missing points, grounds that were used before."""

    code = "empty-answer"


class UnopenedError(ConflictError):
    """The officer has not said today what they open the concern for: nothing in it is shown before."""

    code = "unopened"


class LockedError(RefusedError):
    """The key of the officer is locked: nothing can be read or written without the passphrase."""

    code = "locked"


class CodeError(RefusedError):
    """The locator or the return secret is not known. Which of the two is never said."""

    code = "code"
