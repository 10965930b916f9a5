"""What ngspice makes of the gear in tests/analog/netlists: scripts/netlists.py asks for it."""
import math

PICKUPS = [
    {},                                                                                  # a single coil, 3 m, 1 Mohm
    {"input": "10k"},                                                                    # a line input
    {"cable": "1500p", "input": "47k", "volumeshare": 0.5},                              # 10 m of a poor cable
    {"toneshare": 0},
    {"toneshare": 0.3, "volumeshare": 0.1, "input": "220k"},
    {"l": 4.5, "r": 8200, "c": "90p", "eddy": "600k", "volume": "500k", "tone": "500k"},  # a humbucker under its cover
    {"l": 4.5, "r": 8200, "c": "90p", "eddy": "600k", "volume": "500k", "tone": "500k", "input": "10meg", "cable": "20p"},
]
RESONANT = {}
LOW = {"coil": 32, "resonance": 45, "rise": 40, "q": 1.8, "inductance": "0.3m", "eddy": 20}
HEADPHONES = [
    {**coil, "output": output, "ground": ground}
    for coil in (RESONANT, LOW) for output, ground in ((0, "10m"), (10, "50m"), (47, "0.2"), (120, "1"))
]


def columns(run_ngspice, netlists, commands, expressions):
    """Rows of frequency and, of each netlist, each of the expressions."""
    tables = [run_ngspice(netlist, commands, expressions) for netlist in netlists]
    return [(rows[0][0], [cell for row in rows for cell in row[1::2]]) for rows in zip(*tables)]


def gear_results(run_ngspice, turned, folder):
    """Names, heads and rows."""
    pickups = [turned((folder / "gear-pickup.cir").read_text(), **setting) for setting in PICKUPS]
    head = ["hz"] + [f"{what}{n}" for n in range(len(PICKUPS)) for what in ("db", "degrees")]
    yield ("gear-pickup-response", head,
           [[f"{hz:.6g}"] + [f"{db:.4f}" if n % 2 == 0 else f"{math.degrees(db):.3f}" for n, db in enumerate(cells)]
            for hz, cells in columns(run_ngspice, pickups, "ac dec 10 20 20k", "vdb(out) vp(out)")])
    # Of all resistors at 20 degrees, dB above 1 nV per root Hz.
    cold = [netlist.replace(".end\n", ".options temp=20\n.end\n") for netlist in pickups]
    yield ("gear-pickup-noise", ["hz"] + [f"noise{n}" for n in range(len(PICKUPS))],
           [[f"{hz:.6g}"] + [f"{20 * math.log10(density / 1e-9):.4f}" for density in cells]
            for hz, cells in columns(run_ngspice, cold, "noise v(out) Vstring dec 10 20 20k\nsetplot noise1", "onoise_spectrum")])
    headphones = [turned((folder / "gear-headphone.cir").read_text(), **setting) for setting in HEADPHONES]
    yield ("gear-headphone", ["hz"] + [f"{side}{n}" for n in range(len(HEADPHONES)) for side in ("left", "right")],
           [[f"{hz:.6g}"] + [f"{db:.4f}" for db in cells]
            for hz, cells in columns(run_ngspice, headphones, "ac dec 10 20 20k", "db(v(lefttip)-v(sleeve)) db(v(righttip)-v(sleeve))")])
