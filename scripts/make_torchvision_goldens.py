#!/usr/bin/python3
"""Makes Tests/Fixtures/goldens/torchvision/<case>: what narrow networks of torchvision's 14 CNN families give in float64, rounded once to float32.

    scripts/make_torchvision_goldens.py [case …]

Each is torchvision's own code with fewer channels: by the constructor's arguments where it takes widths, else with the channels of every layer divided
(`narrow`). Weights are random on a coarse grid, so that they compress; batch norms have means, variances in 0.5…2, scales that are negative for a
quarter and zero for one channel of the network, and the family's ε. GoogLeNet and Inception transform their input, as with pretrained weights, and have
their auxiliary heads, of zeros, in the file.

A case holds, all gzipped:

    weights.safetensors   the state dict in float32, num_batches_tracked in int64
    input.npy             one image [1,3,H,W]
    logits.npy            [1,7]
    vanilla.npy, guided.npy, deconvnet.npy
                          the gradient of one logit with respect to the input. guided: R·[x>0]·[R>0] at every ReLU, those called as functions included;
                          at ReLU6 R·[0<x<6]·[R>0]; deconvnet: R·[R>0] at both. All other activations keep their derivative.
                          A network without ReLUs has vanilla.npy only: the rules agree.
    feature.npy           the value of a node in the middle
    case.json             network: the builder of torchvision whose architecture it has; target: the logit's class; feature: the node; norms: the L2
                          norm of the value of every node of the graph, as scripts/goldens/torchvision_graph.py names them. Convolutions into which a
                          batch norm folds have the norm of the batch norm's value.

Decisions do not hang on float32 rounding: biases are moved by up to 1 % of their layer's scale (the root mean square) until no value lies nearer than
1e-4 of it to a kink of ReLU, ReLU6, Hardswish or Hardsigmoid, and seeds are searched until the largest value of every max-pool window leads by as much
(by half as much where 40 seeds do not reach it: GoogLeNet).
Seeds are also searched until PyTorch in float32 is within 1.2e-6 of float64 in everything, so that no logit or gradient is a small difference of large
numbers; where none of 40 is, the nearest is taken (MobileNetV3 large: 2.1e-6).
Made with PyTorch 1.13, torchvision 0.14, NumPy 1.24 (Debian 12).
"""
import contextlib
import gzip
import io
import json
import pathlib
import shutil
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models
from torchvision.models import convnext, densenet, efficientnet, mnasnet, mobilenetv2, mobilenetv3, regnet, resnet, shufflenetv2

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/goldens"))
from torchvision_graph import normalise, trace  # noqa: E402

OUT = ROOT / "Tests/Fixtures/goldens/torchvision"
CLASSES, MARGIN, NEAR = 7, 1e-4, 1.2e-6
RULES = ("vanilla", "guided", "deconvnet")


@contextlib.contextmanager
def narrow(divisor, hidden=None):
    """Within it, layers are made with their numbers of channels divided; those that are no multiple (colours, classes) stay. 4096 becomes `hidden`."""
    def width(c):
        return hidden if c == 4096 and hidden else c // divisor if c % divisor == 0 else c

    conv, linear, norm = nn.Conv2d.__init__, nn.Linear.__init__, nn.BatchNorm2d.__init__

    def make_conv(self, i, o, *args, groups=1, **kwargs):
        conv(self, width(i), width(o), *args, groups=width(groups) if groups == i else groups, **kwargs)

    nn.Conv2d.__init__ = make_conv
    nn.Linear.__init__ = lambda self, i, o, *args, **kwargs: linear(self, width(i), width(o), *args, **kwargs)
    nn.BatchNorm2d.__init__ = lambda self, c, *args, **kwargs: norm(self, width(c), *args, **kwargs)
    try:
        yield
    finally:
        nn.Conv2d.__init__, nn.Linear.__init__ = conv, linear
        del nn.BatchNorm2d.__init__


def of_narrow(divisor, make, hidden=None):
    with narrow(divisor, hidden):
        return make()


def efficientnet_v2():
    fused, mb = efficientnet.FusedMBConvConfig, efficientnet.MBConvConfig
    stages = [fused(1, 3, 1, 8, 8, 1), fused(4, 3, 2, 8, 12, 2), fused(4, 3, 2, 12, 16, 1),
              mb(4, 3, 2, 16, 16, 2), mb(6, 3, 1, 16, 20, 2), mb(6, 3, 2, 20, 24, 2)]
    return efficientnet.EfficientNet(stages, 0.2, num_classes=CLASSES, last_channel=40, norm_layer=lambda c: nn.BatchNorm2d(c, eps=1e-3))


def regnet_of(se_ratio):
    stages = regnet.BlockParams([1, 2, 2, 1], [8, 16, 24, 32], [4, 8, 8, 16], [1.0] * 4, [2] * 4, se_ratio)
    return regnet.RegNet(stages, num_classes=CLASSES, stem_width=8)


