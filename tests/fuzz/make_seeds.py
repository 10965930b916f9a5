#!/usr/bin/env python3
"""Writes the fuzzers' seeds below tests/fuzz/seeds: the smallest capture of each kind and feature, made here.

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


def main():
    check = sys.argv[1:] == ["--check"]
    folder = pathlib.Path(__file__).parent / "seeds"
    for kind, seeds in (("nam", nam_seeds()), ("keras", keras_seeds())):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, document in seeds.items():
            path, text = folder / kind / f"{name}.json", json.dumps(document) + "\n"
            if not check:
                path.write_text(text)
            elif path.read_text() != text:
                sys.exit(f"{path} is not what make_seeds.py writes")


if __name__ == "__main__":
    main()
