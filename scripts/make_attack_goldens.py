#!/usr/bin/env python3
"""Writes Tests/Fixtures/adversarial/twins.json: a small convolutional network, an image, and what attacks make of it in PyTorch, in
float64. Each attack is written from its paper; nothing of it is shared with the program. Images are in grey levels.

Needs PyTorch: /usr/bin/python3 scripts/make_attack_goldens.py
"""

import json
import pathlib

import torch
from torch.nn import functional as F

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "adversarial" / "twins.json"
SIZE, CLASSES = 16, 5
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


class Net:
    def __init__(self):
        def make(*shape):
            return torch.randn(*shape) * (2 / torch.tensor(shape[1:]).prod()) ** 0.5
        self.weights = {"conv1.weight": make(6, 3, 3, 3), "conv1.bias": 0.1 * torch.randn(6), "conv2.weight": make(8, 6, 3, 3),
                        "conv2.bias": 0.1 * torch.randn(8), "fc.weight": make(CLASSES, 8 * 4 * 4), "fc.bias": 0.1 * torch.randn(CLASSES)}
        self.exact = {k: v.double() for k, v in self.weights.items()}

    def __call__(self, levels):
        w = self.exact
        units = (levels / 255 - MEAN.double().view(3, 1, 1)) / DEVIATION.double().view(3, 1, 1)
        x = F.max_pool2d(F.relu(F.conv2d(units[None], w["conv1.weight"], w["conv1.bias"], padding=1)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, w["conv2.weight"], w["conv2.bias"], padding=1)), 2)
        return F.linear(x.flatten(1), w["fc.weight"], w["fc.bias"])[0]


def cross_entropy(z, y, t):
    return F.log_softmax(z, 0)[t] if t is not None else -F.log_softmax(z, 0)[y]


def margin(z, y, t):
    c = y if t is None else t
    other = torch.cat([z[:c], z[c + 1:]]).max()
    return other - z[c] if t is None else z[c] - other


def dlr(z, y, t):
    top = z.sort(descending=True).values
    if t is None:
        return -(z[y] - torch.cat([z[:y], z[y + 1:]]).max()) / (top[0] - top[2] + 1e-12)
    return -(z[y] - z[t]) / (top[0] - (top[2] + top[3]) / 2 + 1e-12)


LOSSES = {"ce": cross_entropy, "margin": margin, "dlr": dlr}


def plain(image):
    return [int(v) if v == int(v) else round(v, 6) for v in image.flatten().tolist()]


class Ball:
    def __init__(self, clean, norm, radius):
        self.clean, self.norm, self.radius = clean, norm, radius

    def project(self, x):
        d = x - self.clean
        if self.norm == "linf":
            d = d.clamp(-self.radius, self.radius)
        elif d.norm() > self.radius:
            d = d * (self.radius / d.norm())
        return (self.clean + d).clamp(0, 255)

    def steepest(self, g):
        return g.sign() if self.norm == "linf" else g / g.norm()


class Search:
    """Keeps the first image that reaches the goal, else the one with the least margin; looks at whole levels where told to."""

    def __init__(self, net, ball, loss, y, t, lattice):
        self.net, self.ball, self.loss, self.y, self.t, self.lattice = net, ball, loss, y, t, lattice
        self.least, self.best, self.reached = float("inf"), None, False

    def look(self, x):
        seen = x.round() if self.lattice else x.clone()
        seen.requires_grad_()
        z = self.net(seen)
        value = self.loss(z, self.y, self.t)
        gradient = torch.autograd.grad(value, seen)[0]
        top = int(z.argmax())
        reached = top == self.t if self.t is not None else top != self.y
        gap = -float(margin(z, self.y, self.t))
        if not self.reached and (reached or gap < self.least):
            self.least, self.best, self.reached = gap, seen.detach().clone(), reached
        return float(value), gradient


def climb(search, start, steps, rate, momentum=None):
    x, memory = start.clone(), torch.zeros_like(start)
    for t in range(steps + 1):
        _, g = search.look(x)
        if search.reached or t == steps:
            break
        if momentum is not None:
            memory = momentum * memory + g / g.abs().sum()
            g = memory
        x = search.ball.project(x + rate * search.ball.steepest(g))


