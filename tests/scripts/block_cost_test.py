#!/usr/bin/env python3
"""No block of a capture costs much more than the usual one, counted in instructions. Usage: block_cost_test.py PROGRAM"""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # what CTest is told
SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "block_cost.py"

# The trainer's "nano": where the copies at the rings' ends would weigh most.
ARRAYS = [(1, 4, 2, [1, 2, 4, 8, 16, 32, 64]), (4, 2, 1, [128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512])]


def write_capture(path):
    layers, weights = [], 1
    for inputs, channels, head, dilations in ARRAYS:
        is_last = head == 1
        layers.append({"input_size": inputs, "condition_size": 1, "head_size": head, "channels": channels, "kernel_size": 3,
                       "dilations": dilations, "activation": "Tanh", "gated": False, "head_bias": is_last})
        weights += inputs * channels + head * channels + is_last
        weights += len(dilations) * (3 * channels * channels + channels + channels + channels * channels + channels)
    generator = random.Random(1)
    path.write_text(json.dumps({"version": "0.5.4", "architecture": "WaveNet", "sample_rate": 48000,
                                "config": {"layers": layers, "head": None, "head_scale": 0.02},
                                "weights": [generator.uniform(-0.4, 0.4) for _ in range(weights)]}))


def main():
    if shutil.which("valgrind") is None:
        print("valgrind is not installed")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder) / "nano.nam"
        write_capture(capture)
        for block in (64, 16):
            subprocess.run([SCRIPT, sys.argv[1], capture, "--block", str(block), "--limit", "1.2"], check=True)


if __name__ == "__main__":
    main()
