#!/bin/sh
# A reverse proxy for the tests of the board behind one.
exec sh "$(dirname "$0")/debian_package.sh" nginx /usr/sbin/nginx "the board behind nginx will not be tried" nginx-light
