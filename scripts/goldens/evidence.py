#!/usr/bin/python3
"""Makes Tests/Fixtures/evidence/maps.json: similarity and sparseness of small maps, and an imputed image, in float64, written from the definitions.

    scripts/goldens/evidence.py

Made with NumPy 1.24 (Debian 12).
"""
import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/evidence/maps.json"
RNG = np.random.default_rng(5)


def ranks(values):
    """Ranks from 1, ties sharing their mean."""
    below = (values[None, :] < values[:, None]).sum(1)
    same = (values[None, :] == values[:, None]).sum(1)
    return below + (same + 1) / 2


def spearman(a, b):
    return np.corrcoef(ranks(np.abs(a).ravel()), ranks(np.abs(b).ravel()))[0, 1]


def unit(a):
    a = np.abs(a)
    return (a - a.min()) / (a.max() - a.min())


def ssim(a, b, size=11, sigma=1.5):
    x, y = unit(a), unit(b)
    line = np.exp(-((np.arange(size) - size // 2) ** 2) / (2 * sigma**2))
    window = np.outer(line, line) / line.sum() ** 2
    c1, c2, values = 0.01**2, 0.03**2, []
    for i in range(a.shape[0] - size + 1):
        for j in range(a.shape[1] - size + 1):
            p, q = x[i : i + size, j : j + size], y[i : i + size, j : j + size]
            mp, mq = (window * p).sum(), (window * q).sum()
            vp, vq, vpq = (window * (p - mp) ** 2).sum(), (window * (q - mq) ** 2).sum(), (window * (p - mp) * (q - mq)).sum()
            values.append((2 * mp * mq + c1) * (2 * vpq + c2) / ((mp**2 + mq**2 + c1) * (vp + vq + c2)))
    return np.mean(values)


def gini(a):
    """Mean absolute difference of all pairs over twice the mean."""
    v = np.abs(a).ravel()
    return np.abs(v[:, None] - v[None, :]).mean() / (2 * v.mean())


def impute(image, missing):
    """The dense system of noisy linear imputation, without the noise: each missing pixel is the weighted mean of its neighbours."""
    height, width = image.shape[1:]
    offsets = [(v, u, 1 / 6 if v == 0 or u == 0 else 1 / 12) for v in (-1, 0, 1) for u in (-1, 0, 1) if (v, u) != (0, 0)]
    index = {pixel: k for k, pixel in enumerate(missing)}
    matrix, right = np.zeros((len(missing), len(missing))), np.zeros((len(missing), image.shape[0]))
    for pixel, k in index.items():
        y, x = divmod(pixel, width)
        for v, u, weight in offsets:
            if 0 <= y + v < height and 0 <= x + u < width:
                matrix[k, k] += weight
                other = (y + v) * width + x + u
                if other in index:
                    matrix[k, index[other]] -= weight
                else:
                    right[k] += weight * image[:, y + v, x + u]
    result = image.copy().reshape(image.shape[0], -1)
    result[:, missing] = np.linalg.solve(matrix, right).T
    return result.reshape(image.shape)


def main():
    a = RNG.standard_normal((16, 13)).astype(np.float32).astype(np.float64)
    b = (a + 0.3 * RNG.standard_normal((16, 13))).astype(np.float32).astype(np.float64)
    b[4:9, 2:7] = 0
    image = RNG.standard_normal((3, 9, 7)).astype(np.float32).astype(np.float64)
    missing = sorted(RNG.choice(63, 40, replace=False).tolist())
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({
        "a": a.ravel().tolist(), "b": b.ravel().tolist(), "height": 16, "width": 13,
        "spearman": spearman(a, b), "ssim": ssim(a, b), "gini": gini(b),
        "image": image.ravel().tolist(), "missing": missing, "imputed": impute(image, missing).ravel().tolist(),
    }) + "\n")


if __name__ == "__main__":
    main()
