"""What a member of a document archive may be called and may hold."""

from __future__ import annotations

import re

from penholder.vault.errors import Refusal, UploadContentError

MAX_NAME = 255
WINDOW = 16
"""Longer than everything that is looked for."""
_ARCHIVES = (b"PK\3\4", b"PK\5\6", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0",
             b"\x28\xb5\x2f\xfd", b"MSCF")  # fmt: skip
_ARCHIVE_NAME = re.compile(r"\.(zip|7z|rar|gz|tgz|bz2|xz|zst|tar|cab|jar|docx|docm|xlsx|xlsm|pptx|odt|ods|odp)\Z")
_PROGRAMS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF")
_MACROS = re.compile(r"(^|/)(vbaproject\w*\.bin|vbadata\.xml)\Z|^xl/macrosheets/|^(basic|scripts|dialogs)/.")
_OBJECTS = re.compile(r"(^|/)(embeddings|activex|ctrlprops)/.|\.(exe|dll|js|vbs|hta|html?|swf)\Z")
_XML = (".xml", ".rels", ".rdf")
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script|javascript:", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0")


def check_member_name(name: str) -> None:
    """Refuse names that leave the folder, and those of macros, embedded objects and archives.

    Raises: UploadContentError.
    """
    parts = name.removesuffix("/").split("/")
    if len(name) > MAX_NAME or "\\" in name or ":" in name or not name.isprintable():
        raise _refused(Refusal.UNSAFE_NAME, "a member of the archive has a name that is too long or not plain")
    if any(part in ("", ".", "..") for part in parts):
        raise _refused(Refusal.UNSAFE_NAME, "a member of the archive has an absolute name, or one with `..`")
    lowered = name.lower()
    if _MACROS.search(lowered):
        raise _refused(
            Refusal.MACROS, "the document holds macros", hint="save it without macros (docx, xlsx, odt)"
        )
    if _OBJECTS.search(lowered):
        raise _embedded()
    if _ARCHIVE_NAME.search(lowered):
        raise _nested()


def check_member_content(name: str, block: bytes, *, first: bool) -> None:
    """Refuse archives and programs inside, whatever they are called, and XML that declares entities.

    `block`: the next plain bytes after the last WINDOW bytes of those before; `first`: it begins where the member
    begins. Raises: UploadContentError.
    """
    if first and block.startswith(_ARCHIVES):
        raise _nested()
    if first and block.startswith(_PROGRAMS):
        raise _embedded()
    if name.lower().endswith(_XML):
        if first and block.startswith(_WIDE):
            raise _refused(Refusal.ENTITIES, "a part of the document is XML in an unusual encoding")
        if _ENTITIES.search(block):
            raise _refused(Refusal.ENTITIES, "a part of the document declares XML entities")
    if name.lower().endswith(".svg") and _SCRIPT.search(block):
        raise _embedded()


def _nested() -> UploadContentError:
    return _refused(
        Refusal.NESTED_ARCHIVE, "there is an archive inside the archive", hint="send the inner file itself"
    )


def _embedded() -> UploadContentError:
    return _refused(
        Refusal.EMBEDDED_OBJECT, "the document holds an embedded object or a program", hint="send it as a PDF"
    )


def _refused(reason: Refusal, message: str, *, hint: str = "") -> UploadContentError:
    return UploadContentError(reason, message, hint=hint or "save the document anew and send it again")
