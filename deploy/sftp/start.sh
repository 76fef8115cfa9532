#!/bin/sh
# The key by which senders know this server is made once, and kept in a volume.
set -eu
[ -e /etc/ssh/keys/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/keys/ssh_host_ed25519_key
exec /usr/sbin/sshd -D -e
