"""The graph of a torchvision network as Interp names and cuts it, read from torchvision itself by torch.fx.

`trace` records what the network executes in evaluation mode, named as torchvision.models.feature_extraction names it: a module by its path, a function
by the module that calls it and its own name, and from the second time on with _1, _2, … `normalise` turns that into Interp's nodes:

- A batch norm is `identity` where it can be folded: iff its input is a conv2d whose only reader it is. Else it is `affine`.
- x.mean([2, 3]) is `mean`, an adaptive_avgpool2d to 1×1, followed by `flatten`.
- permute is no node: Linear and LayerNorm on [N,H,W,C] are a 1×1 conv2d and a layernorm on [N,C,H,W], and shapes are given as [N,C,H,W].
- A parameter of shape [C,1,1] that is multiplied with (ConvNeXt's layer_scale) is `affine` under the name of the multiplication.
- chunk is one channel_slice a part: `chunk`, `chunk_1`. ShuffleNet's channel_shuffle is one node.
- A concatenation of a single map (first layer of a dense block) and StochasticDepth are `identity`.
- GoogLeNet's and Inception's input transformation is one `affine`, `transform_input`.
- A squeeze-and-excitation's `mul` reads the map first, then its scale.
"""
import dataclasses
import operator
import re

import torch
import torch.nn.functional as F
import torchvision
from torch import fx, nn
from torchvision.models import shufflenetv2
from torchvision.models.convnext import LayerNorm2d
from torchvision.models.feature_extraction import NodePathTracer
from torchvision.ops.misc import Permute

ACTIVATIONS = {nn.ReLU6: "relu6", nn.SiLU: "silu", nn.Hardswish: "hardswish", nn.Hardsigmoid: "hardsigmoid", nn.Sigmoid: "sigmoid", nn.GELU: "gelu"}


@dataclasses.dataclass
class Node:
    """A node of Interp's graph; `fx` is the node of the trace that holds its value."""

    name: str
    kind: str
    shape: list
    inputs: list
    attributes: dict
    fx: fx.Node


class Tracer(NodePathTracer):
    """Records also which value every module with children returns. Leaves: torch.nn's modules, layer norms, permutations, StochasticDepth."""

    def __init__(self):
        super().__init__(leaf_modules=[LayerNorm2d, Permute, torchvision.ops.StochasticDepth], autowrap_functions=(shufflenetv2.channel_shuffle,))
        self.returned = {}

    def call_module(self, m, forward, args, kwargs):
        out = super().call_module(m, forward, args, kwargs)
        path = self.path_of_module(m)
        if path and not self.is_leaf_module(m, path) and any(True for _ in m.children()):
            self.returned[path] = out.node
        return out

    def iter(self, obj):
        """The parts of a chunk; how many is its argument."""
        return iter([obj[k] for k in range(obj.node.args[1])])


@dataclasses.dataclass
class Trace:
    """A traced network: the graph module that computes it, its nodes' names and the node that each module with children returns."""

    module: fx.GraphModule
    names: dict
    returned: dict

    def run(self, x, override=None):
        """Values of all nodes. `override(node, module, arguments)` may compute a node instead of the network, or give None."""
        values = {}

        class Keeping(fx.Interpreter):
            def run_node(self, n):
                made = None
                if override and n.op in ("call_module", "call_function", "call_method"):
                    args, _ = self.fetch_args_kwargs_from_env(n)
                    made = override(n, self.fetch_attr(n.target) if n.op == "call_module" else None, args)
                values[n] = super().run_node(n) if made is None else made
                return values[n]

        Keeping(self.module, garbage_collect_values=False).run(x)
        return values


def trace(model):
    tracer = Tracer()
    graph = tracer.trace(model.eval())
    return Trace(fx.GraphModule(model, graph), dict(tracer.node_to_qualname), tracer.returned)


def pair(value):
    h, w = value if isinstance(value, (tuple, list)) else (value, value)
    return f"{h}x{w}" if h != w else str(h)


def window(kernel, stride, padding, dilation=1):
    result = dict(kernel=pair(kernel))
    for key, value, usual in [("stride", stride, "1"), ("padding", padding, "0"), ("dilation", dilation, "1")]:
        if pair(value) != usual:
            result[key] = pair(value)
    return result


