#!/bin/sh
# A broker for the tests of runs with workers: used where installed, else installed where root and apt are at hand.
# Never fails: where there is none, these tests are skipped with the reason.
set -u
redis=/usr/bin/redis-server

if [ -x "$redis" ]; then
    echo "Redis: $("$redis" --version 2>&1 | head -n 1)"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Redis: not installed, and no root with apt to install it; workers will not be tried."
    exit 0
fi
echo "Redis: installing it from Debian's packages"
export DEBIAN_FRONTEND=noninteractive
# The package would otherwise start a server of its own; a policy that is there already is kept.
policy=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
fi
if apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends redis-server >/dev/null; then
    echo "Redis: $("$redis" --version 2>&1 | head -n 1)"
else
    echo "Redis: could not be installed; workers will not be tried."
fi
[ "$made" = yes ] && rm -f "$policy"
exit 0
