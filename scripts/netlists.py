#!/usr/bin/env python3
"""What ngspice makes of the circuits in tests/analog/netlists.

    scripts/netlists.py           writes tests/analog/netlists/results/*.csv, which the tests compare the models with
    scripts/netlists.py --check   compares what is stored with what ngspice says now; 77 where there is no ngspice

All of it takes some fifteen minutes of one core. --check is quick: it leaves out what driven pedals do, and of the
harmonics of the preamps and the phase inverter it runs but CHECKED again, at twice the step; the rest it runs in full.
"""
import argparse
import cmath
import concurrent.futures
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from gear_netlists import gear_results
from pedal_netlists import pedal_results

NETLISTS = pathlib.Path(__file__).parents[1] / "tests" / "analog" / "netlists"
RESULTS = NETLISTS / "results"
NOT_INSTALLED = 77  # CTest calls it skipped

# Treble, middle, bass.
KNOBS = [(0.5, 0.5, 0.5), (0, 0, 0), (1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.8, 0.3, 0.6), (0.2, 0.7, 0.4), (0.5, 0, 1)]

# Volts at the stage's source over time: two tones that drive the grid into conduction, and a string plucked hard.
SIGNALS = {
    "two-tone": "4*(0.5*sin(2*pi*220*time)+0.5*sin(2*pi*1661*time))",
    "plucked": "6*(sin(2*pi*196*time)*exp(-9*time)+0.5*sin(2*pi*392.3*time)*exp(-14*time)"
               "+0.4*sin(2*pi*589*time)*exp(-20*time)+0.25*sin(2*pi*786.5*time)*exp(-28*time))*(1-exp(-900*time))",
}
RATE = 192000  # of the stored transients, Hz
SECONDS = 0.06


# The whole preamp: knobs beside those that its netlist stands at, the first and a second setting.
PREAMPS = {
    "american-clean": [{}, {"volume": 0.8, "treble": 0.7, "middle": 0.3, "bass": 0.4, "bright": 0}],
    "tweed": [{}, {"volume": 0.8, "treble": 0.7, "middle": 0.3, "bass": 0.6}],
    "british-crunch": [{}, {"volume": 0.8, "treble": 0.4, "middle": 0.8, "bass": 0.3}],
    "top-boost": [{}, {"volume": 0.8, "treble": 0.3, "bass": 0.7}],
    "modern-high-gain": [{}, {"gain": 0.3, "treble": 0.6, "middle": 0.8, "bass": 0.3, "master": 0.8}],
    "bass": [{}, {"volume": 0.8, "treble": 0.3, "bass": 0.7}],
}
GUITAR_LEVELS = [0.02, 0.1, 0.5]  # volts, peak
INVERTER_LEVELS = [0.5, 2, 6]
CHECKED = [("american-clean", 0, 0.1), ("british-crunch", 1, 0.1)]  # preamp, setting, level

# A sine of 1 kHz from rest at t = 0; its harmonics are those of 48 whole periods under a Hann window, from SETTLED on:
# by then, at 0.5 V, the harmonics up to the fifth are within 0.15 dB of where they stay. Simulate the same time from rest.
SETTLED, PERIODS, PERIOD, HARMONICS = 0.152, 48, 0.001, 10
SAMPLES = 250  # of a period
STEP = 1e-6  # the longest; half of it moves no harmonic above -70 dBc by more than 0.01 dB


