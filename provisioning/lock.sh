#!/bin/sh
# Resolve requirements/*.txt for x86-64 and aarch64, hash-pinned, without any index address in them.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile requirements/build.in -o requirements/build.txt
compile pyproject.toml -o requirements/production.txt
compile pyproject.toml requirements/build.in --extra rig --extra dev -o requirements/development.txt
if grep -nE '(index-url|find-links|https?://)' requirements/*.txt; then echo "a lock names an address" >&2; exit 1; fi
