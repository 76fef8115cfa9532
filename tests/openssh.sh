#!/bin/sh
# An SFTP server for the tests of landing zones.
exec sh "$(dirname "$0")/debian_package.sh" "OpenSSH server" /usr/sbin/sshd "SFTP will not be tried" openssh-server
