#!/usr/bin/env python3
"""Draws docs/plots/*.svg: what the amplifiers' models make of what ngspice made of their circuits, and what they alias.

    scripts/plots.py [--build build/release]

Runs test_analog for what the models do (GAINSTAGE_PLOT_DATA), and gainstage render for spectra at full drive.
"""
import argparse
import cmath
import csv
import json
import math
import os
import pathlib
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
PLOTS = ROOT / "docs" / "plots"
AMPLIFIERS = {"american-clean": "americanClean", "tweed": "tweed", "british-crunch": "britishCrunch",
              "top-boost": "topBoost", "modern-high-gain": "modernHighGain", "bass": "bassAmplifier"}
COLOURS = ["#4363d8", "#e6194b", "#3cb44b", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000", "#666666"]
WIDTH, HEIGHT, MARGIN, COLUMNS = 300, 190, 40, 3  # of a panel, in pixels

RATE, FRAMES, BIN, SKIRT = 48000, 16384, 1707, 6  # as tests/rig/amplifiers/amplifier_block_test.cpp has them
PEAK = 0.5 / 4.361  # half a volt where full scale is +12 dBu


class Panel:
    """Axes with a title; x logarithmic or not."""

    def __init__(self, title, x, y, log=False):
        self.title, self.x, self.y, self.log, self.parts, self.bars = title, x, y, log, [], {}

    def at(self, x, y):
        scale = math.log10 if self.log else float
        low, high = scale(self.x[0]), scale(self.x[1])
        across = (scale(x) - low) / (high - low)
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / (self.y[1] - self.y[0])
        return MARGIN + across * (WIDTH - MARGIN - 8), HEIGHT - 24 - up * (HEIGHT - 48)

    def line(self, points, colour):
        path = " ".join("%.1f,%.1f" % self.at(*point) for point in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1"/>')

    def bar(self, x, y, colour, width=1.0):
        (left, top), (_, bottom) = self.at(x, y), self.at(x, self.y[0])
        self.bars.setdefault((colour, width), []).append(f"M{left:.1f} {bottom:.0f}V{top:.1f}")

    def dot(self, x, y, colour, radius=1.5):
        left, top = self.at(x, y)
        self.parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{radius}" fill="none" stroke="{colour}" stroke-width="0.8"/>')

    def svg(self, ticks, step):
        text = [f'<text x="{MARGIN}" y="14" font-weight="bold">{self.title}</text>']
        for value, label in ticks:
            left, bottom = self.at(value, self.y[0])
            top = self.at(value, self.y[1])[1]
            text.append(f'<path d="M{left:.1f} {bottom:.1f}V{top:.1f}" stroke="#ddd"/>'
                        f'<text x="{left:.1f}" y="{bottom + 14:.1f}" text-anchor="middle">{label}</text>')
        for value in range(self.y[0], self.y[1] + 1, step):
            left, height = self.at(self.x[0], value)
            right = self.at(self.x[1], value)[0]
            text.append(f'<path d="M{left:.1f} {height:.1f}H{right:.1f}" stroke="#ddd"/>'
                        f'<text x="{left - 4:.1f}" y="{height + 3:.1f}" text-anchor="end">{value}</text>')
        bars = [f'<path d="{"".join(all)}" stroke="{colour}" stroke-width="{width}"/>' for (colour, width), all in self.bars.items()]
        return "\n".join(text + bars + self.parts)


def write(name, caption, panels, ticks, step):
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT + 24
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">',
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for index, panel in enumerate(panels):
        place = f"{index % COLUMNS * WIDTH},{index // COLUMNS * HEIGHT}"
        lines.append(f'<g transform="translate({place})">\n{panel.svg(ticks, step)}\n</g>')
    lines += [f'<text x="{MARGIN}" y="{height - 8}">{caption}</text>', "</svg>"]
    PLOTS.mkdir(exist_ok=True)
    (PLOTS / name).write_text("\n".join(lines) + "\n")


def rows_of(path):
    with path.open() as file:
        return [[float(cell) for cell in row] for row in csv.reader(file)]


def model_plots(build):
    with tempfile.TemporaryDirectory() as name:
        data = pathlib.Path(name)
        subprocess.run([build / "test_analog", "--gtest_filter=*HasTheHarmonicsThatNgspiceFinds*:*PlaysToneStacks*"],
                       env={**os.environ, "GAINSTAGE_PLOT_DATA": name, "GAINSTAGE_SOURCE_DIR": str(ROOT)},
                       check=True, stdout=subprocess.DEVNULL)
        draw_tone_stacks(data)
        draw_harmonics(data)


def draw_tone_stacks(data):
    panels = []
    for amplifier in AMPLIFIERS:
        path = data / f"tone-{amplifier}.csv"
        if not path.exists():  # the bass amplifier's is of another kind, and part of its preamplifier only
            continue
        panel = Panel(amplifier, (20, 20000), (-40, 0), log=True)
        rows = rows_of(path)
        for setting, colour in enumerate(COLOURS):
            curve = [row for row in rows if row[0] == setting]
            panel.line([(row[1], row[3]) for row in curve], colour)
            for row in curve[::3]:
                panel.dot(row[1], row[2], colour)
        panels.append(panel)
    write("tone-stacks.svg", "Tone stacks at nine settings, dB over Hz: lines are the models, circles ngspice.",
          panels, [(20, "20"), (100, "100"), (1000, "1k"), (10000, "10k")], 10)


def draw_harmonics(data):
    panels = []
    for amplifier in AMPLIFIERS:
        panel = Panel(amplifier, (0, 6), (-80, 60))
        for row in rows_of(data / f"harmonics-{amplifier}.csv"):
            setting, level, number, expected, found = row
            if setting == 0:
                which = [0.02, 0.1, 0.5].index(level)
                place = number + 0.2 * (which - 1)
                panel.bar(place, found, COLOURS[which], 3.0)
                panel.dot(place, expected, "#000", 2.0)
        panels.append(panel)
    write("harmonics.svg", "Preamplifiers, harmonics 1 to 5 of 1 kHz in dB above 1 V, at 0.02 V (blue), 0.1 V (red) and 0.5 V (green): "
          "bars are the models, circles ngspice.", panels, [(n, str(n)) for n in range(1, 6)], 20)


def transform(values):
    """Radix-2, of a list whose length is a power of two."""
    if len(values) == 1:
        return values
    even, odd = transform(values[::2]), transform(values[1::2])
    half = len(even)
    turned = [cmath.exp(-1j * math.pi * k / half) * odd[k] for k in range(half)]
    return [even[k] + turned[k] for k in range(half)] + [even[k] - turned[k] for k in range(half)]


def write_wave(path, samples):
    form = struct.pack("<HHIIHH", 3, 1, RATE, 4 * RATE, 4, 32)
    body = struct.pack(f"<{len(samples)}f", *samples)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(body)) + body
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def read_wave(path):
    """The first channel of 32-bit floats."""
    content = path.read_bytes()
    at, channels = 12, 1
    while at < len(content):
        kind, length = content[at:at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if kind == b"fmt ":
            channels = struct.unpack_from("<H", content, at + 10)[0]
        if kind == b"data":
            return list(struct.unpack_from(f"<{length // 4}f", content, at + 8))[::channels]
        at += 8 + length + length % 2
    raise ValueError(f"{path} has no samples")


def spectrum(build, folder, block, quality):
    rig = {"gainstage": "rig", "version": 1, "blocks": [{"id": "amp", "type": block, "quality": quality}]}
    knobs = {"modernHighGain": ["gain", "master"]}.get(block, ["volume"])
    rig["blocks"][0].update({knob: 1 for knob in knobs})
    (folder / "rig.json").write_text(json.dumps(rig))
    subprocess.run([build / "gainstage", "render", folder / "in.wav", "-o", folder / "out.wav", "--rig", folder / "rig.json", "--quality", "live"],
                   check=True, stdout=subprocess.DEVNULL)
    sound = read_wave(folder / "out.wav")[2 * FRAMES:3 * FRAMES]
    windowed = [sample * (1 - math.cos(2 * math.pi * n / FRAMES)) for n, sample in enumerate(sound)]
    return [abs(value) for value in transform(windowed)[:int(18000 / RATE * FRAMES)]]


def draw_aliasing(build):
    panels = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_wave(folder / "in.wav", [PEAK * math.sin(2 * math.pi * BIN * n / FRAMES) for n in range(3 * FRAMES)])
        for amplifier, block in AMPLIFIERS.items():
            panel = Panel(amplifier, (0, 18000), (-120, 0))
            for quality, colour in (("live", COLOURS[3]), ("offline", COLOURS[0])):
                levels = spectrum(build, folder, block, quality)
                fundamental = levels[BIN]
                for k in range(SKIRT + 1, len(levels)):
                    decibels = 20 * math.log10(levels[k] / fundamental + 1e-12)
                    from_harmonic = abs(k - round(k / BIN) * BIN)
                    if from_harmonic == 0:
                        panel.bar(k * RATE / FRAMES, decibels, "#000", 2.0)
                    elif from_harmonic > SKIRT and decibels > -110 and levels[k] == max(levels[k - SKIRT:k + SKIRT + 1]):
                        panel.bar(k * RATE / FRAMES, decibels, colour)
            panels.append(panel)
    write("aliasing.svg", "Whole amplifiers at full drive, 5 kHz at 0.5 V, dB below the fundamental over Hz: harmonics black, aliases live orange, "
          "offline blue.", panels, [(hz, f"{hz // 1000}k") for hz in (0, 5000, 10000, 15000)], 20)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    build = parser.parse_args().build.resolve()
    model_plots(build)
    draw_aliasing(build)


if __name__ == "__main__":
    main()
