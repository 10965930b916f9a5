#!/usr/bin/env python3
"""Renders recordings through every preset, draws their spectrograms and writes a page to hear them all.

Usage: demo_sounds.py PROGRAM OUT [--presets FOLDER] [--recordings FOLDER] [--seconds S]
Recordings: $GAINSTAGE_DATA/audio or ../shared/data/audio; where there are none, the built-in guitar. Presets for a bass
get the bass. Needs ffmpeg and sox.
"""
import argparse
import concurrent.futures
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[1]
FFMPEG = ["ffmpeg", "-hide_banner", "-nostats", "-y"]
TAIL_S = 2.0


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}:\n{done.stderr}")
    return done.stdout + done.stderr


def built_in_guitar(program, folder, seconds):
    """The virtual interface's guitar, as a dry take has it."""
    run([program, "run", "--device", "virtual", "--free-running", "--rate", 48000, "--seconds", seconds, "--no-meters",
         "--take", folder])
    return next(folder.rglob("01-*-dry.wav"))


def find_recordings(folder):
    """{name: path} of the guitars, then of the basses."""
    return {path.stem: path for kind in ("guit_", "bass_") for path in sorted(folder.glob(kind + "*.flac"))}


def loudness(path):
    """(LUFS integrated, dBTP) as ffmpeg measures them."""
    said = run(FFMPEG + ["-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"])
    summary = said[said.rindex("Summary:"):]
    return tuple(float(re.search(key + r":\s+(-?[\d.]+|-inf)", summary)[1]) for key in ("I", "Peak"))


def render(program, preset, source, stem, seconds):
    """Writes stem.wav (as loud as from a strip: two channels) and stem.png; returns what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        dry, wet = pathlib.Path(folder) / "dry.wav", pathlib.Path(folder) / "wet.wav"
        run(FFMPEG + ["-i", source, "-t", seconds, "-ac", 1, "-c:a", "pcm_f32le", dry])
        run([program, "render", dry, "--rig", preset, "-o", wet, "--quality", "live", "--tail", TAIL_S])
        channels = run(["ffprobe", "-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0", wet]).strip()
        both = ["-af", "pan=stereo|c0=c0|c1=c0"] if channels == "1" else []
        run(FFMPEG + ["-i", wet] + both + ["-c:a", "pcm_s24le", f"{stem}.wav"])
    # sox, because the bins of ffmpeg's pictures leak: a low note reaches up to 12 kHz at -70 dB.
    run(["sox", f"{stem}.wav", "-n", "remix", "-", "rate", "24k", "spectrogram", "-x", 640, "-y", 257, "-z", 100, "-w", "Kaiser",
         "-o", f"{stem}.png"])
    lufs, peak = loudness(f"{stem}.wav")
    return {"file": stem.name, "lufs": lufs, "peakDbtp": peak}


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Gainstage: every preset</title>
<style>
body {{ font: 15px sans-serif; margin: 2em auto; max-width: 1500px; background: #181818; color: #ddd }}
section {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(440px, 1fr)); gap: 1em }}
figure {{ margin: 0; background: #262626; padding: .7em }}
img, audio {{ width: 100%; display: block; margin-top: .5em }}
small {{ color: #aaa; float: right }}
</style>
<h1>Every preset</h1>
<p>Loudness: ITU-R BS.1770, integrated. True peak in dBTP. Spectrograms: 0 to 12 kHz, upwards; 100 dB.</p>
<nav>{contents}</nav>
{sections}
</html>
"""


def page(results):
    """`results`: {recording: [{"name", "file", "lufs", "peakDbtp"}]}."""
    contents, sections = [], []
    for recording, sounds in results.items():
        title = html.escape(recording)
        contents.append(f'<a href="#{title}">{title}</a>')
        figures = "\n".join(
            f'<figure><figcaption>{html.escape(sound["name"])}'
            f'<small>{sound["lufs"]:.1f} LUFS, {sound["peakDbtp"]:.1f} dBTP</small></figcaption>'
            f'<img loading="lazy" src="{sound["file"]}.png" alt="spectrogram">'
            f'<audio controls preload="none" src="{sound["file"]}.wav"></audio></figure>' for sound in sounds)
        sections.append(f'<h2 id="{title}">{title}</h2>\n<section>\n{figures}\n</section>')
    return PAGE.format(contents=" · ".join(contents), sections="\n".join(sections))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--presets", type=pathlib.Path, default=PROJECT / "presets" / "factory")
    data = pathlib.Path(os.environ.get("GAINSTAGE_DATA", PROJECT.parent / "shared" / "data"))
    parser.add_argument("--recordings", type=pathlib.Path, default=data / "audio")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each recording")
    asked = parser.parse_args()
    for tool in ("ffmpeg", "sox"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed: scripts/install_packages.sh demo")
    asked.out.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as folder:
        sources = find_recordings(asked.recordings)
        if not any(name.startswith("guit_") for name in sources):
            sources["built-in guitar"] = built_in_guitar(asked.program, pathlib.Path(folder), asked.seconds)
        has_bass = any(name.startswith("bass_") for name in sources)
        jobs = []
        for preset in sorted(asked.presets.glob("*.json")):
            rig = json.loads(preset.read_text())
            for_bass = has_bass and any(block["type"] == "bassAmplifier" for block in rig["blocks"])
            for name, source in sources.items():
                if name.startswith("bass_") == for_bass:
                    slug = re.sub(r"[^a-z0-9]+", "-", f"{name} {preset.stem}".lower())
                    jobs.append((name, rig["name"], preset, source, asked.out / slug))
        results = {name: [] for name in sources}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = pool.map(lambda job: render(asked.program, job[2], job[3], job[4], asked.seconds), jobs)
            for count, (job, sound) in enumerate(zip(jobs, done), 1):
                results[job[0]].append({"name": job[1], **sound})
                if sys.stderr.isatty():
                    print(f"\r{count} of {len(jobs)}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    (asked.out / "index.html").write_text(page(results))
    print(f"{len(jobs)} sounds: {asked.out / 'index.html'}")


if __name__ == "__main__":
    main()
