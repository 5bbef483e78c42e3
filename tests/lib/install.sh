#!/bin/sh
# Installs the Debian packages that a target of the Makefile needs: install.sh build|test|fuzz|...
#
# Instant when nothing is missing: one dpkg-query. As root it calls apt-get, else through sudo; when
# neither works it prints the one command to type and fails. Knows package names, nothing else.
set -eu

build='gcc libc6-dev make pkg-config libmicrohttpd-dev libsqlite3-dev libjansson-dev libcmark-dev
       libsodium-dev libcsv-dev zlib1g-dev libxlsxwriter-dev libzip-dev libexpat1-dev libcurl4-openssl-dev
       libical-dev libstemmer-dev gettext'
# The packages of each target, on top of what the build needs.
case "${1:-}" in
build) extra='' ;;
lint) extra='nodejs npm' ;;
test) extra='nodejs npm libcmocka-dev chromium fonts-liberation fonts-dejavu-core curl sqlite3 openssl groff-base' ;;
tsan) extra='nodejs npm curl sqlite3 openssl util-linux groff-base' ;;
analyze) extra='clang-tidy' ;;
fuzz) extra='clang llvm' ;;
bench) extra='nodejs npm nginx-light wrk sqlite3 util-linux' ;;
cover) extra='nodejs npm libcmocka-dev chromium fonts-liberation fonts-dejavu-core curl sqlite3 openssl groff-base gcovr' ;;
format) extra='clang-format' ;;
*)
    echo "usage: $0 build|lint|test|tsan|analyze|fuzz|bench|cover|format" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "kansli is built on Debian; here you must have these yourself:" $build $extra >&2
    exit 0
fi

missing=''
present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $build $extra 2>/dev/null || true)
for package in $build $extra; do
    case "
$present
" in
    *"
$package installed
"*) continue ;;
    esac
    # A node, npm or pkg-config from elsewhere is as good, and Debian's would refuse to stand beside it.
    case $package in
    nodejs) command -v node >/dev/null && continue ;;
    npm | pkg-config) command -v "$package" >/dev/null && continue ;;
    nginx-light) command -v nginx >/dev/null && continue ;;
    esac
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

apt="apt-get install -y --no-install-recommends$missing"
tell() {
    echo "kansli needs packages that could not be installed. Type this, then try again:" >&2
    echo "    sudo apt-get update && sudo $apt" >&2
    exit 1
}
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif command -v sudo >/dev/null; then
    as_root='sudo'
    [ -t 0 ] || as_root='sudo -n'
else
    tell
fi
echo "Installing:$missing" >&2
# The package lists may be absent or old: fetch them only when the first try fails.
as_root="$as_root env DEBIAN_FRONTEND=noninteractive"
$as_root $apt >/dev/null 2>&1 || { $as_root apt-get update >/dev/null && $as_root $apt; } || tell
