"""Which file is meant by the name of an operation profile."""

from __future__ import annotations

from pathlib import Path

from penholder.kernel.errors import ProfileError
from penholder.rules.records import did_you_mean

PROFILES = "profiles"
SUFFIXES = (".yaml", ".yml")


def find_profile(folder: Path, given: str) -> Path:
    """The file of a profile: as given, or by its name in `folder`/profiles.

    Raises: ProfileError where there is none, with the names that there are.
    """
    if Path(given).is_file():
        return Path(given)
    for suffix in ("", *SUFFIXES):
        path = folder / PROFILES / f"{given}{suffix}"
        if path.is_file():
            return path
    names = sorted(p.stem for p in (folder / PROFILES).glob("*") if p.suffix in SUFFIXES)
    said = did_you_mean(Path(given).stem, names)
    listed = f"{folder / PROFILES} has: {', '.join(names)}" if names else f"{folder / PROFILES} has none"
    raise ProfileError(
        f"there is no profile {given!r}: no such file, and {listed}{said}",
        hint="give a file or one of these names, or make one with `penholder profile new`",
    )