def auto_step(search, start, steps):
    """Croce and Hein 2020, algorithm 1."""
    ball = search.ball
    gap, least, shrink = max(int(0.22 * steps), 1), max(int(0.06 * steps), 1), max(int(0.03 * steps), 1)
    x = start.clone()
    x_old = x.clone()
    f, g = search.look(x)
    f_best, x_best, g_best, f_check = f, x.clone(), g.clone(), f
    rate, counter, rising, reduced = 2 * ball.radius, 0, 0, True
    for i in range(steps):
        if search.reached:
            break
        difference, x_old = x - x_old, x.clone()
        a = 0.75 if i > 0 else 1.0
        z = ball.project(x + rate * ball.steepest(g))
        x = ball.project(x + a * (z - x) + (1 - a) * difference)
        f_before = f
        f, g = search.look(x)
        rising += f > f_before
        if f > f_best:
            f_best, x_best, g_best = f, x.clone(), g.clone()
        counter += 1
        if counter == gap:
            halve = rising <= 0.75 * gap or (not reduced and f_check >= f_best)
            reduced, f_check, rising, counter = halve, f_best, 0, 0
            gap = max(gap - shrink, least)
            if halve:
                rate, x, g = rate / 2, x_best.clone(), g_best.clone()


def main():
    torch.manual_seed(5)
    net = Net()
    clean = F.interpolate(torch.rand(1, 3, 5, 5) * 300 - 20, SIZE, mode="bilinear", align_corners=True)[0].round().clamp(0, 255).double()
    logits = net(clean)
    order = logits.argsort(descending=True).tolist()
    y, near, far = order[0], order[1], order[-1]
    cases = []

    def case(attack, norm, radius, run, loss="ce", target=None, lattice=True, start="clean", **numbers):
        search = Search(net, Ball(clean, norm, radius), LOSSES[loss], y, target, lattice)
        run(search, starts[start])
        cases.append({"attack": attack, "norm": norm, "radius": radius, "loss": loss, "target": target, "lattice": lattice,
                      "start": start, "result": plain(search.best), "reached": search.reached, **numbers})
        moved = search.best - clean
        print(f"{attack:8} {norm} loss {loss} target {target} reached {search.reached} margin {search.least:.3f} "
              f"linf {moved.abs().max():.2f} l2 {moved.norm():.2f}")

    starts = {"clean": clean}
    starts["whole"] = Ball(clean, "linf", 3).project(clean + torch.randint(-3, 4, clean.shape))
    starts["near"] = Ball(clean, "linf", 1).project(starts["whole"])
    direction = torch.randn_like(clean)
    starts["inside"] = (Ball(clean, "l2", 60).project(clean + 50 * direction / direction.norm()) * 1024).round() / 1024

    def climber(steps, rate, momentum=None):
        return lambda search, start: climb(search, start, steps, rate, momentum)

    for target in (None, far):
        case("fgsm", "linf", 2, climber(1, 2), target=target, steps=1, rate=2)
    case("fgsm", "l2", 60, climber(1, 60), lattice=False, steps=1, rate=60)
    case("bim", "linf", 3, climber(10, 1), target=far, steps=10, rate=1)
    case("bim", "linf", 3, climber(10, 1), loss="margin", target=far, steps=10, rate=1)
    case("bim", "linf", 1, climber(10, 1), loss="dlr", steps=10, rate=1)
    case("pgd", "linf", 3, climber(10, 1), target=far, start="whole", steps=10, rate=1)
    case("pgd", "linf", 3, climber(10, 1), start="whole", steps=10, rate=1)
    case("pgd", "l2", 60, climber(10, 15), target=far, lattice=False, start="inside", steps=10, rate=15)
    case("mi-fgsm", "linf", 4, climber(10, 0.4, 1.0), target=far, steps=10, rate=0.4, momentum=1.0)
    case("mi-fgsm", "linf", 4, climber(10, 0.4, 0.5), loss="dlr", target=near, steps=10, rate=0.4, momentum=0.5)

    def auto(steps):
        return lambda search, start: auto_step(search, start, steps)

    case("apgd", "linf", 3, auto(10), target=far, start="whole", steps=10)
    case("apgd", "linf", 3, auto(40), target=far, start="whole", steps=40)
    case("apgd", "linf", 3, auto(40), loss="dlr", target=far, start="whole", steps=40)
    case("apgd", "linf", 1, auto(30), loss="dlr", start="near", steps=30)
    case("apgd", "l2", 60, auto(10), target=far, lattice=False, start="inside", steps=10)
    case("apgd", "l2", 60, auto(40), loss="dlr", target=far, lattice=False, start="inside", steps=40)
    OUT.parent.mkdir(exist_ok=True)
    weights = {k: {"shape": list(v.shape), "values": [float(f"{x:.9g}") for x in v.flatten().tolist()]} for k, v in net.weights.items()}
    OUT.write_text(json.dumps({
        "size": SIZE, "image": plain(clean), "logits": logits.tolist(), "starts": {k: plain(v) for k, v in starts.items()},
        "weights": weights, "cases": cases,
    }) + "\n")


if __name__ == "__main__":
    main()
