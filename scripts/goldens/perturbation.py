#!/usr/bin/python3
"""Makes Tests/Fixtures/goldens/perturbation: occlusion and RISE of the narrow VGG11-BN, computed in float64 by PyTorch from their definitions.

occlusion.npy      (S(x) - S(x_w)) averaged over the windows that cover a pixel, as captum places and averages them; window 9, stride 5, mean colour.
rise.npy           sum(p_i M_i) / (N p1), as RISE's official code, with 40 masks of 5x5 cells, p1 = 0.4, seed 7.
rise-mask-sum.npy  the same over the sum of masks at each pixel.
rise-control.npy   mean p + sum((p_i - mean p)(M_i - p1)) / ((N - 1) p1), of the same masks.
rise-regression.npy  masks in pairs; the same of what ten linear models of the masks at 10x10 points leave, each fitted without the pair that it
                   foretells, and the models' exact part: the masks' covariance, averaged over all offsets, times the mean coefficients.

The masks' random numbers are Philox4x32-10 with the seed as key and (index, mask) as counter, written here anew.
Made with PyTorch 1.13, NumPy 1.24 (Debian 12), after scripts/make_goldens.py.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from make_goldens import OUT, Vgg, save_npy  # noqa: E402

WORD = 0xFFFFFFFF


def uniform(seed, stream, index):
    a, b, c, d = index & WORD, index >> 32, stream & WORD, stream >> 32
    k0, k1 = seed & WORD, seed >> 32
    for _ in range(10):
        p0, p1 = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (p1 >> 32) ^ b ^ k0, p1 & WORD, (p0 >> 32) ^ d ^ k1, p0 & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return (((a << 32) | b) >> 11) / 2**53


def occlusion(score, x, window, stride):
    _, h, w = x.shape
    total, count = torch.zeros(h, w).double(), torch.zeros(h, w).double()
    for top in range(0, math.ceil((h - window) / stride) * stride + 1, stride):
        for left in range(0, math.ceil((w - window) / stride) * stride + 1, stride):
            covered = x.clone()
            covered[:, top:top + window, left:left + window] = 0
            total[top:top + window, left:left + window] += score(x) - score(covered)
            count[top:top + window, left:left + window] += 1
    return (total / count)[None]


def masks(n, s, p1, size, seed, pairs=False):
    cell = [math.ceil(side / s) for side in size]
    for i in range(n):
        stream = i // 2 if pairs else i
        draws = [uniform(seed, stream, k) for k in range(s * s)]
        grid = torch.tensor([u >= 1 - p1 if pairs and i % 2 else u < p1 for u in draws]).double().view(1, 1, s, s)
        top, left = (int(uniform(seed, stream, s * s + k) * cell[k]) for k in range(2))
        large = F.interpolate(grid, size=[(s + 1) * c for c in cell], mode="bilinear", align_corners=False)[0, 0]
        yield large[top:top + size[0], left:left + size[1]]


def overlap(side, s, at):
    """The mean over offsets of the product of two positions' weights of the cells: positions by points."""
    cell = math.ceil(side / s)
    weights = F.interpolate(torch.eye(s).double()[:, None], size=(s + 1) * cell, mode="linear", align_corners=False)[:, 0]
    return sum(weights[:, t:t + side].T @ weights[:, t:t + side][:, at] for t in range(cell)) / cell


def regression(p, m, p1, s):
    (n, h, w), folds = m.shape, 10
    points = [[(2 * i + 1) * side // (2 * parts) for i in range(parts)] for side, parts in ((h, min(14, 2 * s, h)), (w, min(14, 2 * s, w)))]
    rows, columns = (overlap(side, s, at) for side, at in zip((h, w), points))
    x = m[:, points[0]][:, :, points[1]].reshape(n, -1) - p1
    d = x.shape[1]
    cov = p1 * (1 - p1) * torch.kron(rows, columns)
    variance = (p1 * (1 - p1) * torch.kron(rows[points[0]], columns[points[1]])).diagonal().mean()
    left, mean = torch.empty_like(p), torch.zeros(d).double()
    for f in range(folds):
        mine = torch.arange(n) // 2 % folds == f
        mu, others = p[~mine].mean(), x[~mine]
        beta = torch.linalg.solve(others.T @ others + 0.01 * len(others) * d * variance * torch.eye(d).double(), others.T @ (p[~mine] - mu))
        left[mine] = p[mine] - mu - x[mine] @ beta
        mean += beta * mine.sum() / n
    return p.mean() + (torch.tensordot(left, m - p1, 1) / n + (cov @ mean).view(h, w)) / p1


def main():
    source = OUT / "vgg11_bn"
    model = Vgg([5, "M", 8, "M", 12, 12, "M", 20, 20, "M", 20, 20, "M"], pool=3, hidden=24, classes=10, batch_norm=True, wide_head=False).eval()
    model.load_state_dict(torch.load(source / "vgg11_bn.pth"))
    model.double()
    x = torch.from_numpy(np.load(source / "input.npy"))[0].double()
    target = json.loads((source / "classes.json").read_text())[0]
    folder = OUT / "perturbation"
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        save_npy(folder / "occlusion.npy", occlusion(lambda a: model(a[None])[0, target], x, 9, 5))
        m = torch.stack(list(masks(40, 5, 0.4, x.shape[1:], 7)))
        p = torch.softmax(model(m[:, None] * x), 1)[:, target]
        weighed = torch.tensordot(p, m, 1)[None]
        save_npy(folder / "rise.npy", weighed / len(m) / 0.4)
        save_npy(folder / "rise-mask-sum.npy", weighed / m.sum(0))
        save_npy(folder / "rise-control.npy", p.mean() + torch.tensordot(p - p.mean(), m - 0.4, 1)[None] / (len(m) - 1) / 0.4)
        m = torch.stack(list(masks(40, 5, 0.4, x.shape[1:], 7, pairs=True)))
        p = torch.softmax(model(m[:, None] * x), 1)[:, target]
        save_npy(folder / "rise-regression.npy", regression(p, m, 0.4, 5)[None])


if __name__ == "__main__":
    main()
