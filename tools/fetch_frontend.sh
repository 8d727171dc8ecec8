#!/bin/sh
# Put styles, script and pictures of the pages into the package: GOV.UK Frontend and MOJ Frontend, pinned and checked.
# Done already: leaves at once. `--lock` writes tools/frontend.lock.json anew (after a change of version or of what is kept).
set -eu
cd "$(dirname "$0")/.."
INTO=src/penholder/site/static/penholder/frontend
PYTHON=.venv/bin/python
[ -x "$PYTHON" ] || PYTHON=python3

if [ "${1:-}" != --lock ] && "$PYTHON" tools/unpack_frontend.py --check "$INTO"; then
  touch "$INTO"/frontend.css
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT HUP INT TERM
# shellcheck disable=SC2046 # names and versions have no spaces
sh tools/npm_pack.sh "$work" $("$PYTHON" tools/unpack_frontend.py --packages)
"$PYTHON" tools/unpack_frontend.py "$work" "$INTO" "$@"
