"""What ngspice makes of the pedals in tests/analog/netlists: scripts/netlists.py asks for it."""
import math
import re

# Settings at which a small signal's response is taken.
RESPONSES = {
    "boost": [{"gain": 0.5, "lowcut": low, "tone": tone} for low, tone in [(0, 1), (1, 1), (0, 0), (0.2, 0.3)]],
    "distortion": [{"distortion": amount, "filter": tone} for amount, tone in [(0, 0), (0.01, 0.5), (0.1, 1), (0.1, 0)]],
    "octave": [{"drive": drive, "octave": 0} for drive in (0, 0.2)],
    "overdrive": [{"drive": drive, "tone": tone} for drive, tone in [(0, 0), (0, 0.5), (0, 1), (0.3, 0.2), (0.3, 0.8)]],
    "wah": [{"pedal": pedal} for pedal in (0, 0.11, 0.25, 0.5, 0.75, 0.9, 1)],
}
# Settings, and volts at the peak of a sine, at which harmonics are.
DRIVEN = {
    "boost": ([{"gain": 0.3, "lowcut": 0, "tone": 1}, {"gain": 1, "lowcut": 0.2, "tone": 0.8}], [0.1, 0.6, 2]),
    "distortion": ([{"distortion": 0.1, "filter": 0.2}, {"distortion": 1, "filter": 0}], [0.01, 0.1, 1]),
    "fuzz": ([{"fuzz": 1, "volume": 1, "bias": 0.4, "silicon": 0}, {"fuzz": 0.5, "volume": 0.6, "bias": 0.4, "silicon": 0},
              {"fuzz": 1, "volume": 1, "bias": 0.4, "silicon": 1}], [0.01, 0.1, 1]),
    "octave": ([{"drive": 0.1, "octave": 0}, {"drive": 1, "octave": 1}], [0.05, 0.2, 1]),
    "overdrive": ([{"drive": 0.3, "tone": 0.5}, {"drive": 1, "tone": 0.7}], [0.02, 0.2, 1.5]),
}
HZ = 500
HARMONICS = 5
RATE = 192000
SETTLE_SECONDS = 0.4  # until coupling capacitors have settled
PERIODS = 10


def with_settings(path, settings):
    """The netlist with its .param line set."""
    line = " ".join(f"{name}={value}" for name, value in settings.items())
    return re.sub(r"^\.param .*$", ".param " + line, path.read_text(), count=1, flags=re.MULTILINE)


def response(run_ngspice, path, settings):
    """Rows of frequency and the gain in dB at each of the settings."""
    columns = [run_ngspice(with_settings(path, setting).replace("{source}", "Vin in 0 AC 1"), "ac dec 10 20 20k", "vdb(out)")
               for setting in settings]
    return [[f"{rows[0][0]:.6g}"] + [f"{row[1]:.4f}" for row in rows] for rows in zip(*columns)]


def levels(samples):
    """Of the first harmonics in dB re 1 V."""
    found = []
    for k in range(1, HARMONICS + 1):
        turn = 2 * math.pi * k * PERIODS / len(samples)
        cosine = sum(v * math.cos(turn * n) for n, v in enumerate(samples))
        sine = sum(v * math.sin(turn * n) for n, v in enumerate(samples))
        found.append(20 * math.log10(max(2 * math.hypot(cosine, sine) / len(samples), 1e-9)))
    return found


def driven(run_ngspice, path, settings, volts):
    """A row for each setting and level: the settings, the level in volts and the harmonics in dB re 1 V."""
    rows = []
    options = ".options reltol=1e-4 abstol=1e-12 vntol=1e-7 method=trap\n"
    for setting in settings:
        for level in volts:
            netlist = with_settings(path, setting).replace("{source}", f"Vin in 0 SIN(0 {level} {HZ})")
            seconds = SETTLE_SECONDS + PERIODS / HZ
            out = run_ngspice(netlist.replace(".end\n", options + ".end\n"),
                              f"tran {1 / RATE:.12g} {seconds} {SETTLE_SECONDS} 1u\nlinearize v(out)", "v(out)")
            samples = [row[1] for row in out][:PERIODS * RATE // HZ]
            rows.append([f"{value:g}" for value in [*setting.values(), level]] + [f"{h:.3f}" for h in levels(samples)])
    return rows


def pedal_results(run_ngspice, netlists, check):
    """Names, heads and rows. The driven ones take minutes: a check leaves them out."""
    for name, settings in RESPONSES.items():
        head = ["hz"] + [" ".join(map(str, setting.values())) for setting in settings]
        yield f"pedal-{name}-response", head, response(run_ngspice, netlists / f"pedal-{name}.cir", settings)
    for name, (settings, volts) in ({} if check else DRIVEN).items():
        head = [*settings[0], "volts"] + [f"h{k}" for k in range(1, HARMONICS + 1)]
        yield f"pedal-{name}-driven", head, driven(run_ngspice, netlists / f"pedal-{name}.cir", settings, volts)
