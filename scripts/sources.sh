#!/bin/bash
# Prints the C++ files below the named folders (default: all of the project), one a line.
set -eu
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then set -- src bench tests; fi
find "$@" -type f \( -name '*.cpp' -o -name '*.h' \) | sort
