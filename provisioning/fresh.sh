#!/bin/sh
# Prove `make test` and `make run` on a new minimal Debian 12 that has nothing but git, make and certificates.
# Takes the committed HEAD. Needs root. FRESH_ROOT names a directory to keep; by default it is removed again.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "make fresh needs root" >&2; exit 2; }
command -v mmdebstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq mmdebstrap >/dev/null; }

# a mount namespace of our own: what is mounted below is gone with this process
[ "${KIOSK_FRESH_INSIDE:-}" = 1 ] || KIOSK_FRESH_INSIDE=1 exec unshare -m --propagation private sh "$0" "$@"

trap 'exit 130' INT TERM
root=${FRESH_ROOT:-$(mktemp -d /var/tmp/kiosk-fresh.XXXXXX)}
if [ -z "${FRESH_ROOT:-}" ]; then
    trap 'for m in proc sys dev; do umount -R "$root/$m" 2>/dev/null || true; done; umount "$root" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
fi
[ -e "$root/etc/debian_version" ] || mmdebstrap --quiet --variant=apt --include=ca-certificates,git,make bookworm "$root"

# the host's own certificates, apt sources, resolver and proxy settings, as a site behind a proxy needs them
mkdir -p "$root/usr/local/share/ca-certificates"
cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
chroot "$root" update-ca-certificates >/dev/null 2>&1

# packages start no services in here: a server left running would hold the root
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

mount --bind "$root" "$root"
for m in proc sys dev; do mount --rbind "/$m" "$root/$m"; done
rm -rf "$root/src/kiosk"
git clone -q --no-hardlinks . "$root/src/kiosk"

in_root() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI="${CI:-}" \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${no_proxy:+no_proxy="$no_proxy"} ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} \
        ${UV_INDEX_URL:+UV_INDEX_URL="$UV_INDEX_URL"} SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
        chroot "$root" sh -c 'cd /src/kiosk && "$@"' sh "$@"
}
in_root make test
in_root make run
test -s "$root/src/kiosk/out/rehearsal.json"
echo "fresh: make test and make run hold on a new Debian 12"
