#!/bin/sh
# A Chromium for the tests of the report's page: used where installed, else installed where root and apt are at hand.
# Never fails: where there is none, these tests are skipped with the reason.
set -u

if command -v chromium >/dev/null 2>&1; then
    echo "Chromium: $(chromium --version 2>/dev/null)"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Chromium: not installed, and no root with apt to install it; the page will not be tried in a browser."
    exit 0
fi
echo "Chromium: installing it from Debian's packages"
export DEBIAN_FRONTEND=noninteractive
# With letters that have all Vietnamese marks: a bare machine has none.
if apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; then
    echo "Chromium: $(chromium --version 2>/dev/null)"
else
    echo "Chromium: could not be installed; the page will not be tried in a browser."
fi
exit 0
