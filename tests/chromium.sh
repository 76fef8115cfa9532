#!/bin/sh
# A Chromium for the tests of pages, with letters that have all Vietnamese marks: a bare machine has none.
exec sh "$(dirname "$0")/debian_package.sh" Chromium chromium "pages will not be tried in a browser" chromium fonts-dejavu-core
