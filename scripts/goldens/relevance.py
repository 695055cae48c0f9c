#!/usr/bin/python3
"""Makes Tests/Fixtures/goldens/relevance: LRP, DeepLIFT, deep Taylor and excitation backpropagation of the narrow VGGs of make_goldens.py.

    scripts/goldens/relevance.py

Written from the papers and from zennit's and captum's definitions, layer by layer with PyTorch's autograd for the transposed maps, in float64 and rounded
once. Batch norms are merged into the convolutions first. Explained is the logit classes[0] of the first image. Prints how far PyTorch in float32 is off.

Made with PyTorch 1.13, NumPy 1.24 (Debian 12).
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from make_goldens import OUT, ReLU, Vgg, relative, save_npy  # noqa: E402

EPSILON, GAMMA, LEAST, TIE = 1e-6, 0.25, 1e-10, 1e-5
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CASES = {
    "vgg16": dict(plan=[4, 4, "M", 6, 6, "M", 10, 10, 10, "M", 18, 18, 18, "M", 20, 20, 20, "M"], pool=7, hidden=16, classes=10),
    "vgg11_bn": dict(plan=[5, "M", 8, "M", 12, 12, "M", 20, 20, "M", 20, 20, "M"], pool=3, hidden=24, classes=10, batch_norm=True, wide_head=False),
}


THROUGH = {  # channels of layers: conditional relevance (concept relevance propagation)
    "vgg16": [("features.12", (1, 4, 7)), ("classifier.0", (0, 3, 8, 15))],
    "vgg11_bn": [("features.11", (0, 5, 9)), ("classifier.0", (3, 17))],
}


class Affine:
    """A convolution or a fully connected layer with any weights."""

    def __init__(self, kind, weight, bias):
        self.kind, self.weight, self.bias = kind, weight, bias

    def __call__(self, x):
        return self.run(x, self.weight, self.bias)

    def run(self, x, weight, bias=None):
        return F.conv2d(x, weight, bias, padding=1) if self.kind == "conv" else F.linear(x, weight, bias)


def layers_of(model):
    """The layers that do something when evaluated, batch norms merged, as (name, layer)."""
    result = []
    for name, module in list(model.features.named_children()):
        if isinstance(module, torch.nn.Conv2d):
            result.append((f"features.{name}", Affine("conv", module.weight.detach(), module.bias.detach())))
        elif isinstance(module, torch.nn.BatchNorm2d):
            scale = (module.weight / (module.running_var + module.eps).sqrt()).detach()
            conv = result[-1][1]
            conv.weight = conv.weight * scale[:, None, None, None]
            conv.bias = (conv.bias - module.running_mean) * scale + module.bias.detach()
        else:
            result.append((f"features.{name}", "relu" if isinstance(module, ReLU) else "pool"))
    result += [("avgpool", model.avgpool), ("flatten", "flatten")]
    for name, module in model.classifier.named_children():
        if isinstance(module, torch.nn.Linear):
            result.append((f"classifier.{name}", Affine("linear", module.weight.detach(), module.bias.detach())))
        elif isinstance(module, ReLU):
            result.append((f"classifier.{name}", "relu"))
    return result


def apply(layer, x):
    if layer == "relu":
        return x.clamp(min=0)
    if layer == "pool":
        return F.max_pool2d(x, 2)
    return x.flatten(1) if layer == "flatten" else layer(x)


def transpose(function, x, s):
    """The vector-Jacobian product of a function at x."""
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(function(leaf), leaf, s)[0]


def stable(z, epsilon=EPSILON):
    return z + torch.where(z < 0, -epsilon, epsilon).to(z)


def share(layer, upper, terms, epsilon=EPSILON):
    """Σ sign·x ⊙ Wᵀ(R/z) with z = Σ sign·(W x + b) over (sign, x, W, b)."""
    z = sum(sign * layer.run(x, w, b) for sign, x, w, b in terms)
    s = upper / stable(z, epsilon)
    return sum(sign * x * transpose(lambda v, w=w: layer.run(v, w), x, s) for sign, x, w, b in terms)


def epsilon_rule(layer, x, upper, epsilon=EPSILON):
    return share(layer, upper, [(1, x, layer.weight, layer.bias)], epsilon)


def plus_terms(layer, x, bias):
    w, b = layer.weight, layer.bias
    return [(1, x.clamp(min=0), w.clamp(min=0), b.clamp(min=0) if bias else None), (1, x.clamp(max=0), w.clamp(max=0), None)]


def minus_terms(layer, x, bias):
    w, b = layer.weight, layer.bias
    return [(1, x.clamp(min=0), w.clamp(max=0), b.clamp(max=0) if bias else None), (1, x.clamp(max=0), w.clamp(min=0), None)]


def plus_rule(layer, x, upper, bias=True):
    return share(layer, upper, plus_terms(layer, x, bias))


def alpha_beta_rule(layer, x, upper, alpha=2, bias=True):
    return alpha * share(layer, upper, plus_terms(layer, x, bias)) - (alpha - 1) * share(layer, upper, minus_terms(layer, x, bias))


def contrast_rule(layer, x, upper):
    return share(layer, upper, plus_terms(layer, x, False)) - share(layer, upper, minus_terms(layer, x, False))


def gamma_rule(layer, x, upper, gamma=GAMMA):
    w, b, up, down = layer.weight, layer.bias, x.clamp(min=0), x.clamp(max=0)
    more, less = w + gamma * w.clamp(min=0), w + gamma * w.clamp(max=0)
    z = layer(x)
    above = share(layer, upper * (z > 0), [(1, up, more, b + gamma * b.clamp(min=0)), (1, down, less, None)])
    below = share(layer, upper * (z < 0), [(1, up, less, b + gamma * b.clamp(max=0)), (1, down, more, None)])
    return above + below


def bounds(x):
    mean, deviation = torch.tensor(MEAN).to(x).view(1, 3, 1, 1), torch.tensor(DEVIATION).to(x).view(1, 3, 1, 1)
    return torch.zeros_like(x) + (0 - mean) / deviation, torch.zeros_like(x) + (1 - mean) / deviation


def box_rule(layer, x, upper):
    low, high = bounds(x)
    w, b = layer.weight, layer.bias
    return share(layer, upper, [(1, x, w, b), (-1, low, w.clamp(min=0), b.clamp(min=0)), (-1, high, w.clamp(max=0), b.clamp(max=0))])


def flat_rule(layer, x, upper):
    return share(layer, upper, [(1, torch.ones_like(x), torch.ones_like(layer.weight), None)])


def square_rule(layer, x, upper):
    return share(layer, upper, [(1, torch.ones_like(x), layer.weight ** 2, layer.bias ** 2)])


def mixed(layers):
    """Rules by name, kind, first and last, for the composite of RelevanceGoldenTests: of each layer's rules the first that matches."""
    affine = [name for name, layer in layers if isinstance(layer, Affine)]
    def rule(name, layer):
        if name == affine[0]:
            return square_rule
        if name == affine[-1]:
            return lambda *a: epsilon_rule(*a, epsilon=0.25)
        if name.startswith("features.1"):
            return lambda *a: gamma_rule(*a, gamma=0.1)
        return (lambda *a: alpha_beta_rule(*a, alpha=3, bias=False)) if layer.kind == "conv" else plus_rule
    return rule


