#!/bin/sh
# Prometheus' promtool for the tests of alert rules.
exec sh "$(dirname "$0")/debian_package.sh" promtool promtool "alert rules will not be tried by it" prometheus
