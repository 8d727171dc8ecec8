"""Letters as files, where an installation keeps days alone: no hour in their names, dates and message ids."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from email.utils import format_datetime
from pathlib import Path

from django.core.mail.backends.filebased import EmailBackend
from django.core.mail.message import EmailMessage

from penholder.kernel import clock


class DayLetters(EmailBackend):
    """`settings.EMAIL_BACKEND` of the site of concerns."""

    _named = ""

    def _get_filename(self) -> str:
        """A new file for each connection; its name holds the day."""
        if not self._named:
            self._named = str(Path(self.file_path) / f"{clock.today():%Y%m%d}-{secrets.token_hex(8)}.log")
        return self._named

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; gives how many."""
        for message in email_messages:
            host = message.from_email.rpartition("@")[2].rstrip(">") or "localhost"
            message.extra_headers |= {
                "Date": format_datetime(clock.day()),
                "Message-ID": f"<{secrets.token_hex(16)}@{host}>",
            }
        return super().send_messages(email_messages) or 0
