#!/bin/bash
# Formatting, layering, and clang-tidy over src/ and bench/. Needs a configured build/release.
set -eu
cd "$(dirname "$0")/.."

echo "lint: formatting"
scripts/format.sh --check
echo "lint: layering"
scripts/check_layers.py
echo "lint: clang-tidy"
scripts/sources.sh src bench | grep '\.cpp$' | xargs scripts/tidy.py build/release