def maxpool(kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    return "maxpool2d", window(kernel_size, kernel_size if stride is None else stride, padding, dilation) | (dict(ceil=1) if ceil_mode else {})


def avgpool(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    assert divisor_override is None
    return "avgpool2d", window(kernel_size, kernel_size if stride is None else stride, padding) | (dict(ceil=1) if ceil_mode else {}) \
        | ({} if count_include_pad else dict(include_padding=0))


def of_module(m, foldable, nhwc):
    """Kind and attributes of a leaf module; those of a permutation are None."""
    if isinstance(m, nn.Conv2d):
        return "conv2d", window(m.kernel_size, m.stride, m.padding, m.dilation) | (dict(groups=m.groups) if m.groups > 1 else {})
    if isinstance(m, nn.BatchNorm2d):
        return "identity" if foldable else "affine", dict(eps=m.eps)
    if isinstance(m, nn.Linear):
        return ("conv2d", dict(kernel="1")) if nhwc else ("linear", {})
    if isinstance(m, nn.LayerNorm):
        return "layernorm", dict(eps=m.eps)
    if isinstance(m, nn.MaxPool2d):
        return maxpool(m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode)
    if isinstance(m, nn.AvgPool2d):
        return avgpool(m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad, m.divisor_override)
    if isinstance(m, nn.AdaptiveAvgPool2d):
        return "adaptive_avgpool2d", dict(size=pair(m.output_size))
    if isinstance(m, Permute):
        return None, {}
    if isinstance(m, nn.GELU):
        assert m.approximate == "none"
    for kind, types in [("relu", nn.ReLU), ("flatten", nn.Flatten), ("dropout", nn.Dropout), ("identity", torchvision.ops.StochasticDepth)]:
        if type(m) is types:
            return kind, {}
    return "activation:" + ACTIVATIONS[type(m)], {}


def of_function(node):
    """Kind and attributes of a function that is a node by itself."""
    target, rest = node.target, node.args[1:]
    if target is F.relu:
        return "relu", {}
    if target in (torch.flatten, "flatten"):
        return "flatten", {}
    if target is operator.add:
        return "add", {}
    if target is operator.mul:
        return "multiply", {}
    if target is torch.cat:
        assert (list(rest) or [node.kwargs.get("dim")]) == [1]
        return "concat" if len(node.args[0]) > 1 else "identity", {}
    if target is F.max_pool2d:
        return maxpool(*rest, **node.kwargs)
    if target is F.avg_pool2d:
        return avgpool(*rest, **node.kwargs)
    if target is F.adaptive_avg_pool2d:
        return "adaptive_avgpool2d", dict(size=pair(rest[0]))
    if target is shufflenetv2.channel_shuffle:
        return "channel_shuffle", dict(groups=rest[0])
    raise NotImplementedError(f"{node}: {target}")


class Normaliser:
    def __init__(self, trace, values):
        self.trace, self.values, self.modules = trace, values, dict(trace.module.named_modules())
        self.nodes, self.place, self.nhwc, self.skipped = [], {}, set(), set()

    def add(self, fx_node, name, kind, inputs, attributes, shape=None):
        if shape is None:
            shape = list(self.values[fx_node].shape)
            shape = [shape[0], shape[3], shape[1], shape[2]] if fx_node in self.nhwc else shape
        self.nodes.append(Node(name, kind, shape, inputs, attributes, fx_node))
        self.place[fx_node] = name

    def inputs(self, fx_node):
        return [self.place[a] for a in fx_node.all_input_nodes]

    def conv_before(self, fx_node):
        before = fx_node.all_input_nodes[0]
        return before.op == "call_module" and isinstance(self.modules[before.target], nn.Conv2d) and len(before.users) == 1

    def run(self):
        for n in self.trace.module.graph.nodes:
            if n in self.skipped or n.op in ("get_attr", "output"):
                continue
            if n.op == "placeholder":
                self.place[n] = "input"
                self.transform_input(n)
            elif n.op == "call_module":
                self.module(n, self.modules[n.target])
            else:
                self.function(n)
        return self.nodes, {path: self.place[node] for path, node in self.trace.returned.items()}

    def module(self, n, m):
        nhwc = n.all_input_nodes[0] in self.nhwc
        if isinstance(m, Permute):
            nhwc = {(0, 2, 3, 1): True, (0, 3, 1, 2): False}[tuple(m.dims)]
        if nhwc:
            self.nhwc.add(n)
        kind, attributes = of_module(m, isinstance(m, nn.BatchNorm2d) and self.conv_before(n), nhwc)
        if kind is None:
            self.place[n] = self.place[n.all_input_nodes[0]]
        else:
            self.add(n, self.trace.names[n], kind, self.inputs(n), attributes)

    def function(self, n):
        name = self.trace.names[n]
        if n.op == "call_method" and n.target == "mean":
            assert list(n.args[1]) == [2, 3]
            self.add(n, name, "adaptive_avgpool2d", self.inputs(n), dict(size="1"), list(self.values[n].shape) + [1, 1])
            self.add(n, re.sub("mean$", "flatten", name), "flatten", [name], {})
        elif n.op == "call_method" and n.target == "chunk":
            start = 0
            for part in n.users:
                k, width = part.args[1], self.values[part].shape[1]
                assert part.target is operator.getitem and start == k * width
                self.add(part, name + (f"_{k}" if k else ""), "channel_slice", self.inputs(n), dict(start=start, count=width))
                self.skipped.add(part)
                start += width
        elif n.target is operator.mul and any(a.op == "get_attr" for a in n.all_input_nodes):
            scale, x = n.args
            assert scale.op == "get_attr" and self.values[scale].shape[1:] == (1, 1)
            self.add(n, name, "affine", [self.place[x]], {})
        else:
            kind, attributes = of_function(n)
            inputs = self.inputs(n)
            self.add(n, name, kind, inputs[::-1] if kind == "multiply" else inputs, attributes)

    def transform_input(self, x):
        """Finds x[:, c] of every channel up to their concatenation."""
        inside = [n for n in x.users if n.target is operator.getitem]
        if not inside:
            return
        assert len(inside) == 3 == len(x.users)
        order, scale, shift = list(self.trace.module.graph.nodes), [], []
        while inside[-1].target is not torch.cat:
            inside = sorted({*inside, *(r for n in inside for r in n.users)}, key=order.index)
        for n in inside:
            {operator.mul: scale, operator.add: shift}.get(n.target, []).append(n.args[1])
        assert len(inside) == 13 and len(scale) == len(shift) == 3
        self.skipped |= set(inside)
        attributes = dict(scale=",".join(f"{v:.9g}" for v in scale), shift=",".join(f"{v:.9g}" for v in shift))
        self.add(inside[-1], "transform_input", "affine", ["input"], attributes, list(self.values[x].shape))


def normalise(trace, values):
    """Interp's nodes in execution order, and module path → node name for every module with children that was called."""
    return Normaliser(trace, values).run()
