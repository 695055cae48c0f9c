#!/usr/bin/python3
"""Makes Tests/Fixtures/goldens/layers.json: activation functions at and between their kinks, PReLU, layer, group and instance normalisation, channel
shuffles, padding, the nearest neighbour, global and dilated max pools, and average pools with both ways to round and to count, in float64 PyTorch.

    scripts/goldens/layers.py

Made with PyTorch 1.13 (Debian 12).
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from make_goldens import OUT, op_case  # noqa: E402

FUNCTIONS = {
    "relu6": F.relu6, "silu": F.silu, "hardswish": F.hardswish, "gelu": F.gelu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "hardsigmoid": lambda x: F.relu6(x + 3) / 6,  # F.hardsigmoid's gradient in float64 is 1/6 rounded to float32
}
PARAMETRISED = {  # name: parameters, function; of the discontinuous threshold, the value 0 is ours
    "leaky_relu": [([0.01], lambda x: F.leaky_relu(x)), ([0.3], lambda x: F.leaky_relu(x, 0.3))],
    "elu": [([1], lambda x: F.elu(x)), ([2], lambda x: F.elu(x, 2))],
    "selu": [(None, F.selu)],
    "celu": [([1], lambda x: F.celu(x)), ([0.5], lambda x: F.celu(x, 0.5))],
    "hardtanh": [([-1, 1], lambda x: F.hardtanh(x)), ([0, 3], lambda x: F.hardtanh(x, 0, 3)), ([-3, 6], lambda x: F.hardtanh(x, -3, 6))],
    "threshold": [([3, 0, 3.4028234663852886e38], lambda x: F.threshold(x, 3, 0)), ([0, 0.25, 6], lambda x: F.hardtanh(F.leaky_relu(x, 0.25), -1e9, 6))],
    "softplus": [([1], lambda x: F.softplus(x, 1, 1e9)), ([2], lambda x: F.softplus(x, 2, 1e9))],
    "softsign": [(None, F.softsign)],
    "mish": [(None, F.mish)],
    "gelu_tanh": [(None, lambda x: F.gelu(x, approximate="tanh"))],
}
POINTS = [0.0, 6.0, 3.0, -3.0, -6.0, 1e-3, -1e-3, 5.875, 6.125, 2.875, 3.125, -2.875, -3.125, 20.0, -20.0]


def pool(h, w, kernel, stride, padding, ceil, count):
    name = f"avgpool-{h}x{w}-kernel{kernel}-stride{stride}-padding{padding}{'-ceil' * ceil}{'-count' * count}"
    attributes = dict(kernel=[kernel] * 2, stride=[stride] * 2, padding=[padding] * 2, dilation=[1, 1], ceil=ceil, countPadding=count)
    return op_case(name, "avgpool2d", attributes, torch.randn(1, 2, h, w), lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil, count))


def main():
    torch.manual_seed(5)
    cases = []
    for name, run in FUNCTIONS.items():
        # At 3 F.hardswish's gradient is 1 or 1.5, depending on whether vector instructions reach the value.
        points = [p for p in POINTS if name != "hardswish" or p != 3]
        cases.append(op_case(name, name, {}, torch.tensor(points + (3 * torch.randn(60 - len(points))).tolist()).view(1, 3, 4, 5), run))
    for size in [(7, 6, 3, 2, 1), (6, 8, 2, 2, 1), (8, 5, 3, 2, 0)]:
        cases += [pool(*size, ceil, count) for ceil in (False, True) for count in (False, True)]
    for channels, epsilon in [(5, 1e-6), (18, 1e-3)]:
        cases.append(op_case(f"layernorm-{channels}", "layernorm", dict(epsilon=epsilon), torch.randn(2, channels, 3, 2),
                             lambda x, g, b: F.layer_norm(x.permute(0, 2, 3, 1), [channels], g, b, epsilon).permute(0, 3, 1, 2),
                             (torch.randn(channels), torch.randn(channels))))
    cases += [op_case(f"shuffle-{groups}", "channel_shuffle", dict(groups=groups), torch.randn(1, 12, 2, 2),
                      lambda x: x.view(1, groups, -1, 2, 2).transpose(1, 2).reshape(1, -1, 2, 2)) for groups in (2, 3)]
    for name, variants in PARAMETRISED.items():
        for values, run in variants:
            x = torch.tensor(POINTS + (3 * torch.randn(60 - len(POINTS))).tolist()).view(1, 3, 4, 5)
            attributes = {} if values is None else dict(values=values)
            cases.append(op_case("-".join([name] + ["%g" % v for v in values or []]), name, attributes, x, run))
    cases.append(op_case("prelu", "prelu", {}, torch.randn(2, 3, 2, 3), lambda x, a: F.prelu(x, a), (torch.tensor([0.25, -0.5, 0]),)))
    for channels, groups in [(6, 3), (18, 1), (5, 5)]:
        cases.append(op_case(f"groupnorm-{channels}-{groups}", "groupnorm", dict(epsilon=1e-3, groups=groups), torch.randn(2, channels, 3, 2),
                             lambda x, g, b: F.group_norm(x, groups, g, b, 1e-3), (torch.randn(channels), torch.randn(channels))))
    for mode, sides, value in [("constant", [1, 2, 0, 3], 0), ("constant", [-1, 2, 1, -2], 0.5), ("reflect", [2, 1, 3, 2], 0), ("replicate", [3, 0, 1, 5], 0)]:
        cases.append(op_case(f"pad-{mode}-{sides[0]}", "pad2d", dict(mode=mode, padding=sides, values=[value]), torch.randn(1, 2, 4, 5),
                             lambda x: F.pad(x, sides, mode, value)))
    for mode in ("nearest", "nearest-exact"):
        cases.append(op_case(f"{mode}-scale", "upsample", dict(mode=mode, scale=[2, 1.5]), torch.randn(1, 2, 4, 6),
                             lambda x: F.interpolate(x, scale_factor=(2, 1.5), mode=mode)))
        cases.append(op_case(f"{mode}-size", "upsample", dict(mode=mode, size=[3, 7]), torch.randn(1, 2, 4, 5),
                             lambda x: F.interpolate(x, size=(3, 7), mode=mode)))
    cases.append(op_case("maxpool-global", "adaptive_maxpool2d", dict(kernel=[1, 1]), torch.randn(2, 3, 4, 5), lambda x: F.adaptive_max_pool2d(x, 1)))
    cases.append(op_case("maxpool-dilated", "maxpool2d", dict(kernel=[3, 3], stride=[2, 2], padding=[1, 1], dilation=[2, 2], ceil=True),
                         torch.randn(1, 2, 9, 8), lambda x: F.max_pool2d(x, 3, 2, 1, 2, True)))
    (OUT / "layers.json").write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(f"layers: {len(cases)} cases")


if __name__ == "__main__":
    main()
