#!/usr/bin/env python3
"""clang-tidy over the named files, as many at a time as there are cores. Prints what it found; fails if that is
anything.

Debian 12's clang 14 cannot parse some of GCC 12's <ranges>: it then reports errors inside the system's headers, though
GCC compiles the file. Those are left out; the rest of such a file is checked all the same.

Usage: tidy.py BUILD_FOLDER FILE...
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FOUND = re.compile(r"^(/[^:]+):\d+:\d+: (error|warning): ")
COMMAND = [
    "clang-tidy-14",
    "--quiet",
    "--extra-arg=-Wno-unknown-warning-option",  # the build's compiler has warnings that clang does not know
    "--extra-arg=-DHWY_COMPILE_ONLY_STATIC",  # once is enough: not again for every instruction set
    "-p",
]


def ours(output):
    """The output without what it says of the system's headers."""
    kept, keep = [], True
    for line in output.splitlines():
        found = FOUND.match(line)
        if found:
            keep = not (found.group(1).startswith("/usr/") and "[clang-diagnostic-error]" in line)
        if keep and line.strip():
            kept.append(line)
    return kept if any(FOUND.match(line) for line in kept) else []


def check(build, path):
    done = subprocess.run([*COMMAND, build, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode < 0 or "error: no input files" in done.stderr or not os.path.exists(path):
        return [f"{path}: clang-tidy could not run", *done.stderr.splitlines()]
    return ours(done.stdout)


def main(build, paths):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: check(build, path), paths))
    lines = list(dict.fromkeys("\n".join(result) for result in results if result))  # a header's, once
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
