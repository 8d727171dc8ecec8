"""Make the styles, the script and the pictures of the pages out of two npm packages, after checking them.

python tools/unpack_frontend.py --packages             names and versions to fetch
python tools/unpack_frontend.py --check FOLDER         exit 0 if all files are there and right
python tools/unpack_frontend.py WORK FOLDER [--lock]   check the packages in WORK, write FOLDER (and the lock file)

What is taken and what is left behind: docs/decisions/0004-frontend.md. Hashes: tools/frontend.lock.json.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK = Path(__file__).with_name("frontend.lock.json")
GOVUK, MOJ = "govuk-frontend@6.6.0", "@ministryofjustice/frontend@11.1.0"
LEFT_BEHIND = re.compile(
    r"\.govuk-(?:header|logo|cookie-banner|exit-this-page|language-navigation|feedback|phase-banner|accordion)"
    r"|\.govuk-footer__(?:crown|copyright-logo|licence-logo)"
)
"""GOV.UK components that belong to one government's brand, or that no page of ours has."""
KEPT = re.compile(
    r"\.moj-(?:timeline|filter|filter-tags|filter-layout|sub-navigation|side-navigation|badge|identity-bar"
    r"|page-header-actions|scrollable-pane|ticket-panel)(?![a-z])(?!-[a-z])"
)
"""MOJ components that pages of ours have. Their style sheet brings GOV.UK's along, older: that is left out."""
FONT = "font-family:GDS Transport,arial,sans-serif"
OUR_FONT = "font-family:var(--penholder-font)"
HEAD = (
    "/*! GOV.UK Frontend 6.6.0 and MOJ Frontend 11.1.0, MIT, ../licences.txt. "
    "Changed: without brand, fonts and components that are not used. */\n"
    ':root{--penholder-font:system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}\n'
)


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """(what stands before the brace, what stands inside) of each rule; (statement, None) without braces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    at, start, depth, opened = 0, 0, 0, 0
    while at < len(css):
        char = css[at]
        if char in "\"'":
            at = re.compile(rf"(?:\\.|[^\\{char}])*{char}", re.DOTALL).match(css, at + 1).end()  # type: ignore[union-attr]
            continue
        if char == "{":
            opened = opened if depth else at
            depth += 1
        elif char == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif char == ";" and not depth:
            yield css[start:at].strip(), None
            start = at + 1
        at += 1


def selectors(text: str) -> list[str]:
    """The selectors of a list, split at commas outside brackets."""
    return [s.strip() for s in re.split(r",(?![^(\[]*[)\]])", text) if s.strip()]


def filtered(css: str, keep: Callable[[str], bool]) -> str:
    """The style sheet with only those selectors that `keep` says, without fonts, charset and empty blocks."""
    found = []
    for head, body in rules(css):
        if body is None or head.startswith("@font-face"):
            continue
        if head.startswith(("@media", "@supports", "@-moz-document")):
            inner = filtered(body, keep)
            found.append(f"{head}{{{inner}}}" if inner else "")
        elif head.startswith("@"):
            sys.exit(f"a rule that is not known: {head}; say in filtered() what becomes of it")
        elif kept := [s for s in selectors(head) if keep(s)]:
            found.append(f"{','.join(kept)}{{{body}}}")
    return "\n".join(part for part in found if part)


def style_sheet(govuk: str, moj: str) -> str:
    """One style sheet out of both, with fonts of the system, and pictures beside it."""
    both = (
        filtered(govuk, lambda s: not LEFT_BEHIND.search(s)) + "\n" + filtered(moj, lambda s: bool(KEPT.search(s)))
    )
    both = both.replace(FONT, OUR_FONT).replace("url(/assets/images/", "url(images/")
    if bad := re.findall(r"GDS Transport|@font-face|crown|crest|url\((?!images/)[^)]*\)", both, re.IGNORECASE):
        sys.exit(f"the style sheet still has {sorted(set(bad))}: mend tools/unpack_frontend.py")
    return HEAD + both + "\n"


def made_of(work: Path) -> dict[str, bytes]:
    """Every file to write: name in the folder -> bytes."""
    with tarfile.open(packed(work, GOVUK)) as govuk, tarfile.open(packed(work, MOJ)) as moj:
        theirs = read(govuk, "dist/govuk/govuk-frontend.min.css"), read(moj, "moj/moj-frontend.min.css")
        script = read(govuk, "dist/govuk/govuk-frontend.min.js").decode()
        css = style_sheet(*(part.decode() for part in theirs))
        made = {
            "frontend.css": css.encode(),
            "frontend.js": re.sub(r"//# sourceMappingURL=\S+", "", script).encode(),
        }
        for picture in sorted(set(re.findall(r"url\((images/[^)]+)\)", css))):
            made[picture] = read(moj, f"moj/assets/{picture}")
    return made


def read(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of a package."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"{archive.name!s} has no {name}")
    return member.read()


def packed(work: Path, package: str) -> Path:
    """Where npm pack puts `package`."""
    return work / (package.lstrip("@").replace("/", "-").replace("@", "-") + ".tgz")


def digest(path: Path) -> str:
    """sha512 of a package, as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def is_complete(folder: Path, files: dict[str, str]) -> bool:
    """Are all files in `folder`, byte for byte?"""
    return all(
        (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
        for name, sha256 in files.items()
    )


def unpack(work: Path, folder: Path, *, lock: bool) -> None:
    """Check the packages, make the files, check these too, and write each by one rename."""
    found = {name: digest(packed(work, name)) for name in (GOVUK, MOJ)}
    made = made_of(work) if lock or found == json.loads(LOCK.read_text())["packages"] else None
    if made is None:
        sys.exit(f"not the packages of {LOCK.name}: {json.dumps(found, indent=2)}")
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
    if lock:
        LOCK.write_text(json.dumps({"packages": found, "files": sums}, indent=2) + "\n")
    elif sums != json.loads(LOCK.read_text())["files"]:
        sys.exit(f"{LOCK.name} says other files: run sh tools/fetch_frontend.sh --lock and look at the difference")
    for name, data in made.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(data)
        part.replace(target)


def main(arguments: list[str]) -> int:
    """Run the command line above."""
    if arguments[0] == "--packages":
        print(GOVUK, MOJ)
        return 0
    if arguments[0] == "--check":
        return 0 if is_complete(Path(arguments[1]), json.loads(LOCK.read_text())["files"]) else 1
    unpack(Path(arguments[0]), Path(arguments[1]), lock="--lock" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
