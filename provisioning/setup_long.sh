#!/bin/sh
# What only the longer proofs need: npm for HL7's own R4 JSON schema, and openssl.
set -eu
cd "$(dirname "$0")/.."
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
missing=""
command -v npm >/dev/null || missing="npm"
command -v openssl >/dev/null || missing="$missing openssl"
if [ -n "$missing" ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086 # a list of words is meant
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
exec sh provisioning/rig/site/fetch_schema.sh