COMPOSITES = {  # rules of the first convolution, of other convolutions, of fully connected layers
    "epsilon-gamma-box": (box_rule, gamma_rule, epsilon_rule),
    "epsilon-plus": (plus_rule, plus_rule, epsilon_rule),
    "epsilon-alpha2-beta1": (alpha_beta_rule, alpha_beta_rule, epsilon_rule),
    "epsilon-plus-flat": (flat_rule, plus_rule, epsilon_rule),
}


def forward(layers, x):
    activations = [x]
    for _, layer in layers:
        activations.append(apply(layer, activations[-1]))
    return activations


def walk(layers, activations, upper, rules, end=None, top=None, through=None):
    """Hands down to the input, or to the output of the layer called end. `rules` are those of the first convolution, of the others and of fully
    connected layers, or a function of a layer and its name. `top` is the rule of the last layer, if it has its own. `through` is a layer's name
    and channels: at its output all others are set to 0."""
    for k in range(len(layers) - 1, -1, -1):
        name, layer = layers[k]
        if name == end:
            return upper
        if through and name == through[0]:
            mask = torch.zeros(upper.shape[1], dtype=torch.bool)
            mask[list(through[1])] = True
            upper = torch.where(mask.view(1, -1, *[1] * (upper.dim() - 2)), upper, torch.zeros_like(upper))
        x = activations[k]
        if isinstance(layer, Affine):
            rule = top if top and k == len(layers) - 1 else rules(name, layer) if callable(rules) else rules[0 if k == 0 else 1 if layer.kind == "conv" else 2]
            upper = rule(layer, x, upper)
        elif layer == "flatten":
            upper = upper.view_as(x)
        elif layer == "pool":
            upper = transpose(lambda v: F.max_pool2d(v, 2), x, upper)
        elif layer != "relu":
            upper = x * transpose(layer, x, upper / stable(layer(x)))
    return upper


