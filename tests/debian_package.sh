#!/bin/sh
# A program of Debian for the tests: used where installed, else installed where root and apt are at hand.
# Never fails: where there is none, its tests are skipped with the reason.
# Usage: debian_package.sh NAME PROGRAM CONSEQUENCE PACKAGE...; CONSEQUENCE says what will not be tried without it.
set -u
name=$1 program=$2 consequence=$3
shift 3

if command -v "$program" >/dev/null 2>&1; then
    echo "$name: $program"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "$name: not installed, and no root with apt to install it; $consequence."
    exit 0
fi
echo "$name: installing it from Debian's packages"
export DEBIAN_FRONTEND=noninteractive
# A package may start a server of its own; a policy that is there already is kept.
policy=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
fi
if apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
    echo "$name: $program"
else
    echo "$name: could not be installed; $consequence."
fi
[ "$made" = yes ] && rm -f "$policy"
exit 0
