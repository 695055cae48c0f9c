#!/usr/bin/env python3
"""Writes the small weight files in Tests/Fixtures/weights: formats with expected.json, the values that PyTorch holds for them, and networks/,
checkpoints as people have them, with networks.json, PyTorch's logits in float64.

Needs PyTorch and NumPy; run it with the system's Python: /usr/bin/python3 scripts/make_weight_fixtures.py [networks]
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import struct
import sys
import zipfile
from collections import Counter, OrderedDict, defaultdict

import numpy
import torch
from torch import nn
from torch.nn.utils import prune, weight_norm

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Fixtures", "weights")
expected = {}


def number(value):
    if isinstance(value, complex):
        return None
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def expect(file, tensors):
    expected[file] = [
        {
            "name": name,
            "type": str(t.dtype).replace("torch.", ""),
            "shape": list(t.shape),
            "values": None if t.is_complex() else [number(v) for v in t.detach().to(torch.float64).reshape(-1).tolist()],
        }
        for name, t in tensors.items()
    ]


def save(name, content, tensors, **options):
    for form in ("zip", "legacy"):
        file = f"{name}-{form}.pth"
        torch.save(content, os.path.join(OUT, file), _use_new_zipfile_serialization=form == "zip", **options)
        expect(file, tensors)


def network():
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(3, 2)
    )
    return torch.nn.Sequential(OrderedDict(features=model))


def types():
    special = [0.0, -0.0, 1.5, -2.25, 65504.0, 6e-8, 6.2e-5, math.inf, -math.inf, math.nan, 1 / 3]
    tensors = OrderedDict()
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
        tensors[str(dtype).replace("torch.", "")] = torch.tensor(special, dtype=torch.float64).to(dtype)
    for dtype, values in (
        (torch.int64, [-(2**53), -1, 0, 2**53]),
        (torch.int32, [-(2**31), 2**31 - 1]),
        (torch.int16, [-(2**15), 2**15 - 1]),
        (torch.int8, [-128, 127]),
        (torch.uint8, [0, 255]),
        (torch.bool, [True, False, True]),
        (torch.complex64, [1 + 2j]),
    ):
        tensors[str(dtype).replace("torch.", "")] = torch.tensor(values, dtype=dtype)
    tensors["scalar"] = torch.tensor(7.5)
    tensors["empty"] = torch.zeros(0, 3)
    tensors["every.half"] = torch.arange(0, 65536, 97).to(torch.int16).view(torch.float16)
    return tensors


def views():
    base = torch.arange(60.0)
    cube = base.reshape(3, 4, 5)
    tensors = OrderedDict()
    tensors["base"] = base
    tensors["offset"] = base[7:19].reshape(3, 4)
    tensors["columns"] = base.reshape(6, 10)[:, 2:7]
    tensors["steps"] = base[1::3]
    tensors["transposed"] = base.reshape(12, 5).t()
    tensors["permuted"] = cube.permute(2, 0, 1)[1:, :, ::2]
    tensors["expanded"] = base[3:5].reshape(2, 1).expand(2, 6)
    tensors["scalar.view"] = base[11]
    tensors["parameter"] = torch.nn.Parameter(base[40:44])
    tensors["channels.last"] = torch.arange(48.0).reshape(2, 3, 2, 4).contiguous(memory_format=torch.channels_last)
    tensors["half.transposed"] = torch.arange(12).reshape(3, 4).to(torch.float16).t()
    tensors["byte.transposed"] = torch.arange(12, dtype=torch.uint8).reshape(3, 4).t()
    tensors["double.transposed"] = torch.arange(12, dtype=torch.float64).reshape(3, 4).t()
    return tensors


def checkpoint():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(2, 2, 3, 3)).sum().backward()
    optimizer.step()
    state = model.state_dict()
    content = {
        "epoch": 3,
        "best": 0.75,
        "huge": 2**80,
        "done": True,
        "nothing": None,
        "name": "Größe",
        "size": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "history": [(1, 0.5), (2, -0.25)],
        "optimizer": optimizer.state_dict(),
        "state_dict": OrderedDict(("module." + k, v) for k, v in state.items()),
    }
    return content, state


def write_safetensors(file, tensors, metadata=None, pad=0):
    names = {
        torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
        torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
    }
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, t in tensors.items():
        flat = t.contiguous().reshape(-1)
        raw = bytes((flat.to(torch.uint8) if t.dtype == torch.bool else flat.view(torch.uint8)).tolist()) if t.numel() else b""
        header[name] = {"dtype": names[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode() + b" " * pad
    with open(os.path.join(OUT, file), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    expect(file, tensors)


def objects():
    """A checkpoint whose state dict stands beside objects of many classes; what PyTorch refuses to load since 2.6."""
    model = network()
    optimizer = torch.optim.Adam(model.parameters())
    content = {
        "best_acc": numpy.float64(0.93),
        "curve": numpy.arange(3.0),
        "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data"), seen={1, 2}),
        "when": datetime.datetime(2024, 2, 29, 12, 30),
        "counts": Counter([1, 1]),
        "groups": defaultdict(list, a=[1]),
        "scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 3),
        "model_state": OrderedDict(("module." + k, v) for k, v in model.state_dict().items()),
    }
    return content, OrderedDict((f"model_state.module.{k}", v) for k, v in model.state_dict().items())


def deflate(file, stored):
    """The same archive packed again, compressed, as zip programs do."""
    with zipfile.ZipFile(os.path.join(OUT, stored)) as old, zipfile.ZipFile(os.path.join(OUT, file), "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename), old.read(info), zipfile.ZIP_DEFLATED)
    expected[file] = expected[stored]


class Vgg(nn.Module):
    """features, an average pool where the size says so, classifier."""

    def __init__(self, features, classifier, pool=1):
        super().__init__()
        self.features, self.classifier = nn.Sequential(*features), nn.Sequential(*classifier)
        self.pool = nn.AdaptiveAvgPool2d(pool)

    def forward(self, x):
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))


class Timm(nn.Module):
    """The layout of timm's VGG: the first two linear layers are convolutions."""

    def __init__(self, features, channels):
        super().__init__()
        self.features, self.pre_logits, self.head = nn.Sequential(*features), nn.Module(), nn.Module()
        self.pre_logits.fc1, self.pre_logits.fc2 = nn.Conv2d(channels, 6, 2), nn.Conv2d(6, 7, 1)
        self.head.fc = nn.Linear(7, 5)

    def forward(self, x):
        x = torch.nn.functional.adaptive_avg_pool2d(self.features(x), 2)
        x = self.pre_logits.fc2(self.pre_logits.fc1(x).relu()).relu()
        return self.head.fc(x.mean((2, 3)))