def level(b, p, q):
    """The reference b of a pool with the values made equal that lie within a tie of their window's largest, q, so that the first of them wins."""
    h, w = 2 * q.shape[2], 2 * q.shape[3]
    def wide(v):
        return v.repeat_interleave(2, 2).repeat_interleave(2, 3)
    inside, largest = b[:, :, :h, :w], wide(q)
    result = b.clone()
    tie = torch.minimum(TIE * largest.abs(), (largest - wide(p)).clamp(min=0) / 2)
    result[:, :, :h, :w] = torch.where(inside >= largest - tie, largest, inside)
    return result


def deeplift(layers, x, reference, class_id):
    """Rescale rule; at max-pools the change of the output goes to the winner of whichever of the two inputs has the larger one. A one-coloured reference
    makes ties, and near-ties that float32 cannot tell apart, of which the first wins."""
    at_x, at_reference = forward(layers, x), forward(layers, reference)
    m = torch.zeros_like(at_x[-1])
    m[0, class_id] = 1
    for k in range(len(layers) - 1, -1, -1):
        layer, (a, b), (p, q) = layers[k][1], (at_x[k], at_reference[k]), (at_x[k + 1], at_reference[k + 1])
        small = (a - b).abs() < LEAST
        change = torch.where(small, torch.ones_like(a), a - b)
        if layer == "relu":
            m = m * torch.where(small, (a > 0).to(a), (p - q) / change)
        elif layer == "pool":
            pool = lambda v: F.max_pool2d(v, 2)  # noqa: E731
            larger = torch.maximum(p, q)
            moved = transpose(pool, a, m * (larger - q)) + transpose(pool, level(b, p, q), m * (p - larger))
            m = torch.where(small, transpose(pool, a, m), moved / change)
        else:
            m = transpose(lambda v, f=layer: apply(f, v), a, m)
    result = m * (x - reference)
    left = (result.sum() - (at_x[-1] - at_reference[-1])[0, class_id]).item()
    return result, left


def attributions(model, x, class_id, composites=(*COMPOSITES, "mixed")):
    layers = layers_of(model)
    activations = forward(layers, x)
    one = torch.zeros_like(activations[-1])
    one[0, class_id] = 1
    result = {f"lrp-{name}": walk(layers, activations, one * activations[-1], mixed(layers) if name == "mixed" else COMPOSITES[name])
              for name in composites}
    def free(*arguments):
        return plus_rule(*arguments, bias=False)
    result["deep-taylor"] = walk(layers, activations, one * activations[-1], (box_rule, free, free))
    middle = [name for name, layer in layers if layer == "pool"][2]
    result["excitation"] = walk(layers, activations, one, (free, free, free), middle).sum(1)
    result["excitation-contrastive"] = walk(layers, activations, one, (free, free, free), middle, contrast_rule).sum(1).clamp(min=0)
    result["deeplift-black"], left = deeplift(layers, x, bounds(x)[0], class_id)
    result["deeplift-mean"], other = deeplift(layers, x, torch.zeros_like(x), class_id)
    return result, activations[-1], middle, max(abs(left), abs(other))


def conditional(model, x, class_id, layer, channels):
    """epsilon-plus, with the relevance at a layer's output multiplied by the indicator of some channels."""
    layers = layers_of(model)
    activations = forward(layers, x)
    one = torch.zeros_like(activations[-1])
    one[0, class_id] = 1
    return walk(layers, activations, one * activations[-1], COMPOSITES["epsilon-plus"], through=(layer, channels))


def main():
    for name, arguments in CASES.items():
        model = Vgg(**arguments).eval()
        model.load_state_dict(torch.load(OUT / name / f"{name}.pth"))
        x = torch.from_numpy(np.load(OUT / name / "input.npy"))[:1]
        class_id = json.loads((OUT / name / "classes.json").read_text())[0]
        single, *_ = attributions(model, x, class_id)
        exact, logits, middle, left = attributions(model.double(), x.double(), class_id)
        for layer, channels in THROUGH[name]:
            exact[f"lrp-through-{layer}"] = conditional(model, x.double(), class_id, layer, channels)
            single[f"lrp-through-{layer}"] = conditional(model.float(), x, class_id, layer, channels)
            model.double()
        folder = OUT / "relevance" / name
        folder.mkdir(parents=True, exist_ok=True)
        for key, value in exact.items():
            save_npy(folder / f"{key}.npy", value[0])
        print(f"{name}: class {class_id}, logit {logits[0, class_id]:.4f}, excitation at {middle}, deeplift incomplete by {left:.1e}; float32 PyTorch differs by",
              ", ".join(f"{key} {relative(exact[key], single[key]):.1e}" for key in exact))


if __name__ == "__main__":
    main()
