#!/usr/bin/env python3
"""Writes Tests/Fixtures/adversarial/minimal.json: a small perceptron, an image, and every image that attacks which seek the nearest one
look at, by their margins, in PyTorch and float64. Each attack is written from its paper; projections are found by bisection and Adam is
PyTorch's, so nothing is shared with the program. Images are in grey levels.

Needs PyTorch: /usr/bin/python3 scripts/make_minimal_attack_goldens.py
"""

import json
import pathlib

import torch

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "adversarial" / "minimal.json"
SIZE, HIDDEN, CLASSES = 4, 32, 4
DOUBLE = torch.float64


class Run:
    """What an attack looks at: margins, and the nearest image that reaches the goal."""

    def __init__(self, net, clean, norm, y, t):
        self.net, self.clean, self.norm, self.y, self.t = net, clean, norm, y, t
        self.margins, self.nearest, self.distance = [], None, float("inf")

    def pair(self, z):
        """The classes that decide: f = z[up] - z[down] is to grow above 0."""
        fixed = self.y if self.t is None else self.t
        other = max((k for k in range(CLASSES) if k != fixed), key=lambda k: float(z[k]))
        return (other, fixed) if self.t is None else (fixed, other)

    def reached(self, z):
        return int(z.argmax()) != self.y if self.t is None else int(z.argmax()) == self.t

    def look(self, x):
        z = self.net(x)
        up, down = self.pair(z)
        self.margins.append(float(z[down] - z[up]))
        d = float(self.size(x - self.clean))
        if self.reached(z) and d < self.distance:
            self.nearest, self.distance = x.clone(), d
        return z

    def size(self, d):
        return d.abs().max() if self.norm == "linf" else d.norm()

    def linear(self, x, up, down):
        x = x.clone().requires_grad_()
        z = self.net(x)
        f = z[up] - z[down]
        return float(f), torch.autograd.grad(f, x)[0]


def deepfool(run, steps, candidates, overshoot):
    x, r = run.clean.clone(), torch.zeros_like(run.clean)
    z = run.look(x)
    for _ in range(steps):
        if run.reached(z):
            return
        if run.t is None:
            order = [int(k) for k in z.argsort(descending=True) if int(k) != run.y][:candidates]
            pairs = [(k, run.y) for k in order]
        else:
            pairs = [run.pair(z)]
        best = None
        for up, down in pairs:
            f, w = run.linear(x, up, down)
            dual = w.abs().sum() if run.norm == "linf" else w.norm()
            if best is None or abs(f) / dual < best[0]:
                best = (abs(f) / dual, abs(f), w)
        _, f, w = best
        r = r + (f / w.abs().sum() * w.sign() if run.norm == "linf" else f / w.norm() ** 2 * w)
        x = (run.clean + (1 + overshoot) * r).clamp(0, 255)
        z = run.look(x)


def project(x, w, need, norm):
    """The least d with <w, d> = need and x + d in the box, by bisection over its length."""
    direction = (w.sign() if norm == "linf" else w) * (1 if need > 0 else -1)

    def change(length):
        return (x + length * direction).clamp(0, 255) - x
    low, high = 0.0, 1.0
    while abs(float((w * change(high)).sum())) < abs(need) and high < 1e12:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if abs(float((w * change(middle)).sum())) < abs(need) else (low, middle)
    return change(high)


def fab(run, steps, classes, bias, overshoot, back):
    z = run.look(run.clean)
    if run.t is None:
        pairs = [(int(k), run.y) for k in z.argsort(descending=True) if int(k) != run.y]

        def distance(pair):
            f, w = run.linear(run.clean, *pair)
            return float(run.size(project(run.clean, w, -f, run.norm)))
        pairs = sorted(pairs, key=distance)[:classes]
    else:
        pairs = [run.pair(z)]
    for pair in pairs:
        x, z = run.clean.clone(), run.net(run.clean)
        for step in range(steps):
            pair = pair if run.t is None else run.pair(z)
            f, w = run.linear(x, *pair)
            d1 = project(x, w, -f, run.norm)
            d2 = project(run.clean, w, -(f + float((w * (run.clean - x)).sum())), run.norm)
            a1, a2 = float(run.size(d1)), float(run.size(d2))
            alpha = min(a1 / (a1 + a2), bias)
            x = ((1 - alpha) * (x + overshoot * d1) + alpha * (run.clean + overshoot * d2)).clamp(0, 255)
            z = run.look(x)
            if run.reached(z) and step + 1 < steps:
                x = run.clean + back * (x - run.clean)
                z = run.look(x)


