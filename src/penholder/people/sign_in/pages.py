"""Which pages of django-allauth there are. One that is not named here is not mounted."""

from __future__ import annotations

from penholder.people.values import SignInChange as Change

PAGES: dict[str, Change | None] = {
    # None: the page writes nothing but sessions and counters, so it runs without the lock of the writers. (The
    # slow hash of a password is computed by `account_login`: nobody waits for it.)
    "account_login": None,
    "account_logout": None,
    "account_inactive": None,
    "account_signup": None,  # says that it is closed
    "account_reauthenticate": None,
    "account_reset_password": None,
    "account_reset_password_done": None,
    "account_reset_password_from_key": Change.PASSWORD,
    "account_reset_password_from_key_done": None,
    "account_change_password": Change.PASSWORD,
    "account_set_password": Change.PASSWORD,
    "mfa_index": None,
    "mfa_authenticate": Change.SECOND_FACTOR_USED,
    "mfa_reauthenticate": Change.SECOND_FACTOR_USED,
    "mfa_activate_totp": Change.SECOND_FACTOR,
    "mfa_deactivate_totp": Change.SECOND_FACTOR,
    "mfa_view_recovery_codes": Change.SECOND_FACTOR,
    "mfa_generate_recovery_codes": Change.SECOND_FACTOR,
    "mfa_download_recovery_codes": Change.SECOND_FACTOR,
    "mfa_list_webauthn": None,
    "mfa_add_webauthn": Change.SECOND_FACTOR,
    "mfa_edit_webauthn": Change.SECOND_FACTOR,
    "mfa_remove_webauthn": Change.SECOND_FACTOR,
    "mfa_reauthenticate_webauthn": Change.SECOND_FACTOR_USED,
    "mfa_login_webauthn": Change.SECOND_FACTOR_USED,
    # Single sign-on asks another server meanwhile: it opens the action itself, for the one row that it writes.
    "openid_connect_login": None,
    "openid_connect_callback": None,
    "socialaccount_login_cancelled": None,
    "socialaccount_login_error": None,
    "socialaccount_signup": None,  # says that it is closed
    "socialaccount_connections": Change.SINGLE_SIGN_ON,
}
"""Name of the page -> what it changes, where it writes."""
FACTOR_PAGES = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
"""Pages on which a second factor is set up, and shown to work."""