def convnext_of():
    stage = convnext.CNBlockConfig
    return convnext.ConvNeXt([stage(8, 12, 1), stage(12, 20, 1), stage(20, 24, 2), stage(24, None, 1)], num_classes=CLASSES)


CUT = dict(num_classes=CLASSES, init_weights=False, transform_input=True, aux_logits=True)
V3_SMALL, V3_LARGE = (mobilenetv3._mobilenet_v3_conf(f"mobilenet_v3_{size}") for size in ("small", "large"))
CASES = {  # case: builder, how the network is made, input, node in the middle
    "alexnet": ("alexnet", lambda: of_narrow(16, lambda: models.AlexNet(CLASSES), 24), (67, 63), "features.7"),
    "vgg13_bn": ("vgg13_bn", lambda: of_narrow(32, lambda: models.vgg13_bn(num_classes=CLASSES), 24), (45, 33), "features.20"),
    "resnet18": ("resnet18", lambda: of_narrow(16, lambda: resnet.ResNet(resnet.BasicBlock, [2, 2, 2, 2], num_classes=CLASSES)), (61, 45), "layer3.0.add"),
    "resnext50": ("resnext50_32x4d", lambda: of_narrow(16, lambda: resnet.ResNet(
        resnet.Bottleneck, [1, 2, 1, 1], num_classes=CLASSES, groups=4, width_per_group=32)), (47, 45), "layer2.1.relu_1"),
    "squeezenet1_0": ("squeezenet1_0", lambda: of_narrow(8, lambda: models.SqueezeNet("1_0", CLASSES)), (47, 61), "features.7.cat"),
    "squeezenet1_1": ("squeezenet1_1", lambda: of_narrow(8, lambda: models.SqueezeNet("1_1", CLASSES)), (45, 47), "features.7.cat"),
    "densenet121": ("densenet121", lambda: densenet.DenseNet(4, (2, 3, 2, 2), 8, num_classes=CLASSES), (61, 67), "features.denseblock2.denselayer3.norm1"),
    "inception_v3": ("inception_v3", lambda: of_narrow(16, lambda: models.Inception3(**CUT)), (75, 75), "Mixed_6a.cat"),
    "googlenet": ("googlenet", lambda: of_narrow(8, lambda: models.GoogLeNet(**CUT)), (61, 47), "inception4b.cat"),
    "shufflenet_v2": ("shufflenet_v2_x1_0", lambda: shufflenetv2.ShuffleNetV2([4, 8, 4], [6, 12, 20, 36, 40], CLASSES), (67, 61), "stage3.2.channel_shuffle"),
    "mobilenet_v2": ("mobilenet_v2", lambda: mobilenetv2.MobileNetV2(CLASSES, 0.1), (45, 61), "features.7.conv.1.2"),
    "mobilenet_v3_small": ("mobilenet_v3_small", lambda: of_narrow(8, lambda: mobilenetv3.MobileNetV3(*V3_SMALL, CLASSES)), (47, 45), "features.5.block.2.mul"),
    "mobilenet_v3_large": ("mobilenet_v3_large", lambda: of_narrow(8, lambda: mobilenetv3.MobileNetV3(*V3_LARGE, CLASSES)), (37, 45), "features.5.block.2.mul"),
    "mnasnet": ("mnasnet1_0", lambda: mnasnet.MNASNet(0.1, CLASSES), (61, 47), "layers.9.1.add"),
    "efficientnet_b0": ("efficientnet_b0", lambda: efficientnet.EfficientNet(
        efficientnet._efficientnet_conf("efficientnet_b0", width_mult=0.1, depth_mult=1.0)[0], 0.2, num_classes=CLASSES), (45, 47), "features.4.1.add"),
    "efficientnet_v2_s": ("efficientnet_v2_s", efficientnet_v2, (45, 47), "features.4.0.block.2.mul"),
    "regnet_x": ("regnet_x_400mf", lambda: regnet_of(None), (45, 47), "trunk_output.block2.block2-1.add"),
    "regnet_y": ("regnet_y_400mf", lambda: regnet_of(0.25), (61, 47), "trunk_output.block3.block3-0.f.se.mul"),
    "convnext": ("convnext_tiny", convnext_of, (71, 67), "features.3.0.add"),
}
KINKS = {"relu": (0,), "relu6": (0, 6), "hardswish": (-3, 3), "hardsigmoid": (-3, 3)}


def coarse(shape, deviation):
    """Normal numbers of few bits times a power of two."""
    return (torch.randn(shape) * 5).round() * 2.0 ** round(np.log2(deviation / 5))