def carlini_wagner(run, steps, searches, step, confidence):
    z = run.look(run.clean)
    clean = run.clean / 255
    start = torch.atanh(0.999999 * (2 * clean - 1))
    up, down = run.pair(z)
    f, g = run.linear(run.clean, up, down)
    square = float((255 * g).norm() ** 2)
    gap = abs(f) + confidence
    slope = 0.5 * (1 - torch.tanh(start) ** 2)
    c, rate = 2 * gap / square, step * gap / square ** 0.5 / float(slope.norm())
    low, high = 0.0, float("inf")
    for _ in range(searches):
        w = start.clone().requires_grad_()
        adam = torch.optim.Adam([w], lr=rate)
        found = False
        for t in range(steps):
            x = 0.5 * (torch.tanh(w) + 1)
            z = run.look((255 * x).detach())
            up, down = run.pair(z)
            found |= run.reached(z)
            z = run.net(255 * x)
            loss = ((x - clean) ** 2).sum() + c * torch.clamp(z[down] - z[up], min=-confidence)
            adam.zero_grad()
            loss.backward()
            adam.param_groups[0]["lr"] = rate * (steps - t) / steps
            adam.step()
        low, high = (low, c) if found else (c, high)
        c = high / 10 if low == 0 else 10 * low if high == float("inf") else (low * high) ** 0.5


def main():
    torch.manual_seed(9)
    inputs = 3 * SIZE * SIZE
    weights = {"first": torch.randn(HIDDEN, inputs) * (2 / inputs) ** 0.5 * 3, "bias": 0.3 * torch.randn(HIDDEN),
               "second": torch.randn(CLASSES, HIDDEN) * (1 / HIDDEN) ** 0.5}
    exact = {k: v.to(DOUBLE) for k, v in weights.items()}

    def net(levels):
        hidden = torch.relu(exact["first"] @ (levels.flatten() / 255) + exact["bias"])
        return exact["second"] @ hidden
    # An image in the middle between sure and unsure: the boundary bends on the way to it.
    images = [torch.randint(50, 206, (3, SIZE, SIZE)).to(DOUBLE) for _ in range(40)]
    clean = sorted(images, key=lambda x: float(net(x).topk(2).values @ torch.tensor([1.0, -1.0], dtype=DOUBLE)))[8]
    order = net(clean).argsort(descending=True).tolist()
    cases = []

    def case(name, attack, norm, target, **options):
        run = Run(net, clean, norm, order[0], target)
        attack(run, **options)
        cases.append({"attack": name, "norm": norm, "target": target, "options": {k: str(v) for k, v in options.items()},
                      "margins": run.margins, "nearest": None if run.nearest is None else [round(v, 6) for v in run.nearest.flatten().tolist()]})
        print(f"{name:9} {norm:4} target {target} looked at {len(run.margins)}, distance {run.distance / 255:.4f}")
    for norm in ("l2", "linf"):
        for target in (None, order[-1]):
            case("deepfool", deepfool, norm, target, steps=10, candidates=2, overshoot=0.02)
            case("fab", fab, norm, target, steps=10, classes=2, bias=0.1, overshoot=1.05, back=0.9)
    case("cw", carlini_wagner, "l2", None, steps=10, searches=3, step=0.4, confidence=0)
    case("cw", carlini_wagner, "l2", order[-1], steps=10, searches=3, step=0.4, confidence=0)
    case("cw", carlini_wagner, "l2", None, steps=10, searches=2, step=0.4, confidence=0.05)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({
        "size": SIZE, "hidden": HIDDEN, "classes": CLASSES, "from": order[0], "image": [int(v) for v in clean.flatten().tolist()],
        "weights": {k: [float(f"{x:.9g}") for x in v.flatten().tolist()] for k, v in weights.items()}, "cases": cases,
    }) + "\n")


if __name__ == "__main__":
    main()
