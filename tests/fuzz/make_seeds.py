#!/usr/bin/env python3
"""Writes the fuzzers' seeds below tests/fuzz/seeds: the smallest capture and EQ file of each kind and feature, made here.

Weights are all different, small and the same at each run. With --check it writes nothing and fails where a seed
is not as it would be written.
"""
import json
import pathlib
import sys

FILMS = ["conv_pre_film", "conv_post_film", "input_mixin_pre_film", "input_mixin_post_film",
         "activation_pre_film", "activation_post_film", "layer1x1_post_film", "head1x1_post_film"]


def weights(count):
    return [(i * 389 % 1021) / 2048 - 0.25 for i in range(count)]


def nam(architecture, config, count, version="0.7.0", **more):
    return {"version": version, "architecture": architecture, "config": config, "weights": weights(count), **more}


def array(**more):
    return {"input_size": 1, "condition_size": 1, "channels": 2, "kernel_size": 2, "dilations": [1],
            "activation": "Tanh", "head_size": 1, "head_bias": False, **more}


def wavenet(layers, **more):
    return {"layers": layers, "head_scale": 0.02, **more}


PLAIN = 2 + 10 + 2 + 6 + 2 + 1


def everything():
    """Films in all places, gates, groups, head1x1: as many weights as the sizes below say."""
    films = {film: {"active": True, "shift": i % 2 == 0, "groups": 1} for i, film in enumerate(FILMS)}
    layer = array(bottleneck=2, gating_mode="blended", secondary_activation={"type": "LeakyHardtanh", "max_val": 0.5},
                  groups_input=2, layer1x1={"active": True, "groups": 2},
                  head1x1={"active": True, "out_channels": 3, "groups": 1}, **films)
    outputs = [2, 4, 1, 4, 4, 2, 2, 3]
    parts = 2 + (4 * 1 * 2 + 4) + 4 + (2 + 2) + (6 + 3)
    return nam("WaveNet", wavenet([layer]), parts + sum(2 * n * (2 - i % 2) for i, n in enumerate(outputs)) + 3 + 1)


def nam_seeds():
    plain = nam("WaveNet", wavenet([array()]), PLAIN)
    metadata = {"loudness": -18.5, "gain": 0.5, "input_level_dbu": 12.2, "output_level_dbu": 3, "name": "Crunch",
                "modeled_by": "N", "gear_type": "amp", "gear_make": "M", "gear_model": "X", "tone_type": "clean",
                "training": {"validation_esr": 0.01},
                "date": {"year": 2024, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}}
    small = nam("Linear", {"receptive_field": 1, "bias": False}, 1, "0.5.4")
    return {
        "plain": plain,
        "metadata": nam("WaveNet", wavenet([array()], head=None), PLAIN, sample_rate=48000, metadata=metadata),
        "gated": nam("WaveNet", wavenet([array(gated=True)]), 2 + 30 + 2 + 1, "0.5.0"),
        "everything": everything(),
        "two_arrays": nam("WaveNet", wavenet([array(head_size=1, channels=2), array(input_size=2, channels=1)]),
                          2 + 18 + 2 + 2 + 3 + 1 + 2 + 1 + 1),
        "per_layer": nam("WaveNet", wavenet([{
            **{k: v for k, v in array().items() if k not in ("kernel_size", "head_size", "head_bias")},
            "dilations": [1, 2], "kernel_sizes": [2, 3], "gating_mode": ["none", "gated"],
            "activation": [{"type": "PReLU", "negative_slopes": [0.1, 0.2]}, {"type": "LeakyReLU"}],
            "secondary_activation": [None, "Sigmoid"],
            "head": {"out_channels": 1, "kernel_size": 2, "bias": True, "head_dilation": 3}}]),
            2 + 18 + (24 + 4 + 4 + 6) + 5 + 1),
        "post_head": nam("WaveNet", wavenet([array()], head={
            "channels": 2, "out_channels": 1, "kernel_sizes": [2, 1], "activation": "Softsign"}), PLAIN + 6 + 3),
        "slimmable": nam("WaveNet", {"model": wavenet([array(slimmable={
            "method": "slice_channels_uniform", "kwargs": {"allowed_channels": [1, 2]}})])}, PLAIN),
        "condition": nam("WaveNet", wavenet([array()], condition_dsp=plain), PLAIN),
        "container": nam("SlimmableContainer", {"submodels": [
            {"max_value": 0.5, "model": small}, {"max_value": 1.0, "model": plain}]}, 0, sample_rate=48000),
        "lstm": nam("LSTM", {"input_size": 1, "hidden_size": 1, "num_layers": 2}, 4 * 2 + 6 + 4 * 2 + 6 + 2, "0.5.1"),
        "convnet": nam("ConvNet", {"channels": 2, "dilations": [1, 2], "batchnorm": True, "activation": "ReLU"},
                       4 + 9 + 8 + 9 + 3) | {"weights": [0.25] * 33},
        "linear": nam("Linear", {"receptive_field": 3, "bias": True}, 4),
        "long_lists": nam("Linear", {"receptive_field": 40, "bias": False}, 40),
        "newer": nam("WaveNet", wavenet([array()]), PLAIN, "0.8.0"),
    }