def randomise(model):
    """Weights that keep the scale through the depth, biases and batch-norm statistics that matter; heads that are not executed are zero."""
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            gain = 2 if not isinstance(module, nn.Linear) else 1.5
            module.weight.data = coarse(module.weight.shape, (gain / module.weight[0].numel()) ** 0.5)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.2)
        elif isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.normal_(module.weight, mean=1, std=0.3)
            module.weight.data[torch.rand(len(module.weight)) < 0.25] *= -1
            nn.init.normal_(module.bias, std=0.3)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
            module.num_batches_tracked.fill_(1000)
        if hasattr(module, "layer_scale"):
            nn.init.normal_(module.layer_scale, mean=0.6, std=0.3)
        if hasattr(module, "inplace"):
            module.inplace = False
        if name.split(".")[0] in ("aux1", "aux2", "AuxLogits"):
            for tensor in (*module.parameters(), *module.buffers()):
                tensor.data.zero_()
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    if norms:
        norms[len(norms) // 2].weight.data[1] = 0


class Ruled(torch.autograd.Function):
    """ReLU, or ReLU6 with a top of 6, whose backward follows a rule."""

    @staticmethod
    def forward(ctx, x, top, rule):
        ctx.rule, ctx.open = rule, (x > 0) & (x < top)
        return x.clamp(0, top)

    @staticmethod
    def backward(ctx, r):
        r = r if ctx.rule == "vanilla" else r.clamp(min=0)
        return (r if ctx.rule == "deconvnet" else torch.where(ctx.open, r, torch.zeros_like(r))), None, None


def activation(node, module):
    """relu, relu6, hardswish, hardsigmoid, or None for what has no kink."""
    if node.target is F.relu or type(module) is nn.ReLU:
        return "relu"
    return {nn.ReLU6: "relu6", nn.Hardswish: "hardswish", nn.Hardsigmoid: "hardsigmoid"}.get(type(module))


class Case:
    def __init__(self, name, seed):
        builder, make, size, self.feature = CASES[name]
        torch.manual_seed(1000 * seed + len(name))
        self.model = make().eval().requires_grad_(False)
        randomise(self.model)
        self.model.double()
        self.x = (torch.randn(1, 3, *size) * 16).round().double() / 16
        self.trace = trace(self.model)
        self.modules = dict(self.trace.module.named_modules())
        self.target = None

    def module(self, node):
        return self.modules[node.target] if node.op == "call_module" else None

    def kinks(self, node):
        return KINKS.get(activation(node, self.module(node)), ())

    def run(self, x, rule="vanilla"):
        def override(node, module, args):
            kind = activation(node, module)
            return Ruled.apply(args[0], {"relu": float("inf"), "relu6": 6.0}[kind], rule) if kind in ("relu", "relu6") else None

        return self.trace.run(x, override)

    def owner(self, node):
        """The bias that moves a channel of the node's input, and nothing decided before."""
        before = node.all_input_nodes[0]
        for n in (before, *before.all_input_nodes):
            bias = getattr(self.module(n), "bias", None)
            if bias is not None and len(n.users) == 1:
                return bias
        return None

    @torch.no_grad()
    def settle(self):
        """Moves biases, from the first decision on; gives the least margin of those left."""
        for node in [n for n in self.trace.module.graph.nodes if self.kinks(n)]:
            for _ in range(3):
                x = self.run(self.x)[node.all_input_nodes[0]]
                scale = x.pow(2).mean().sqrt().item()
                channels = x.transpose(0, 1).flatten(1) if x.dim() == 4 else x.T
                bias = self.owner(node)
                if bias is None or self.least(channels, node).min() >= MARGIN * scale:
                    break
                for c in range(len(channels)):
                    moves = [0] + [s * k * MARGIN * scale for k in range(1, 100) for s in (1, -1)]
                    good = (m for m in moves if self.least(channels[c] + m, node) >= 1.5 * MARGIN * scale)
                    bias[c] = (bias[c] + next(good, 0)).float().double()

    def least(self, values, node):
        return torch.stack([(values - k).abs().min(-1).values for k in self.kinks(node)]).min(0).values

    @torch.no_grad()
    def margins(self):
        values, kinks, pools = self.run(self.x), [np.inf], [np.inf]
        for node in self.trace.module.graph.nodes:
            if self.kinks(node):
                x = values[node.all_input_nodes[0]]
                kinks.append((self.least(x.flatten(), node) / x.pow(2).mean().sqrt()).item())
        for node in normalise(self.trace, values)[0]:
            if node.kind == "maxpool2d":
                before = node.fx.all_input_nodes[0]
                pooled = isinstance(self.module(before), nn.MaxPool2d) or before.target is F.max_pool2d
                pools.append(self.pool_margin(values[before], node.attributes, pooled))
        return min(kinks), min(pools)

    @staticmethod
    def pool_margin(x, attributes, pooled):
        """Left out are windows whose maximum is zero, since the ReLU before has decided those; channels of one value (a scale of zero); and, in a map
        that is `pooled` itself, copies of one value, which lead back to one pixel."""
        kernel, stride, padding = (int(attributes.get(key, default)) for key, default in [("kernel", 0), ("stride", 1), ("padding", 0)])
        beyond = stride * kernel if "ceil" in attributes else 0
        rows, columns = ((n + 2 * padding - kernel + (stride - 1 if beyond else 0)) // stride * stride + kernel for n in x.shape[2:])
        padded = F.pad(x, (padding, padding + beyond, padding, padding + beyond), value=-np.inf)[:, :, :rows, :columns]
        top = padded.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4).topk(2).values
        decided = (top[..., 0] > 0) & (top[..., 1] > -np.inf) & (x.amax((2, 3)) > x.amin((2, 3)))[..., None, None]
        gap = (top[..., 0] - top[..., 1])[decided]
        gap = gap[gap > 0] if pooled else gap
        return (gap.min() / x.pow(2).mean().sqrt()).item() if len(gap) else np.inf

    def choose(self):
        """The largest logit's class but one: behind SqueezeNet's last ReLU a smaller one may be dead."""
        with torch.no_grad():
            self.target = list(self.run(self.x).values())[-1][0].topk(2).indices[1].item()

    def answers(self, dtype=torch.float64):
        """Logits and gradients, by name; last the values of all nodes."""
        self.model.to(dtype)
        result = {}
        for rule in RULES:
            leaf = self.x.to(dtype, copy=True).requires_grad_()
            values = self.run(leaf, rule)
            logits = list(values.values())[-1]
            logits[0, self.target].backward()
            result["logits"], result[rule] = logits.detach(), leaf.grad
        self.model.double()
        return result, values


def safetensors(state):
    header, data, offset = {}, [], 0
    for name, tensor in state.items():
        raw = tensor.numpy().astype("<i8" if tensor.dtype == torch.int64 else "<f4").tobytes()
        header[name] = dict(dtype="I64" if tensor.dtype == torch.int64 else "F32", shape=list(tensor.shape), data_offsets=[offset, offset + len(raw)])
        data.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data)


