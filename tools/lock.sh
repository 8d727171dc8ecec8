#!/bin/sh
# Lock the requirements: hashes, no host names, so that they install from any index.
set -eu
cd "$(dirname "$0")/.."
for name in run dev check bench; do
  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
    --python-version 3.11 "requirements/$name.in" -o "requirements/$name.txt"
done
