#!/usr/bin/env python3
"""Writes Tests/Fixtures/training/softmax.json: a small softmax regression and its minimum, by Newton's method with the whole Hessian, in
float64; nothing of it is shared with the program's conjugate gradients.

Needs NumPy: /usr/bin/python3 scripts/make_head_golden.py
"""

import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "training" / "softmax.json"
IMAGES, FEATURES, CLASSES, L2 = 60, 6, 4, 0.02


def main():
    random = np.random.default_rng(1)
    labels = random.integers(0, CLASSES, IMAGES)
    centres = random.normal(size=(CLASSES, FEATURES))
    scale = np.array([1, 10, 0.1, 3, 1, 100.0])
    features = ((centres[labels] + random.normal(size=(IMAGES, FEATURES))) * scale + 2).astype(np.float32)
    mean, deviation = features.astype(np.float64).mean(0), features.astype(np.float64).std(0)
    h = np.concatenate([(features - mean) / deviation, np.ones((IMAGES, 1))], 1)
    target = np.eye(CLASSES)[labels]
    w = np.zeros((FEATURES + 1, CLASSES))
    for _ in range(50):
        z = h @ w
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gradient = h.T @ (p - target) / IMAGES + L2 * w
        inner = np.einsum("ic,cd->icd", p, np.eye(CLASSES)) - np.einsum("ic,id->icd", p, p)
        hessian = np.einsum("ik,il,icd->kcld", h, h, inner).reshape(w.size, w.size) / IMAGES + L2 * np.eye(w.size)
        w = w - np.linalg.solve(hessian, gradient.ravel()).reshape(w.shape)
    loss = -np.log((p * target).sum(1)).mean() + L2 / 2 * (w**2).sum()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({
        "features": FEATURES, "classes": CLASSES, "l2": L2, "values": features.ravel().tolist(), "labels": labels.tolist(),
        "weights": w.ravel().tolist(), "loss": loss, "gradientNorm": float(np.linalg.norm(gradient)),
    }) + "\n")


if __name__ == "__main__":
    main()
