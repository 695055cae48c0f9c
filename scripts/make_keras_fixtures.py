#!/usr/bin/env python3
"""Writes Tests/Fixtures/keras/hdf5 (HDF5 files of the forms that h5py writes) and Tests/Fixtures/keras/made (models put together by hand,
with the scores that plain NumPy gives, written after Keras's documentation).

Needs h5py and NumPy; run it with the system's Python: /usr/bin/python3 scripts/make_keras_fixtures.py
"""

import io
import json
import math
import os
import zipfile

import h5py
import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Fixtures", "keras")
ramp = lambda *shape: (np.arange(np.prod(shape), dtype=np.float32) / 8 - 2).reshape(shape)


def fill(file, attributes, chunked):
    """What each of the readable files holds."""
    file["plain"] = ramp(5, 3)
    file["half"], file["double"], file["count"] = ramp(4).astype("f2"), ramp(4).astype("f8"), np.int64(-7)
    file["empty"] = np.zeros((0, 3), "f4")
    if chunked:
        file.create_dataset("packed", data=ramp(11, 9), chunks=(4, 5), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("pieces", data=ramp(300), chunks=(7,))
    many = file.create_group("many")
    for i in range(300):
        many[f"name{i:03d}"] = file["plain"]
    deep = file.create_group("a/b/c")
    deep.attrs["text"] = "körper"
    deep.attrs["fixed"] = np.array([b"one", b"three"])
    deep.attrs["lists"] = ["first", "", "third"]
    deep.attrs["none"] = []
    for i in range(attributes):
        deep.attrs[f"more{i}"] = f"value {i}"


def hdf5():
    folder = os.path.join(OUT, "hdf5")
    os.makedirs(folder, exist_ok=True)
    path = lambda name: os.path.join(folder, name)
    with h5py.File(path("earliest.h5"), "w", libver="earliest") as file:
        fill(file, 5, True)
    with h5py.File(path("v108.h5"), "w", libver=("v108", "v108")) as file:
        fill(file, 40, True)
    with h5py.File(path("latest.h5"), "w", libver="latest") as file:
        fill(file, 40, False)
        file.create_dataset("chunks", data=ramp(11, 9), chunks=(4, 5), compression="gzip")
    with h5py.File(path("refused.h5"), "w", libver="earliest") as file:
        file["plain"] = ramp(3)
        file["soft"] = h5py.SoftLink("/plain")
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/plain")
        file["big"] = ramp(3).astype(">f4")
        file["pairs"] = np.zeros(3, [("x", "f4"), ("y", "f4")])
        file["names"] = np.array([b"one", b"two"])
        file.create_dataset("outside", shape=(3,), dtype="f4", external=[("/etc/hostname", 0, 12)])
        file.create_dataset("lzf", data=ramp(40), chunks=(8,), compression="lzf")
        file.create_dataset("unwritten", shape=(3,), dtype="f4")
        file.create_dataset("holes", shape=(20,), dtype="f4", chunks=(5,))[0:5] = ramp(5)
    with h5py.File(path("virtual.h5"), "w", libver="latest") as file:
        layout = h5py.VirtualLayout(shape=(3,), dtype="f4")
        layout[:] = h5py.VirtualSource("other.h5", "plain", shape=(3,))
        file.create_virtual_dataset("virtual", layout)


class Model:
    """Writes a model's configuration and arrays while it computes it, channels last."""

    def __init__(self, version, size, seed):
        self.version, self.layers, self.arrays, self.values, self.calls = version, [], {}, {}, {}
        self.random = np.random.default_rng(seed)
        self.x = self.random.normal(size=(2, *size))
        self.layer("InputLayer", "image", [], {"batch_shape" if version == 3 else "batch_input_shape": [None, *size]})
        self.values["image", 0] = self.x

    def normal(self, *shape, scale=0.5):
        return (self.random.normal(size=shape) * scale).astype("f4")

    def layer(self, kind, name, arrays, settings=None, **more):
        config = {"name": name, "trainable": True, "dtype": "float32", **(settings or {})}
        self.layers.append({"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None, "name": name,
                            "inbound_nodes": [], **more})
        self.arrays[name] = arrays

    def call(self, name, inputs, value, extra=None):
        """Notes a call of a layer and its answer; inputs are (layer, call) or numbers."""
        layer = next(l for l in self.layers if l["name"] == name)
        if self.version == 3:
            tensors = [i if isinstance(i, float) else {"class_name": "__keras_tensor__", "config": {
                "shape": [None, *self.values[i].shape[1:]], "dtype": "float32", "keras_history": [*i, 0]}} for i in inputs]
            merged = len(inputs) > 1 and "ops" not in layer["module"]
            layer["inbound_nodes"].append({"args": [tensors] if merged else tensors, "kwargs": {}})
        elif extra is not None:
            layer["inbound_nodes"].append([[*inputs[0], 0, extra]])
        else:
            layer["inbound_nodes"].append([[*i, 0, {}] for i in inputs])
        reference = (name, len(layer["inbound_nodes"]) - 1)
        self.values[reference] = value
        return reference

    def add(self, kind, name, inputs, value, settings=None, arrays=()):
        self.layer(kind, name, list(arrays), settings)
        return self.call(name, inputs, value)

    def config(self, output):
        port = lambda name, call: [name, call, 0] if self.version == 3 else [[name, call, 0]]
        return {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
                "config": {"name": "model", "trainable": True, "layers": self.layers, "input_layers": port("image", 0),
                           "output_layers": port(*output)}}

    def save(self, folder, output, container="layers", numbers=lambda i, weighted: i):
        path = os.path.join(OUT, "made", folder)
        os.makedirs(path, exist_ok=True)
        data = io.BytesIO()
        with h5py.File(data, "w") as file:
            used = {}
            for layer in self.layers:
                if "ops" in layer["module"] or layer["class_name"] == "TFOpLambda":
                    continue
                arrays = self.arrays[layer["name"]]
                kind = snake(layer["class_name"])
                number = used.get(kind, 0)
                used[kind] = number + numbers(1, len(arrays) > 0)
                group = file.create_group(f"{container}/{kind}{'_' + str(number) if number else ''}/vars")
                for i, array in enumerate(arrays):
                    group[str(i)] = array
        with zipfile.ZipFile(os.path.join(path, "net.keras"), "w") as archive:
            for name, text in (("metadata.json", {"keras_version": "3.5.0" if self.version == 3 else "2.13.1"}),
                               ("config.json", self.config(output))):
                archive.writestr(zipfile.ZipInfo(name), json.dumps(text))
            archive.writestr(zipfile.ZipInfo("model.weights.h5"), data.getvalue())
        np.save(os.path.join(path, "input.npy"), np.moveaxis(self.x, 3, 1).astype("f4"))
        np.save(os.path.join(path, "scores.npy"), self.values[output].astype("f4"))


def snake(name):
    return {"Conv2D": "conv2d", "InputLayer": "input_layer", "PReLU": "p_re_lu", "ReLU": "re_lu", "ThresholdedReLU": "thresholded_re_lu",
            "UpSampling2D": "up_sampling2d", "Cropping2D": "cropping2d", "BatchNormalization": "batch_normalization",
            "LayerNormalization": "layer_normalization", "GlobalAveragePooling2D": "global_average_pooling2d",
            "GlobalMaxPooling2D": "global_max_pooling2d"}.get(name, name.lower())


def conv(x, kernel, bias, groups=1, dilation=1):
    """Stride 1, padding same; kernel [h,w,in/groups,out]."""
    h, w, per, out = kernel.shape
    reach = [(k - 1) * dilation for k in (h, w)]
    x = np.pad(x, [(0, 0), *[(r // 2, r - r // 2) for r in reach], (0, 0)])
    size = [x.shape[1] - reach[0], x.shape[2] - reach[1]]
    y = np.zeros((x.shape[0], *size, out)) + bias
    for f in range(out):
        first = f // (out // groups) * per
        for r in range(h):
            for s in range(w):
                part = x[:, r * dilation:r * dilation + size[0], s * dilation:s * dilation + size[1], first:first + per]
                y[..., f] += part @ kernel[r, s, :, f].astype("f8")
    return y


erf = np.vectorize(math.erf)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
FUNCTIONS = {
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)), "gelu": lambda x: x / 2 * (1 + erf(x / np.sqrt(2))), "hard_sigmoid": None,
    "linear": lambda x: x, "relu": lambda x: np.maximum(x, 0), "relu6": lambda x: np.clip(x, 0, 6), "exponential": np.exp,
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)), "sigmoid": sigmoid,
    "softplus": lambda x: np.log1p(np.exp(x)), "softsign": lambda x: x / (1 + abs(x)), "swish": lambda x: x * sigmoid(x), "tanh": np.tanh,
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True), "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)), "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1), "hard_tanh": lambda x: np.clip(x, -1, 1),
    "tanh_shrink": lambda x: x - np.tanh(x), "celu": lambda x: np.where(x > 0, x, np.expm1(x)), "silu": lambda x: x * sigmoid(x),
}


