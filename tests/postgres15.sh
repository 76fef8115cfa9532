#!/bin/sh
# A PostgreSQL 15 server for the tests: used where installed, else installed where root and apt are at hand.
# Never fails: where there is none, the tests say plainly that 15 was not tried.
set -u
bin=/usr/lib/postgresql/15/bin

if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ]; then
    echo "PostgreSQL 15: $("$bin/postgres" --version)"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "PostgreSQL 15: not installed, and no root with apt to install it; the tests will say that 15 was not tried."
    exit 0
fi
echo "PostgreSQL 15: installing it from Debian's packages"
# The package would otherwise make and start a cluster of its own.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
export DEBIAN_FRONTEND=noninteractive
if apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null; then
    echo "PostgreSQL 15: $("$bin/postgres" --version)"
else
    echo "PostgreSQL 15: could not be installed; the tests will say that 15 was not tried."
fi
exit 0
