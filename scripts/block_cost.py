#!/usr/bin/env python3
"""How evenly a capture's work is spread: instructions of each block, counted by callgrind.

    scripts/block_cost.py PROGRAM CAPTURE [--block 64] [--blocks 300] [--limit 1.2]

PROGRAM is the gainstage to run. Valgrind shows programs an AVX2 processor, so this is the AVX2 path. Prints the median
and the dearest block and fails where their ratio exceeds the limit.
"""
import argparse
import math
import pathlib
import random
import re
import statistics
import struct
import subprocess
import sys
import tempfile


def write_noise(path, frames):
    generator = random.Random(1)
    samples = struct.pack(f"<{frames}f", *(generator.uniform(-0.5, 0.5) for _ in range(frames)))
    form = struct.pack("<HHIIHH", 3, 1, 48000, 4 * 48000, 4, 32)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def instructions(program, capture, block, blocks):
    """Of each block but those at the ends, where the file is opened and closed."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_noise(folder / "in.wav", block * blocks)
        # Counted within a player, and dumped where its kernels begin: once for each chunk of up to 64 frames.
        kernels = ["*neural::runWaveNet*", "*neural::SequencePlayer::processChunk*"]
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                        *(f"--dump-before={kernel}" for kernel in kernels),
                        "--toggle-collect=gainstage::neural::WaveNetPlayer::process*",
                        "--toggle-collect=gainstage::neural::SequencePlayer::process(*", program, "render", "--capture", capture, "--block", str(block),
                        "-o", folder / "out.wav", folder / "in.wav"],
                       check=True, capture_output=True)
        totals = []
        for dump in folder.glob("out.*"):
            if match := re.search(rb"^(?:summary|totals): (\d+)", dump.read_bytes(), re.MULTILINE):
                totals.append(int(match[1]))
    return [count for count in totals if count > 0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("capture")
    parser.add_argument("--block", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=300)
    parser.add_argument("--limit", type=float, default=math.inf)
    options = parser.parse_args()
    counts = instructions(options.program, options.capture, options.block, options.blocks)
    if len(counts) < options.blocks // 2:
        sys.exit(f"callgrind saw {len(counts)} blocks of {options.blocks}: was the program built with symbols?")
    ratio = max(counts) / statistics.median(counts)
    print(f"{len(counts)} blocks of {options.block}: median {statistics.median(counts):.0f} instructions, "
          f"dearest {max(counts)}, ratio {ratio:.3f}")
    if ratio > options.limit:
        sys.exit(f"the dearest block costs {ratio:.2f} times the median, more than {options.limit}")


if __name__ == "__main__":
    main()
