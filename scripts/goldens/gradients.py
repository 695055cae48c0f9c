#!/usr/bin/python3
"""Makes Tests/Fixtures/goldens/<network>/gradients: what the gradient family gives for the first image of a narrow VGG's fixture, in float64 PyTorch,
written from the papers, rounded once to float32.

    scripts/goldens/gradients.py

Needs the networks that scripts/make_goldens.py made. Random numbers are Philox4x32-10's at (seed 0, stream = sample·256 + use, index), as in the engine.
Made with PyTorch 1.13, NumPy 1.24 (Debian 12).
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from make_goldens import OUT, ReLU, Vgg, save_npy  # noqa: E402

NETWORKS = {
    "vgg16": dict(plan=[4, 4, "M", 6, 6, "M", 10, 10, 10, "M", 18, 18, 18, "M", 20, 20, 20, "M"], pool=7, hidden=16, classes=10),
    "vgg11_bn": dict(plan=[5, "M", 8, "M", 12, 12, "M", 20, 20, "M", 20, 20, "M"], pool=3, hidden=24, classes=10, batch_norm=True, wide_head=False),
}
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
NOISE, PLACE, BASELINE = 1, 2, 3


def philox(stream, count):
    """The words of the first `count` blocks, [4, count]."""
    mask = np.uint64(0xFFFFFFFF)
    index = np.arange(count, dtype=np.uint64)
    a, b = index & mask, index >> np.uint64(32)
    c, d = np.full(count, stream & 0xFFFFFFFF, np.uint64), np.full(count, stream >> 32, np.uint64)
    k0 = k1 = 0
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * a, np.uint64(0xCD9E8D57) * c
        a, b, c, d = (p1 >> np.uint64(32)) ^ b ^ np.uint64(k0), p1 & mask, (p0 >> np.uint64(32)) ^ d ^ np.uint64(k1), p0 & mask
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return a, b, c, d


def unit(high, low):
    return (((high << np.uint64(32)) | low) >> np.uint64(11)).astype(np.float64) / 2.0**53


def uniform(use, sample, count):
    a, b, _, _ = philox(sample * 256 + use, count)
    return unit(a, b)


def gaussian(use, sample, count):
    a, b, c, d = philox(sample * 256 + use, count)
    return np.sqrt(-2 * np.log(1 - unit(a, b))) * np.cos(2 * np.pi * unit(c, d))


def colour(value):
    """An image of pixel values in 0..1, [3,H,W], in network units."""
    return torch.from_numpy(((value.astype(np.float32) - MEAN[:, None, None]) / DEVIATION[:, None, None]).astype(np.float64))


def noise_image(shape, draw):
    return colour(uniform(BASELINE, draw, int(np.prod(shape))).reshape(shape))


class Explained:
    def __init__(self, name):
        self.name = name
        self.model = Vgg(**NETWORKS[name]).eval()
        self.model.load_state_dict(torch.load(OUT / name / f"{name}.pth"))
        self.model.double()
        self.x = torch.from_numpy(np.load(OUT / name / "input.npy")[0].astype(np.float64))
        self.target = json.loads((OUT / name / "classes.json").read_text())[0]

    def score(self, x):
        with torch.no_grad():
            return self.model(x[None])[0, self.target].item()

    def gradient(self, x):
        leaf = x.clone().requires_grad_()
        self.model(leaf[None])[0, self.target].backward()
        return leaf.grad

    def noisy(self, samples, level):
        sigma = level * (self.x.max() - self.x.min()).item()
        return [self.x + sigma * torch.from_numpy(gaussian(NOISE, s, self.x.numel()).reshape(self.x.shape)) for s in range(samples)]

    def integrated(self, x, start, steps, rule):
        nodes, weights = np.polynomial.legendre.leggauss(steps) if rule == "gauss-legendre" else ((2 * np.arange(steps) + 1) / steps - 1, np.full(steps, 2 / steps))
        return (x - start) * sum(w / 2 * self.gradient(start + (z + 1) / 2 * (x - start)) for z, w in zip(nodes, weights))

    def blurred(self, sigma):
        if sigma == 0:
            return self.x
        radius = int(4 * sigma + 0.5)
        taps = torch.exp(-torch.arange(-radius, radius + 1).double() ** 2 / (2 * sigma**2))
        taps = taps / taps.sum()
        rows = F.conv2d(self.x[:, None], taps[None, None, None, :], padding=(0, radius))
        return F.conv2d(rows, taps[None, None, :, None], padding=(radius, 0))[:, 0]

    def blur_ig(self, widest, steps):
        path = [self.blurred(widest * i / steps) for i in range(steps + 1)]
        slopes = [self.gradient(p) for p in path]
        return sum((slopes[i] + slopes[i + 1]) / 2 * (path[i] - path[i + 1]) for i in range(steps))

    def guided_ig(self, start, steps, fraction, distance):
        """The path of the paper's algorithm 1 with the bound of section 4.1, by masks and quantiles over whole arrays; trapezoid sum along it."""
        x, a = self.x.numpy(), start.numpy()
        place, result, way = a.copy(), np.zeros(self.x.shape), x - a
        slope = self.gradient(start).numpy()
        for step in range(1, steps + 1):
            alpha = step / steps
            low, high = a + max(alpha - distance, 0) * way, a + min(alpha + distance, 1) * way
            moved = np.where((way != 0) & ((place - a) * np.sign(way) < (low - a) * np.sign(way)), low, place)
            while True:
                excess = np.abs(x - moved).sum() - np.abs(way).sum() * (1 - alpha)
                if excess < 1e-9 * np.abs(way).sum():
                    break
                size = np.where(moved == high, np.inf, np.abs(slope))
                chosen = (size <= np.quantile(size, fraction, method="lower")) & np.isfinite(size)
                reach = np.abs(high - moved)[chosen].sum()
                if reach == 0:
                    break
                part = min(excess / reach, 1)
                moved = np.where(chosen, high if part == 1 else moved + part * (high - moved), moved)
            after = self.gradient(torch.from_numpy(moved)).numpy()
            result += (moved - place) * (slope + after) / 2
            place, slope = moved, after
        return torch.from_numpy(result)

    def fullgrad(self):
        """Map, and the sum of all gradients times factors; batch norms merged into the convolution before them."""
        outputs, layers = [], []
        modules = list(self.model.features) + list(self.model.classifier)
        for i, m in enumerate(modules):
            if isinstance(m, torch.nn.Conv2d) and isinstance(modules[i + 1], torch.nn.BatchNorm2d):
                n = modules[i + 1]
                layers.append((n, (m.bias - n.running_mean) * n.weight / torch.sqrt(n.running_var + n.eps) + n.bias))
            elif isinstance(m, (torch.nn.Conv2d, torch.nn.Linear)):
                layers.append((m, m.bias))

        def keep(_, __, y):
            y.retain_grad()
            outputs.append(y)

        hooks = [m.register_forward_hook(keep) for m, _ in layers]
        leaf = self.x[None].clone().requires_grad_()
        self.model(leaf)[0, self.target].backward()
        for hook in hooks:
            hook.remove()
        terms = [leaf.grad * self.x] + [y.grad * b.detach().view(1, -1, *[1] * (y.dim() - 2)) for y, (_, b) in zip(outputs, layers)]

        def stretched(t):
            t = t.abs()
            return F.interpolate((t - t.min()) / (t.max() - t.min()), self.x.shape[1:], mode="bilinear", align_corners=False).sum(1)

        return sum(stretched(t) for t in terms if t.dim() == 4), sum(t.sum().item() for t in terms)


