#!/bin/bash
# Formats every C++ file in place; with --check says which are not, and fails.
# clang-format 14 and no other: each version has its own taste.
set -eu
cd "$(dirname "$0")/.."
mode=(-i)
if [ "${1:-}" = --check ]; then mode=(--dry-run -Werror); fi
scripts/sources.sh | xargs -n 20 -P "$(nproc)" clang-format-14 "${mode[@]}"
