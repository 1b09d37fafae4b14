#!/bin/sh
# usage: sh tests/debian.sh PACKAGES PURPOSE COMMAND [COMMAND ...]
# Make sure that one of the commands is on PATH; else install Debian's packages (one word or
# several), or say what to install.
set -eu
package=$1
purpose=$2
shift 2
for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
say="$purpose need $1 on PATH. On Debian or Ubuntu: apt-get install $package"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "$say" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        echo "$say" >&2
        exit 1
    fi
fi
echo "Installing Debian's $package: $purpose need it" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $package >/dev/null || {
    echo "$say" >&2
    exit 1
}
