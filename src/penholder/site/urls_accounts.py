"""Who may come in to the pages of allauth: one table for all sites."""

from __future__ import annotations

from penholder.entry.access import ONE_FACTOR, PUBLIC

_SIGNS_IN = "signs people in, or helps them back in"
_OWN = "one's own way of signing in: needed before there is a second factor"
ALLAUTH: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            "account_login", "account_logout", "account_inactive", "account_reset_password",
            "account_reset_password_done", "account_reset_password_from_key",
            "account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent",
            "account_request_login_code", "account_confirm_login_code", "account_login_by_code",
            "mfa_authenticate", "mfa_login_webauthn", "mfa_trust", "mfa_signup_webauthn",
            "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
            "socialaccount_login_error",
        ),
        (PUBLIC, _SIGNS_IN),
    ),
    **dict.fromkeys(
        (
            "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index",
            "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
        ),
        (ONE_FACTOR, _OWN),
    ),
}  # fmt: skip
"""Routes of allauth that do not need a full sign-in. All others do."""
