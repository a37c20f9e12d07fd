#!/bin/sh
# All set-up of a development machine: system packages, .venv from the hash-pinned lock, demo trust and faces.
# Each stage is skipped while its inputs are unchanged; run it as often as you like.
set -eu
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
say() { printf '== %s\n' "$*" >&2; }

packages=$(sed '/^#/d;/^$/d' provisioning/system/packages.txt)
missing=""
for package in $packages; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
    say "system packages:$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086 # a list of words is meant
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

wanted=$(cat requirements/build.txt requirements/development.txt pyproject.toml | sha256sum)
if [ "$(cat .venv/.inputs 2>/dev/null || true)" != "$wanted" ]; then
    say "Python packages into .venv"
    # Debian's own interpreter: picamera2 from apt works with no other
    [ -x .venv/bin/python ] || /usr/bin/python3 -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt 2>/dev/null \
        || .venv/bin/python -m pip install --require-hashes -r requirements/build.txt
    .venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes --no-build-isolation requirements/development.txt
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
    printf '%s' "$wanted" > .venv/.inputs
fi

.venv/bin/python -m provisioning.rig.prepare
