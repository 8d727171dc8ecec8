"""What can be wrong with the role table, and with tokens."""

from __future__ import annotations

from penholder.actions.errors import RefusedError
from penholder.kernel.errors import ConfigurationError


class RoleTableError(ConfigurationError):
    """The role table contradicts itself, or does not fit the actions of this version."""

    code = "role-table"


class TokenError(RefusedError):
    """The token is not known, has expired, was withdrawn, or its person may not sign in any more."""

    code = "token"


class SecondPersonError(RefusedError):
    """It takes two administrators, who have both been that for some time; or one and the server."""

    code = "second-person"


class IncompatibleRolesError(RefusedError):
    """Nobody may hold these two roles at once."""

    code = "incompatible-roles"
