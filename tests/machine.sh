#!/bin/sh
# What makes and boots a Debian of its own: tests/machine.
set -u
here=$(dirname "$0")
sh "$here/debian_package.sh" debootstrap /usr/sbin/debootstrap "pages will not be typed as root" debootstrap
exec sh "$here/debian_package.sh" systemd-nspawn /usr/bin/systemd-nspawn "pages will not be typed as root" systemd-container
