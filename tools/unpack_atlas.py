"""Unpack the boundaries out of the npm package world-atlas 2.0.2 after checking that it is the pinned one.

python tools/unpack_atlas.py PACKAGE.tgz FOLDER     check, unpack
python tools/unpack_atlas.py --check FOLDER         exit 0 if all files are there and right
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tarfile
from pathlib import Path

INTEGRITY = "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ=="
"""sha512 of the package as the npm registry states it."""
FILES = {
    "countries-110m.json": "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8",
    "countries-50m.json": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "LICENSE": "8048290dfdb6e83fbed17e8985c8cfc4ce9da9b842642f3d3e497280790cfa31",
}


def is_complete(folder: Path) -> bool:
    """Are all files in `folder`, byte for byte?"""
    return all(
        (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in FILES.items()
    )


def unpack(package: Path, folder: Path) -> None:
    """Check the package against its pinned hash and write FILES into `folder`, each by one rename."""
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        sys.exit(f"{package.name} is not the pinned package: sha512 is {found}, expected {INTEGRITY}")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(package) as archive:
        for name in FILES:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                sys.exit(f"{package.name} has no {name}")
            part = folder / f".{name}.part"
            part.write_bytes(member.read())
            part.replace(folder / name)


def main(arguments: list[str]) -> int:
    """Run the command line above."""
    if arguments[0] == "--check":
        return 0 if is_complete(Path(arguments[1])) else 1
    unpack(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
