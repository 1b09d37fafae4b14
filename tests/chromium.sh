#!/bin/sh
# Make sure that a Chromium or Chrome is on PATH for the browser tests; else install Debian's,
# or say what to install.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
say="The browser tests need Chromium or Chrome on PATH. On Debian or Ubuntu: apt-get install chromium"
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
echo "Installing Debian's chromium for the browser tests" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq && $as_root apt-get install -y -qq chromium >/dev/null || {
    echo "$say" >&2
    exit 1
}
