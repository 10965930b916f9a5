#!/usr/bin/env python3
"""What ngspice makes of the circuits in tests/analog/netlists.

    scripts/netlists.py           writes tests/analog/netlists/results/*.csv, which the tests compare the models with
    scripts/netlists.py --check   compares what is stored with what ngspice says now; 77 where there is no ngspice
"""
import argparse
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

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


def run_ngspice(netlist, commands):
    """The columns that `wrdata` wrote, as rows of numbers."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        body = netlist.replace(".end\n", "")
        (folder / "run.cir").write_text(body + ".control\n" + commands + f"\nwrdata {folder}/out.txt " + "{OUT}\nquit\n.endc\n.end\n")
        text = (folder / "run.cir").read_text()
        (folder / "run.cir").write_text(text.replace("{OUT}", "vdb(out)" if "\nac " in "\n" + commands else "v(out)"))
        subprocess.run(["ngspice", "-b", folder / "run.cir"], check=True, capture_output=True, timeout=300)
        return [[float(cell) for cell in line.split()] for line in (folder / "out.txt").read_text().splitlines()]


def tone_stack(path):
    """Rows of frequency and the gain in dB at each setting of the knobs."""
    rows = None
    for treble, middle, bass in KNOBS:
        netlist = path.read_text().replace(".param treble=0.5 middle=0.5 bass=0.5",
                                           f".param treble={treble} middle={middle} bass={bass}")
        gains = run_ngspice(netlist, "ac dec 10 20 20k")
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


def results():
    for path in sorted(NETLISTS.glob("tone-*.cir")):
        yield path.stem, ["hz"] + [f"t{t}m{m}b{b}" for t, m, b in KNOBS], tone_stack(path)
    for name, signal in SIGNALS.items():
        yield f"triode-stage-{name}", ["volts"], transient(NETLISTS / "triode-stage.cir", signal)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if shutil.which("ngspice") is None:
        print("ngspice is not installed")
        sys.exit(NOT_INSTALLED)
    RESULTS.mkdir(exist_ok=True)
    for name, head, rows in results():
        path = RESULTS / f"{name}.csv"
        text = "\n".join(",".join(row) for row in [head] + rows) + "\n"
        if not options.check:
            path.write_text(text)
            continue
        stored = [[float(cell) for cell in line.split(",")] for line in path.read_text().splitlines()[1:]]
        worst = max(abs(a - float(b)) for old, new in zip(stored, rows) for a, b in zip(old[-1:] + old[1:], new[-1:] + new[1:]))
        print(f"{name}: {len(rows)} rows, at most {worst:.4g} from what is stored")
        if len(stored) != len(rows) or not worst < 0.02 or not math.isfinite(worst):
            sys.exit(f"{path} is not what ngspice says: run scripts/netlists.py and look at the difference")


if __name__ == "__main__":
    main()
