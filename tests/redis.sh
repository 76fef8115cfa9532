#!/bin/sh
# A broker for the tests of runs with workers.
exec sh "$(dirname "$0")/debian_package.sh" Redis /usr/bin/redis-server "workers will not be tried" redis-server