def conv(inputs, outputs, norm=False, **options):
    layers = [nn.Conv2d(inputs, outputs, 3, padding=1, **options)] + ([nn.BatchNorm2d(outputs)] if norm else [])
    return layers + [nn.ReLU()]


def pooled(inputs, outputs, norm=False, **options):
    return conv(inputs, outputs, norm, **options) + [nn.MaxPool2d(2)]


def image():
    index = torch.arange(3 * 32 * 32, dtype=torch.float64)
    return ((index * 7919 % 1000) / 500 - 1).float().double().reshape(1, 3, 32, 32)


def settle(model):
    """Random statistics and factors for batch norms, evaluation mode, float64 with float32 values."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, -1, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.1, 2)
    return model.eval()


def networks():
    cases = {}
    folder = os.path.join(OUT, "networks")
    os.makedirs(folder, exist_ok=True)

    def case(name, model, content=None, options=(), note="", logits_of=None):
        file = f"{name}.pth"
        torch.save(model.state_dict() if content is None else content, os.path.join(folder, file), _use_new_zipfile_serialization=False)
        with torch.no_grad():
            logits = (logits_of or model).double()(image())[0].tolist()
        cases[name] = {"file": file, "options": list(options), "note": note, "logits": logits}

    def plain(**options):
        return settle(Vgg(pooled(3, 4) + conv(4, 5) + pooled(5, 6), [nn.Linear(6, 5)], **options))

    torch.manual_seed(20)
    part = plain()
    case("data-parallel-part", part, OrderedDict((k.replace("features.", "features.module."), v) for k, v in part.state_dict().items()),
         note="'module.' behind 'features.'")
    case("dropout-first", settle(Vgg(
        pooled(3, 4), [nn.Dropout(), nn.Linear(16, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 7), nn.ReLU(), nn.Linear(7, 5)], 2)), note="is a ReLU")
    case("norm-before-relu", settle(Vgg(
        pooled(3, 4), [nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 5)], 2)), note="epsilon")
    case("norm-after-relu", settle(Vgg(
        pooled(3, 4, norm=True),
        [nn.BatchNorm1d(16), nn.Dropout(), nn.Linear(16, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 5), nn.BatchNorm1d(5)], 2)),
         note="epsilon")
    case("no-bias", settle(Vgg(
        pooled(3, 4, bias=False) + pooled(4, 5, bias=False), [nn.Linear(5, 8, bias=False), nn.ReLU(), nn.Linear(8, 5, bias=False)])), note="no bias")
    case("single-fc", (single := plain()), OrderedDict((k.replace("classifier.0", "fc"), v) for k, v in single.state_dict().items()), note="fc is the classifier")

    normed = plain()
    for module in (normed.features[0], normed.features[3], normed.classifier[0]):
        weight_norm(module, dim=None if module is normed.features[3] else 0)
        module.weight_g.data *= 1.5
    case("weight-norm", normed, OrderedDict((k, v.clone()) for k, v in normed.state_dict().items()), note="'weight_g'")
    pruned = plain()
    for module in (pruned.features[0], pruned.classifier[0]):
        prune.random_unstructured(module, "weight", 0.5)
    prune.random_unstructured(pruned.features[3], "bias", 0.5)
    case("pruned", pruned, OrderedDict((k, v.clone()) for k, v in pruned.state_dict().items()), note="'weight_mask'")

    averaged = torch.optim.swa_utils.AveragedModel(plain())
    averaged.update_parameters(plain())
    case("averaged", averaged.module, averaged.state_dict(), note="'module.' in front")
    a, b = plain(), plain()
    two = {"epoch": 3, "state_dict_ema": OrderedDict(("module." + k, v) for k, v in b.state_dict().items()), "state_dict": a.state_dict()}
    case("two", a, two, note="--weights state_dict_ema")
    case("two-ema", b, two, ["--weights", "state_dict_ema"])
    case("any-key", a, {"my_weights": a.state_dict(), "epoch": 1, "best": numpy.float64(0.5)}, note="below 'my_weights'")
    case("teacher", b, {"teacher": {"backbone." + k: v for k, v in b.state_dict().items()}, "optimizer": {"lr": 1}}, note="below 'teacher.backbone'")
    light = {"model." + k: v for k, v in a.state_dict().items()}
    light.update({"criterion.pos_weight": torch.ones(5), "train_accuracy.tp": torch.tensor([3]), "loss_fn.table": torch.ones(2, 2)})
    case("lightning", a, {"state_dict": light, "hyper_parameters": argparse.Namespace(lr=0.1), "pytorch-lightning_version": "2.0"},
         note="'state_dict.criterion.pos_weight'")
    own = plain()
    case("normalize", own, OrderedDict([("normalize.mean", torch.tensor([0.5, 0.25, 0.125]).reshape(3, 1, 1)), ("normalize.std", torch.tensor([0.5, 0.5, 0.25]))]
         + list(own.state_dict().items())), note="mean 0.5 0.25 0.125 and deviation 0.5 0.5 0.25")
    case("timm", settle(Timm(pooled(3, 4) + pooled(4, 4) + pooled(4, 4) + pooled(4, 6), 6)), note="pre_logits.fc1")

    def cifar():
        return conv(3, 4, True) + [nn.Dropout()] + pooled(4, 5, True) + conv(5, 5, True) + [nn.Dropout()] + pooled(5, 6, True)

    case("dropouts", settle(Vgg(cifar(), [nn.Linear(6, 5)])), options=["--pools", "7,15"], note="which do nothing: features.3, 11")
    case("no-last-pool", settle(Vgg(pooled(3, 4) + conv(4, 6), [nn.Linear(6, 5)])), options=["--pools", "2"], note="as --pools says")
    case("no-pools", settle(Vgg(conv(3, 4) + conv(4, 6), [nn.Linear(6, 5)])), options=["--pools", "none"], note="no max-pools")
    case("pool-and-dropout", settle(Vgg(pooled(3, 4) + [nn.Dropout()] + conv(4, 6) + [nn.Dropout(), nn.MaxPool2d(2)], [nn.Linear(6, 5)])),
         options=["--pools", "2,7"], note="which do nothing: features.3, 6")
    vgg11, width = [], 3
    for n, plan in ((1, 1), (2, 1), (4, 2), (8, 2), (8, 2)):
        for k in range(plan):
            vgg11 += pooled(width, n) if k == plan - 1 else conv(width, n) + [nn.Dropout()]
            width = n
    case("vgg11-dropouts", settle(Vgg(vgg11, [nn.Linear(8, 5)])), note="where VGG11 has no pool")

    with open(os.path.join(folder, "networks.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()) + "\n}\n")


def formats():
    os.makedirs(OUT, exist_ok=True)
    state = network().state_dict()
    save("plain", state, state)
    save("protocol4", dict(state), state, pickle_protocol=4)
    save("types", types(), types())
    save("views", views(), views())
    content, inner = checkpoint()
    save("checkpoint", content, OrderedDict(("state_dict.module." + k, v) for k, v in inner.items()))
    compiled = OrderedDict(("module._orig_mod." + k, v) for k, v in state.items())
    save("nested", {"model": {"state_dict": compiled}}, OrderedDict(("model.state_dict." + k, v) for k, v in compiled.items()))
    save("objects", *objects())
    deflate("deflated.pth", "views-zip.pth")
    real = OrderedDict((k, v) for k, v in types().items() if not v.is_complex())
    write_safetensors("types.safetensors", real, {"format": "pt"}, pad=5)
    write_safetensors("plain.safetensors", state)
    with open(os.path.join(OUT, "expected.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")


if __name__ == "__main__":
    if sys.argv[1:] != ["networks"]:
        formats()
    networks()
