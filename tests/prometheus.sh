#!/bin/sh
# Prometheus' promtool for the tests of alert rules: used where installed, else installed where root and apt are at hand.
# Never fails: where there is none, these tests are skipped with the reason.
set -u
if command -v promtool >/dev/null 2>&1; then
    echo "promtool: $(promtool --version 2>&1 | head -n 1)"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "promtool: not installed, and no root with apt to install it; alert rules will not be tried by it."
    exit 0
fi
echo "promtool: installing Debian's package prometheus"
export DEBIAN_FRONTEND=noninteractive
# The package would otherwise start a server; a policy that is there already is kept.
policy=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
fi
if apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends prometheus >/dev/null; then
    echo "promtool: $(promtool --version 2>&1 | head -n 1)"
else
    echo "promtool: could not be installed; alert rules will not be tried by it."
fi
[ "$made" = yes ] && rm -f "$policy"
exit 0