def run_ngspice(netlist, commands, columns="v(out)"):
    """The columns that `wrdata` wrote, each after its scale, as rows of numbers."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        body = netlist.replace(".end\n", "")
        (folder / "run.cir").write_text(f"{body}.control\n{commands}\nwrdata {folder}/out.txt {columns}\nquit\n.endc\n.end\n")
        subprocess.run(["ngspice", "-b", folder / "run.cir"], check=True, capture_output=True, timeout=600)
        return [[float(cell) for cell in line.split()] for line in (folder / "out.txt").read_text().splitlines()]


def tone_stack(path):
    """Rows of frequency and the gain in dB at each setting of the knobs."""
    rows = None
    for treble, middle, bass in KNOBS:
        netlist = path.read_text().replace(".param treble=0.5 middle=0.5 bass=0.5",
                                           f".param treble={treble} middle={middle} bass={bass}")
        gains = run_ngspice(netlist, "ac dec 10 20 20k", "vdb(out)")
        rows = rows or [[row[0]] for row in gains]
        for row, gain in zip(rows, gains):
            row.append(gain[1])
    return [[f"{row[0]:.6g}"] + [f"{gain:.4f}" for gain in row[1:]] for row in rows]


def transient(path, signal):
    """Rows of time and output volts, RATE a second."""
    netlist = path.read_text().replace("{signal}", signal)
    options = ".options reltol=1e-5 abstol=1e-13 vntol=1e-8 method=trap\n"
    step = 1 / RATE
    rows = run_ngspice(netlist.replace(".end\n", options + ".end\n"), f"tran {step:.12g} {SECONDS} 0 0.5u\nlinearize v(out)")
    return [[f"{row[1]:.7g}"] for row in rows]


def turned(netlist, **parameters):
    """The netlist with these of its .param changed."""
    for name, value in parameters.items():
        netlist, found = re.subn(rf"(?m)^(\.param .*\b{name}=)\S+", rf"\g<1>{value}", netlist)
        assert found == 1, name
    return netlist


def rest(path):
    """Of each triode: its number and the volts at plate, grid and cathode."""
    triodes = re.findall(r"(?m)^Xtriode(\d) (\S+) (\S+) (\S+) triode$", path.read_text())
    cells = run_ngspice(path.read_text(), "op", " ".join(f"v({node})" for triode in triodes for node in triode[1:]))[0][1::2]
    return [[triode[0]] + [f"{volts:.5f}" for volts in cells[3 * i:3 * i + 3]] for i, triode in enumerate(triodes)]


def response(path, settings):
    """Rows of frequency and the small signals' gain in dB at each setting."""
    columns = [run_ngspice(turned(path.read_text(), **knobs), "ac dec 10 20 20k", "vdb(out)") for knobs in settings]
    return [[f"{rows[0][0]:.6g}"] + [f"{row[1]:.4f}" for row in rows] for rows in zip(*columns)]


def harmonics(netlist, nodes, step):
    """Of each harmonic: its number, then for each node dB above 1 V peak and degrees, as a sine since t = 0."""
    options = ".options reltol=1e-6 abstol=1e-13 vntol=1e-8 trtol=1e4 method=trap\n"
    sample = PERIOD / SAMPLES
    rows = run_ngspice(netlist.replace(".end\n", f"{options}.save {' '.join(nodes)}\n.end\n"),
                       f"tran {sample:.9g} {SETTLED + PERIODS * PERIOD} {SETTLED} {step}\nlinearize", " ".join(nodes))
    count = PERIODS * SAMPLES
    table = [[f"{k}"] for k in range(1, HARMONICS + 1)]
    for node in range(len(nodes)):
        period = [0.0] * SAMPLES
        for n in range(count):
            period[n % SAMPLES] += rows[n][2 * node + 1] * (1 - math.cos(2 * math.pi * n / count))
        for k, line in enumerate(table, 1):
            tone = 2j / count * sum(volts * cmath.exp(-2j * math.pi * k * n / SAMPLES) for n, volts in enumerate(period))
            line += [f"{20 * math.log10(abs(tone)):.4f}", f"{math.degrees(cmath.phase(tone)):.3f}"]
    return table


