#!/usr/bin/env python3
"""Writes the small weight files in Tests/Fixtures/weights and expected.json, the values that PyTorch holds for them.

Needs PyTorch; run it with the system's Python: /usr/bin/python3 scripts/make_weight_fixtures.py
"""

import json
import math
import os
import struct
from collections import OrderedDict

import torch

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


def main():
    os.makedirs(OUT, exist_ok=True)
    state = network().state_dict()
    save("plain", state, state)
    save("protocol4", dict(state), state, pickle_protocol=4)
    save("types", types(), types())
    save("views", views(), views())
    content, inner = checkpoint()
    save("checkpoint", content, inner)
    compiled = OrderedDict(("module._orig_mod." + k, v) for k, v in state.items())
    save("nested", {"model": {"state_dict": compiled}}, state)
    real = OrderedDict((k, v) for k, v in types().items() if not v.is_complex())
    write_safetensors("types.safetensors", real, {"format": "pt"}, pad=5)
    write_safetensors("plain.safetensors", state)
    with open(os.path.join(OUT, "expected.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")


main()