def make(name):
    e = Explained(name)
    ReLU.rule = "vanilla"
    zero = torch.zeros_like(e.x)
    black = colour(np.zeros(e.x.shape))
    full, total = e.fullgrad()
    results = {"fullgrad": full}
    print(f"{name}: fullgrad adds up to {total:.9f}, S(x) = {e.score(e.x):.9f}")
    if name == "vgg16":
        slopes = torch.stack([e.gradient(x) for x in e.noisy(10, 0.15)])
        results["grad-x-input"] = e.x * e.gradient(e.x)
        results["smoothgrad"] = slopes.mean(0)
        results["smoothgrad-squared"] = (slopes**2).mean(0)
        results["vargrad"] = slopes.var(0, unbiased=False)
        results["integrated-gradients"] = e.integrated(e.x, black, 50, "gauss-legendre")
        results["integrated-gradients-midpoint"] = e.integrated(e.x, zero, 30, "midpoint")
        results["integrated-gradients-smooth"] = sum(e.integrated(x, zero, 8, "gauss-legendre") for x in e.noisy(3, 0.1)) / 3
        starts = [noise_image(e.x.shape, i) for i in range(12)]
        places = [(i + uniform(PLACE, 0, 12)[i]) / 12 for i in range(12)]
        results["expected-gradients"] = sum((e.x - s) * e.gradient(s + a * (e.x - s)) for s, a in zip(starts, places)) / 12
        places = [(i + uniform(PLACE, i, 1)[0]) / 12 for i in range(12)]
        results["gradientshap"] = sum((x - s) * e.gradient(s + a * (x - s)) for x, s, a in zip(e.noisy(12, 0.05), starts, places)) / 12
        results["blur-ig"] = e.blur_ig(10, 20)
        # Not from black: at an input of one colour all max pools tie, so that the first gradient would depend on rounding.
        results["guided-ig"] = e.guided_ig(starts[0], 20, 0.25, 0.05)
        for key, start in ("integrated-gradients", black), ("blur-ig", e.blurred(10)), ("guided-ig", starts[0]):
            print(f"  {key}: {results[key].sum():.6f}, S(x) - S(x') = {e.score(e.x) - e.score(start):.6f}")
    folder = OUT / name / "gradients"
    folder.mkdir(exist_ok=True)
    for key, value in results.items():
        save_npy(folder / f"{key}.npy", value)


if __name__ == "__main__":
    for network in NETWORKS:
        make(network)
