#!/bin/bash
# Formatting, layering and clang-tidy over src/ and bench/; cppcheck over the same. Needs a configured build/release.
set -eu
cd "$(dirname "$0")/.."

echo "lint: formatting"
scripts/format.sh --check
echo "lint: layering"
scripts/check_layers.py
echo "lint: cppcheck"
# Its inliner of templates and macros stops at Highway and the JSON library: only what is certain is asked for.
cppcheck --quiet --std=c++20 --language=c++ --enable=warning,performance,portability --inconclusive \
  --suppress=missingIncludeSystem --inline-suppr --error-exitcode=1 -j "$(nproc)" -I src -I . \
  src bench
echo "lint: clang-tidy"
# -Wno-...: the compiler that made compile_commands.json is GCC and has warnings that clang does not know.
scripts/sources.sh src bench | grep '\.cpp$' |
  xargs -n 1 -P "$(nproc)" clang-tidy-14 --quiet -p build/release --extra-arg=-Wno-unknown-warning-option \
    2> >(grep -v 'warnings.* generated\|^Suppressed\|^Use -header-filter' >&2)