def driven(check):
    """What the preamps and the inverter do with a sine: name, head, rows."""
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, settings in PREAMPS.items():
            netlist = (NETLISTS / f"preamp-{name}.cir").read_text()
            for setting, knobs in enumerate(settings):
                for level in GUITAR_LEVELS:
                    if not check or (name, setting, level) in CHECKED:
                        jobs[name, setting, level] = pool.submit(harmonics, turned(netlist, level=level, **knobs), ["v(out)"],
                                                                 2 * STEP if check else STEP)
        netlist = (NETLISTS / "inverter-american-clean.cir").read_text()
        inverter = {level: pool.submit(harmonics, turned(netlist, level=level), ["v(drive1)", "v(drive2)"], 2 * STEP if check else STEP)
                    for level in INVERTER_LEVELS[:1 if check else None]}
    for name in PREAMPS:
        rows = [[f"{setting}", f"{level}"] + row for (whose, setting, level), job in jobs.items() if whose == name for row in job.result()]
        if rows:
            yield f"preamp-{name}-harmonics", ["setting", "level", "harmonic", "decibels", "degrees"], rows
    yield ("inverter-american-clean-harmonics", ["level", "harmonic", "decibels1", "degrees1", "decibels2", "degrees2"],
           [[f"{level}"] + row for level, job in inverter.items() for row in job.result()])


def results(check):
    for path in sorted(NETLISTS.glob("tone-*.cir")):
        yield path.stem, ["hz"] + [f"t{t}m{m}b{b}" for t, m, b in KNOBS], tone_stack(path)
    for name, signal in SIGNALS.items():
        yield f"triode-stage-{name}", ["volts"], transient(NETLISTS / "triode-stage.cir", signal)
    for name, settings in PREAMPS.items():
        path = NETLISTS / f"preamp-{name}.cir"
        yield f"{path.stem}-rest", ["triode", "plate", "grid", "cathode"], rest(path)
        yield f"{path.stem}-response", ["hz"] + [f"setting{n}" for n in range(len(settings))], response(path, settings)
    yield "inverter-american-clean-rest", ["triode", "plate", "grid", "cathode"], rest(NETLISTS / "inverter-american-clean.cir")
    yield from pedal_results(run_ngspice, NETLISTS, check)
    yield from gear_results(run_ngspice, turned, NETLISTS)
    yield from driven(check)


def worst_difference(head, stored, rows):
    """The largest there is; of harmonics, of their phasors, in dB of the fundamental's level. None if rows are missing."""
    if "harmonic" not in head:
        return max(abs(a - float(b)) for old, new in zip(stored, rows) for a, b in zip(old[-1:] + old[1:], new[-1:] + new[1:])) \
            if len(stored) == len(rows) else None
    first = head.index("harmonic") + 1
    known = {tuple(row[:first]): row[first:] for row in stored}
    worst, fundamental = 0.0, {}
    for row in ([float(cell) for cell in row] for row in rows):
        old = known.get(tuple(row[:first]))
        if old is None:
            return None
        for node in range(0, len(old), 2):
            was, now = (10 ** (line[node] / 20) * cmath.exp(1j * math.radians(line[node + 1])) for line in (old, row[first:]))
            if row[first - 1] == 1:
                fundamental[node] = abs(was)
            worst = max(worst, 20 * math.log10(1 + abs(now - was) / fundamental[node]))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, and quickly")
    options = parser.parse_args()
    if shutil.which("ngspice") is None:
        print("ngspice is not installed")
        sys.exit(NOT_INSTALLED)
    RESULTS.mkdir(exist_ok=True)
    for name, head, rows in results(options.check):
        path = RESULTS / f"{name}.csv"
        text = "\n".join(",".join(row) for row in [head] + rows) + "\n"
        if not options.check:
            path.write_text(text)
            continue
        stored = [[float(cell) for cell in line.split(",")] for line in path.read_text().splitlines()[1:]]
        worst = worst_difference(head, stored, rows)
        if worst is None or not worst < 0.02:
            sys.exit(f"{path} is not what ngspice says ({worst}): run scripts/netlists.py and look at the difference")
        print(f"{name}: {len(rows)} rows, at most {worst:.4g} from what is stored")


if __name__ == "__main__":
    main()