def npy(tensor):
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(tensor.detach().numpy().astype("<f4")))
    return stream.getvalue()


def relative(expected, actual):
    return ((expected - actual.double()).norm() / expected.norm()).item()


def search(name):
    """The first seed whose decisions are clear and whose sums cancel little, so that float32 comes near; the best of some if there is none."""
    best = None
    for seed in range(40):
        case = Case(name, seed)
        case.settle()
        case.choose()
        margins = case.margins()
        if min(margins) < MARGIN / 2:
            continue
        exact, values = case.answers()
        single, _ = case.answers(torch.float32)
        differences = {key: relative(exact[key], single[key]) for key in exact}
        worst = max(differences.values())
        if all(exact[rule].norm() > 0 for rule in RULES) and (best is None or worst < best[0]):
            best = (worst, seed, case, margins, differences, exact, values)
            if worst < NEAR and min(margins) >= MARGIN:
                break
    return best[1:]


def write(name):
    seed, case, margins, differences, exact, values = search(name)
    assert relative(case.model(case.x), exact["logits"]) < 1e-12, "the trace is not the network"
    nodes, _ = normalise(case.trace, values)
    norms, at = {}, {}
    for node in nodes:
        value = values[node.fx]
        if node.kind == "identity" and "eps" in node.attributes:
            norms[node.inputs[0]] = value.norm().item()
        norms[node.name], at[node.name] = value.norm().item(), value
    assert at[case.feature].shape[1] > 1 and all(np.isfinite(v) for v in norms.values())
    files = {
        "weights.safetensors": safetensors(case.model.float().state_dict()),
        "input.npy": npy(case.x),
        "feature.npy": npy(at[case.feature]),
        "case.json": json.dumps(dict(network=CASES[name][0], target=case.target, feature=case.feature, norms=norms), indent=1).encode(),
    } | {f"{key}.npy": npy(value) for key, value in exact.items() if key == "vanilla" or not torch.equal(value, exact["vanilla"])}
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sizes = 0
    for file, content in files.items():
        packed = gzip.compress(content, 9, mtime=0)
        (folder / f"{file}.gz").write_bytes(packed)
        sizes += len(packed)
    print(f"{name}: seed {seed}, {sum(t.numel() for t in case.model.state_dict().values())} numbers, {sizes} bytes, least margin kinks {margins[0]:.1e}, "
          f"pools {margins[1]:.1e}; float32 PyTorch differs by", ", ".join(f"{key} {value:.1e}" for key, value in differences.items()),
          f"; guided differs from vanilla by {relative(exact['vanilla'], exact['guided']):.1e}", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case_name in sys.argv[1:] or CASES:
        write(case_name)
