#!/usr/bin/env python3
"""Writes files that hold whole modules, as torch.save(model) makes them, into Tests/Fixtures/weights/modules, and modules.json: the tensors
of PyTorch's state_dict(), in its order, and the modules with their classes and plain attributes.

Needs PyTorch and torchvision: /usr/bin/python3 scripts/make_module_fixtures.py
"""

import argparse
import copy
import json
import logging
import os
import warnings

import torch
import torchvision
from torch import nn

from make_weight_fixtures import OUT as WEIGHTS
from make_weight_fixtures import number, settle

OUT = os.path.join(WEIGHTS, "modules")
expected = {}


def vgg(norm=True, **options):
    """torchvision's class, narrow: two convolutions of two filters."""
    features = []
    for inputs, outputs in ((3, 2), (2, 2)):
        features += [nn.Conv2d(inputs, outputs, 3, padding=1)] + ([nn.BatchNorm2d(outputs, **options)] if norm else [])
        features += [nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    net = torchvision.models.vgg.VGG(nn.Sequential(*features), num_classes=3, init_weights=False)
    net.classifier = nn.Sequential(nn.Linear(2 * 49, 4), nn.ReLU(True), nn.Dropout(0.25), nn.Linear(4, 3))
    return settle(net)


def hook(module, inputs, output):
    """Named by a module that has it as a hook."""


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Own(nn.Module):
    """A user's class: __main__.Own. Everything that a module may hold beside weights."""

    class Inner(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([2.0, 3.0]))

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, (3, 1), stride=(2, 1), padding=(1, 0), dilation=1, bias=False)
        self.register_buffer("table", torch.arange(6).reshape(2, 3).t())
        self.register_buffer("scratch", torch.ones(4), persistent=False)
        self.register_buffer("nothing", None)
        self.register_parameter("absent", None)
        self.norm = nn.BatchNorm2d(3, eps=1e-3, momentum=None, affine=False)
        self.act = Lambda(torch.nn.functional.relu)
        self.pool = nn.MaxPool2d(3, 2, 1, ceil_mode=True)
        self.same = nn.Linear(3, 2)
        self.again = self.same
        self.inner = Own.Inner()
        self.none = None
        self._modules["gone"] = None
        self.drop = nn.Dropout(0.25)
        self.loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))
        self.size, self.rate, self.label, self.on = (3, 4), 0.5, "own", True
        self.plain_tensor, self.device = torch.ones(2), torch.device("cpu")
        self.conv.register_forward_hook(hook)


class Bad:
    """What a hostile author would put in: runs a command where Python loads it."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Odd(torch.Tensor):
    """A tensor of a class of its own."""


def plain(value):
    if isinstance(value, (tuple, list)):
        return len(value) > 0 and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value)
    return value is None or isinstance(value, (bool, int, float, str))


def source(cls):
    """In place of the source code that the legacy form keeps of every class."""
    return [f"class {cls.__name__}: ...\n"], 1, "source.py"


def save(name, content, nets, forms=("zip", "legacy"), **options):
    """nets: the path of each whole module in the content."""
    for form in forms:
        file = f"{name}-{form}.pth"
        torch.save(content, os.path.join(OUT, file), _use_new_zipfile_serialization=form == "zip", **options)
        tensors, modules = [], {}
        for path, net in nets.items():
            for key, t in net.state_dict().items():
                tensors.append({
                    "name": path + key, "type": str(t.dtype).replace("torch.", ""), "shape": list(t.shape),
                    "values": [number(v) for v in t.detach().to(torch.float64).reshape(-1).tolist()],
                })
            for key, module in net.named_modules(remove_duplicate=False):
                modules[(path + key).strip(".")] = {
                    "class": f"{type(module).__module__}.{type(module).__qualname__}",
                    "attributes": {k: v for k, v in vars(module).items() if not k.startswith("_") and plain(v)},
                }
        expected[f"modules/{file}"] = {"tensors": tensors, "modules": modules}


def single(name, content):
    torch.save(content, os.path.join(OUT, f"{name}.pth"))


def main():
    warnings.simplefilter("ignore")
    torch.serialization.get_source_lines_and_file = source
    os.makedirs(OUT, exist_ok=True)
    torch.manual_seed(30)
    net = vgg()
    for form in ("zip", "legacy"):
        torch.save(net.state_dict(), os.path.join(OUT, f"vgg-state-{form}.pth"), _use_new_zipfile_serialization=form == "zip")
    save("vgg", net, {"": net})
    save("parallel", nn.DataParallel(net), {"": nn.DataParallel(net)}, ["zip"])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    save("checkpoint", {"epoch": 3, "model": net, "optimizer": optimizer, "args": argparse.Namespace(lr=0.1)}, {"model.": net}, ["legacy"])
    own = Own()
    save("own", own, {"": own})
    save("own-protocol4", own, {"": own}, ["zip"], pickle_protocol=4)

    evil = vgg(norm=False)
    evil.note = Bad(os.system, "touch interp-was-run")
    single("evil", evil)
    evil.note = Bad(logging.FileHandler, "interp-was-run")
    single("inert", evil)
    cycle = vgg(norm=False)
    cycle.features._modules["4"] = cycle
    single("cycle", cycle)
    odd = vgg(norm=False)
    odd.features._modules["0"]._parameters["weight"] = odd.features[0].weight.detach().as_subclass(Odd)
    single("subclass", odd)
    single("epsilon", vgg(eps=1e-3))
    leaky = vgg(norm=False)
    leaky.features[1] = nn.LeakyReLU(0.2)
    single("leaky", leaky)
    dropout = vgg(norm=False)
    dropout.features[2] = nn.Dropout()
    single("dropout", dropout)
    single("dropout-state", dropout.state_dict())
    softmax = vgg(norm=False)
    softmax.classifier.add_module("4", nn.Softmax(1))
    single("softmax", softmax)
    torch.backends.quantized.engine = "qnnpack"
    single("quantized", torch.quantization.quantize_dynamic(copy.deepcopy(net), {nn.Linear}))
    with open(os.path.join(OUT, "modules.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")


if __name__ == "__main__":
    main()