def activations(version):
    """Every activation function, each on its own, put together by the last axis."""
    m = Model(version, (3, 4, 2), version)
    known = FUNCTIONS if version == 3 else {n: FUNCTIONS[n] for n in FUNCTIONS if n not in (
        "relu6", "mish", "log_softmax", "leaky_relu", "hard_silu", "hard_tanh", "tanh_shrink", "celu", "silu")}
    m.x *= 3
    parts = []
    for name, of in known.items():
        slope = 1 / 6 if version == 3 else 0.2
        value = of(m.x) if of else np.clip(m.x * slope + 0.5, 0, 1)
        parts.append(m.add("Activation", f"act_{name}", [("image", 0)], value, {"activation": name}))
    joined = m.add("Concatenate", "joined", parts, np.concatenate([m.values[p] for p in parts], -1), {"axis": -1})
    flat = m.add("Flatten", "flat", [joined], m.values[joined].reshape(2, -1), {"data_format": "channels_last"})
    m.save(f"activations-{version}", flat)


def layers(version):
    """Layers that the saved networks do not have."""
    m = Model(version, (6, 5, 4), 10 + version)
    kernel, bias = m.normal(3, 3, 2, 6), m.normal(6)
    last = {"data_format": "channels_last"}
    shared = {"filters": 6, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "dilation_rate": [2, 2], "groups": 2,
              "activation": "tanh", "use_bias": True, **last}
    a = m.add("Conv2D", "grouped", [("image", 0)], np.tanh(conv(m.x, kernel, bias, 2, 2)), shared, [kernel, bias])
    point, flat = m.normal(1, 1, 6, 4), m.normal(4)
    one = {"filters": 4, "kernel_size": [1, 1], "strides": [1, 1], "padding": "valid", "activation": "linear", **last}
    b = m.add("Conv2D", "twice", [a], conv(m.values[a], point, flat), one, [point, flat])
    c = m.call("grouped", [b], np.tanh(conv(m.values[b], kernel, bias, 2, 2)))
    d = m.call("twice", [c], conv(m.values[c], point, flat))
    d = m.add("Minimum", "least", [b, d], np.minimum(m.values[b], m.values[d]))
    up = m.add("UpSampling2D", "up", [d], m.values[d].repeat(2, 1).repeat(3, 2), {"size": [2, 3], "interpolation": "nearest", **last})
    cut = m.add("Cropping2D", "cut", [up], m.values[up][:, 1:-2, 4:], {"cropping": [[1, 2], [4, 0]], **last})
    alpha = m.normal(1, 1, 4)
    x = m.values[cut]
    cut = m.add("PReLU", "slopes", [cut], np.where(x > 0, x, x * alpha), {"shared_axes": [1, 2]}, [alpha])
    turned = m.add("Permute", "turned", [cut], m.values[cut].transpose(0, 3, 1, 2), {"dims": [3, 1, 2]})
    back = m.add("Permute", "back", [turned], m.values[cut], {"dims": [2, 3, 1]})
    gate = m.add("GlobalMaxPooling2D", "largest", [back], m.values[back].max((1, 2)), {"keepdims": False, **last})
    gated = m.add("Multiply", "gated", [back, gate], m.values[back] * m.values[gate][:, None, None])
    mean, variance = m.normal(4), abs(m.normal(4)) + 0.1
    x = (m.values[gated] - mean) / np.sqrt(variance)
    gated = m.add("Normalization", "learned", [gated], x, {"axis": [-1], "invert": False, "mean": None, "variance": None},
                  [mean, variance, np.int64(9)])
    x = m.values[gated] * math.sqrt(0.25) + 3
    gated = m.add("Normalization", "inverse", [gated], x, {"axis": None, "invert": True, "mean": 3.0, "variance": 0.25})
    if version == 3:
        m.layer("Multiply", "times", [], module="keras.src.ops.numpy")
        scaled = m.call("times", [gated, 0.5], m.values[gated] * 0.5)
        m.layer("Add", "plus", [], module="keras.src.ops.numpy")
        scaled = m.call("plus", [scaled, cut], m.values[scaled] + m.values[cut])
    else:
        m.layer("TFOpLambda", "tf.math.multiply", [], {"function": "math.multiply"})
        scaled = m.call("tf.math.multiply", [gated], m.values[gated] * 0.5, {"y": 0.5, "name": None})
        m.layer("TFOpLambda", "tf.__operators__.add", [], {"function": "__operators__.add"})
        scaled = m.call("tf.__operators__.add", [scaled], m.values[scaled] + m.values[cut], {"y": [*cut, 0], "name": None})
    gamma, beta = m.normal(*m.values[scaled].shape[2:]), m.normal(*m.values[scaled].shape[2:])
    x = m.values[scaled]
    x = (x - x.mean((2, 3), keepdims=True)) / np.sqrt(x.var((2, 3), keepdims=True) + 1e-3) * gamma + beta
    normed = m.add("LayerNormalization", "rows", [scaled], x, {"axis": [2, 3], "epsilon": 1e-3}, [gamma, beta])
    count = int(np.prod(m.values[normed].shape[1:]))
    line = m.add("Reshape", "line", [normed], m.values[normed].reshape(2, count // 4, 4), {"target_shape": [-1, 4]})
    matrix, shift = m.normal(4, 3), m.normal(3)
    soft = FUNCTIONS["softmax"](m.values[line] @ matrix + shift)
    each = m.add("Dense", "each", [line], m.values[line] @ matrix + shift,
                 {"units": 3, "use_bias": True, "activation": "linear"}, [matrix, shift])
    each = m.add("Softmax", "shares", [each], soft, {"axis": -1})
    m.save(f"layers-{version}", m.add("Flatten", "flat", [each], soft.reshape(2, -1), last),
           # Keras 2.13 counts a layer with arrays twice.
           **({} if version == 3 else {"container": "_layer_checkpoint_dependencies", "numbers": lambda one, weighted: 2 if weighted else 1}))


if __name__ == "__main__":
    hdf5()
    for major in (2, 3):
        activations(major)
        layers(major)
