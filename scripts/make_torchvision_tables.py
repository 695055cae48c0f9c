#!/usr/bin/python3
"""Makes Tests/Fixtures/torchvision/<family>.txt.gz: what torchvision's convolutional classifiers are, without any weight.

    scripts/make_torchvision_tables.py [family …]

For each of the 68 builders: the tensors of its state dict, in order; the nodes of its graph in evaluation mode at batch 1 and the network's own input
size, in the order of execution, named and cut as scripts/goldens/torchvision_graph.py says; and which node's value each module returns. The networks are
in the form that pretrained weights have: with auxiliary heads and, for GoogLeNet and Inception, with the transformation of the input.

A line a fact, fields between tabs, gzip over all networks of a family:

    network  NAME  SIZE                            starts a network; its input is SIZE×SIZE
    tensor   NAME  SHAPE  [unused]                 SHAPE as 64,3,7,7, empty for rank 0; unused by the graph (auxiliary heads)
    node     NAME  KIND  SHAPE  INPUTS  ATTRIBUTES  KIND may be activation:FUNCTION; INPUTS between spaces, left out where it is the node before alone;
                                                   ATTRIBUTES as key=value between spaces: kernel, stride, padding, dilation (7 or 1x7; usual values
                                                   left out: stride 1, padding 0, dilation 1), groups, ceil, include_padding, size, eps, start, count,
                                                   scale and shift of each channel
    alias    MODULE  NODE                          the module, which has children, returns the value of the node

The first node reads `input`; the last is the network's output. No parameter gets a value and nothing is computed: PyTorch's meta device knows shapes.
Made with PyTorch 1.13, torchvision 0.14 (Debian 12).
"""
import gzip
import pathlib
import sys

import torch
from torchvision import models

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/goldens"))
from torchvision_graph import normalise, trace  # noqa: E402

OUT = ROOT / "Tests/Fixtures/torchvision"
FAMILIES = {
    "alexnet": "alexnet",
    "vgg": "vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn",
    "resnet": "resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d wide_resnet50_2 wide_resnet101_2",
    "squeezenet": "squeezenet1_0 squeezenet1_1",
    "densenet": "densenet121 densenet161 densenet169 densenet201",
    "inception": "inception_v3",
    "googlenet": "googlenet",
    "shufflenet_v2": "shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0",
    "mobilenet_v2": "mobilenet_v2",
    "mobilenet_v3": "mobilenet_v3_large mobilenet_v3_small",
    "mnasnet": "mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3",
    "efficientnet": " ".join(f"efficientnet_b{k}" for k in range(8)) + " efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l",
    "regnet": "regnet_x_400mf regnet_x_800mf regnet_x_1_6gf regnet_x_3_2gf regnet_x_8gf regnet_x_16gf regnet_x_32gf regnet_y_400mf regnet_y_800mf "
              "regnet_y_1_6gf regnet_y_3_2gf regnet_y_8gf regnet_y_16gf regnet_y_32gf regnet_y_128gf",
    "convnext": "convnext_tiny convnext_small convnext_base convnext_large",
}


def input_size(name):
    if name.startswith("efficientnet"):
        return models.get_model_weights(name).IMAGENET1K_V1.transforms.keywords["crop_size"]
    return 299 if name == "inception_v3" else 224


def without_values():
    """Parameters are allocated but never touched, so that the memory of none is used."""
    for name in dir(torch.nn.init):
        if name.endswith("_") and not name.startswith("_"):
            setattr(torch.nn.init, name, lambda tensor, *_, **__: tensor)


def build(name):
    pretrained = dict(transform_input=True, init_weights=False, aux_logits=True) if name in ("googlenet", "inception_v3") else {}
    return getattr(models, name)(weights=None, **pretrained).eval().to("meta")


def used(name, nodes):
    """Whether a tensor belongs to a node, or is a parameter of the block that a node is in (layer_scale)."""
    owner, _, own = name.rpartition(".")
    return owner in nodes or (own == "layer_scale" and f"{owner}.mul" in nodes)


def table(name):
    model, size = build(name), input_size(name)
    traced = trace(model)
    nodes, aliases = normalise(traced, traced.run(torch.empty(1, 3, size, size, device="meta")))
    names = {n.name for n in nodes}
    assert len(names) == len(nodes) and names.isdisjoint(aliases), f"{name}: a name twice"
    lines = [f"network\t{name}\t{size}"]
    for key, tensor in model.state_dict().items():
        lines.append(f"tensor\t{key}\t{','.join(map(str, tensor.shape))}" + ("" if used(key, names) else "\tunused"))
    before = "input"
    for n in nodes:
        inputs = "" if n.inputs == [before] else " ".join(n.inputs)
        attributes = " ".join(f"{key}={value}" for key, value in n.attributes.items())
        lines.append(f"node\t{n.name}\t{n.kind}\t{','.join(map(str, n.shape))}\t{inputs}\t{attributes}".rstrip("\t"))
        before = n.name
    lines += [f"alias\t{path}\t{node}" for path, node in sorted(aliases.items())]
    print(f"{name}: {len(model.state_dict())} tensors, {len(nodes)} nodes, {len(aliases)} aliases", flush=True)
    return lines


if __name__ == "__main__":
    without_values()
    OUT.mkdir(parents=True, exist_ok=True)
    for family in sys.argv[1:] or FAMILIES:
        text = "\n".join(line for name in FAMILIES[family].split() for line in table(name)) + "\n"
        (OUT / f"{family}.txt.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