def layer(kind, outputs, tensors, **more):
    return {"type": kind, "shape": [None, None, outputs], "weights": tensors, **more}


def keras(*layers, inputs=1, **more):
    return {"in_shape": [None, None, inputs], "layers": list(layers), **more}


def keras_seeds():
    dense = layer("dense", 1, [[[0.5]], [0.25]], activation="tanh")
    return {
        "lstm": keras(layer("lstm", 1, [[weights(4)], [weights(4)], weights(4)], activation=""), dense,
                      metadata={"name": "A", "samplerate": "48000", "esr": 0.01}, in_skip=1, in_gain=-3, out_gain=3),
        "knob": keras(layer("lstm", 1, [[weights(4), weights(4)], [weights(4)], weights(4)]), dense, inputs=2),
        "wide": keras(layer("lstm", 8, [[weights(32)], [weights(32)] * 8, weights(32)]),
                      layer("dense", 1, [[[0.5]] * 8, [0]])),
        "gru": keras(layer("gru", 1, [[weights(3)], [weights(3)], [weights(3), weights(3)]]), dense),
        "conv": keras(layer("conv1d", 2, [[[[1, 2]], [[3, 4]]], [0.5, 0.25]], kernel_size=[2], dilation=[2],
                            activation="relu", groups=1), layer("dense", 1, [[[1], [1]]])),
        "separate": keras(dense, layer("batchnorm", 1, [[4], [-1], [3], [3.75]], epsilon=0.25),
                          layer("prelu", 1, [[[0.25]]]), layer("activation", 1, [], activation="elu")),
    }


def eq_seeds():
    return {
        "parametric": "Preamp: -6.2 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\nFilter 2: ON PK Fc 3100 Hz Gain "
                      "-2.8 dB Q 1.21\nFilter 3: ON HSC Fc 10000 Hz Gain -1.1 dB Q 0.70\n",
        "graphic": "GraphicEQ: 20 0; 21 -0.1; 1000 3.5; 20000 -2\n",
        "types": "".join(f"Filter: ON {kind} Fc 100 Hz Gain 1 dB Q 2\n" for kind in
                         ("PK", "PEQ", "Modal", "LS", "HS", "LSC", "HSC", "LP", "HP", "LPQ", "HPQ", "BP", "NO", "AP")),
        "slopes": "Filter 1: ON LSC 6 dB Fc 300 Hz Gain 5 dB\nFilter 2: ON HS 12dB Fc 3 kHz Gain -5 dB\n"
                  "Filter 3: ON PK Fc 50 Hz Gain 1 dB BW Oct 0.167\n",
        "rew": "Filter Settings file\r\n\r\nNotes:a\r\nEqualiser: Generic\r\nFilter  1: ON  PK Fc 48.7 Hz Gain -11.6 dB "
               "Q 11.58 T60 target 300 ms\r\nFilter  2: ON None\r\nFilter 3: OFF PK\r\n",
        "commas": "# Sample rate: 48000 Hz\nPreamp: -6,2 dB\nFilter 1: ON PK Fc 105,5 Hz Gain 0,125 dB Q 0,70\n",
        "response": "frequency,raw\n" + "".join(f"{20 * i},{i / 2}\n" for i in range(1, 10)),
    }


def catalogue_seeds():
    """A table of each kind behind the byte that names it: A to E, whose codes are 0 to 4 modulo 5."""
    header = "brand,model,figure,value,unit,at_ohm,at_hz,region,year,status,source\n"
    rows = ["A,B,impedance,300,ohm,,1000,,,measured,page\nA,B,sensitivity,>97,dB/V,,,,,maker,page\n",
            "A,\"B, C\",headphonePower,60..70,mW,32,,,,maker,page\nA,D,micDistortion,<0.0012,%,,,,,maker,page\n",
            "A,B,outputImpedance,0.2,kohm,,,,,maker,page\nA,B,price,99.5,EUR,,,EU,2025,unverified,page\n",
            "# one\nA,B,sensitivity,-54.5,dBV/Pa,,,,,maker,\"a \"\"page\"\"\"\nA,B,phantom,no,,,,,,maker,page\n",
            "A,B,type,humbucker,,,,,,maker,page\nA,B,inductance,4400,mH,,120,,,measured,page\n"]
    return {str(kind): chr(ord("A") + kind) + header + text for kind, text in enumerate(rows)}


def main():
    check = sys.argv[1:] == ["--check"]
    folder = pathlib.Path(__file__).parent / "seeds"
    files = {f"{kind}/{name}.json": json.dumps(document) + "\n"
             for kind, seeds in (("nam", nam_seeds()), ("keras", keras_seeds())) for name, document in seeds.items()}
    files |= {f"eq/{name}.txt": text for name, text in eq_seeds().items()}
    files |= {f"catalogue/{name}.csv": text for name, text in catalogue_seeds().items()}
    for name, text in files.items():
        path = folder / name
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        elif path.read_bytes() != text.encode():
            sys.exit(f"{path} is not what make_seeds.py writes")


if __name__ == "__main__":
    main()
