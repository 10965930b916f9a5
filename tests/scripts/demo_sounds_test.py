#!/usr/bin/env python3
"""The demo page holds a sound and a picture of every preset and recording. Usage: demo_sounds_test.py PROGRAM"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # what CTest is told
SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "demo_sounds.py"


def main():
    if not all(shutil.which(tool) for tool in ("ffmpeg", "sox")):
        print("ffmpeg or sox is not installed")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "presets").mkdir()
        for number, gain in enumerate((0, -6), 1):
            rig = {"gainstage": "rig", "version": 1, "name": f"Rig <{number}>",
                   "blocks": [{"id": "up", "type": "gain", "gainDb": gain}]}
            (folder / "presets" / f"0{number} rig.json").write_text(json.dumps(rig))
        subprocess.run([SCRIPT, sys.argv[1], folder / "out", "--presets", folder / "presets", "--recordings", folder,
                        "--seconds", "2"], check=True)
        page = (folder / "out" / "index.html").read_text()
        files = re.findall(r'src="([^"]+)"', page)
        assert len(files) == 4, page
        for file in files:
            assert (folder / "out" / file).stat().st_size > 1000, file
        assert "Rig &lt;1&gt;" in page, page
        first, second = (float(lufs) for lufs in re.findall(r"(-[\d.]+) LUFS", page))
        assert abs(first - second - 6.0) < 0.15, (first, second)


if __name__ == "__main__":
    main()
