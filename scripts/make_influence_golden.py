#!/usr/bin/env python3
"""Writes Tests/Fixtures/influence/small.json: a small head, what each training image does for two answers by every method, and the truth,
all with whole matrices in NumPy's float64; nothing of it is shared with the program's products and conjugate gradients. The random
numbers are the program's (Philox4x32-10), written again.

Needs NumPy: /usr/bin/python3 scripts/make_influence_golden.py
"""

import json
import math
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "influence" / "small.json"
IMAGES, FEATURES, CLASSES, L2, SEED, DIMENSIONS, HEADS = 40, 5, 3, 0.02, 7, 24, 3
HALF_SETS, PROJECTIONS = 2 << 32, 3 << 32
MASK = 0xFFFFFFFF


def philox(seed, stream, index):
    a, b, c, d = index & MASK, index >> 32, stream & MASK, stream >> 32
    k0, k1 = seed & MASK, seed >> 32
    for _ in range(10):
        p0, p1 = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (p1 >> 32) ^ b ^ k0, p1 & MASK, (p0 >> 32) ^ d ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return a, b, c, d


def unit(high, low):
    return (((high << 32) | low) >> 11) / (1 << 53)


def uniform(seed, stream, index):
    a, b, _, _ = philox(seed, stream, index)
    return unit(a, b)


def gaussian(index):
    a, b, c, d = philox(0, 0, index)
    return math.sqrt(-2 * math.log(1 - unit(a, b))) * math.cos(2 * math.pi * unit(c, d))


def permutation(n, stream):
    order = list(range(n))
    for i in range(n - 1):
        j = i + int(uniform(SEED, stream, i) * (n - i))
        order[i], order[j] = order[j], order[i]
    return order


def signs(stream, first, count):
    return [1.0 if philox(SEED, stream, bit // 32)[0] >> bit % 32 & 1 else -1.0 for bit in range(first, first + count)]


def softmax(z):
    p = np.exp(z - z.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


class Head:
    """(1/n) sum of the losses of the kept images + penalty, n the number of all images."""

    def __init__(self, h, y, kept=None):
        self.h, self.y, self.n = h, y, len(y)
        self.kept = np.arange(self.n) if kept is None else np.array(kept)

    def gradients(self, w):
        r = softmax(self.h @ w) - np.eye(CLASSES)[self.y]
        return np.einsum("ik,ic->ikc", self.h, r).reshape(self.n, -1)

    def gradient(self, w):
        return self.gradients(w)[self.kept].sum(0) / self.n + L2 * w.ravel()

    def hessian(self, w):
        p, h = softmax(self.h @ w)[self.kept], self.h[self.kept]
        inner = np.einsum("ic,cd->icd", p, np.eye(CLASSES)) - np.einsum("ic,id->icd", p, p)
        return np.einsum("ik,il,icd->kcld", h, h, inner).reshape(w.size, w.size) / self.n + L2 * np.eye(w.size)

    def newton(self, w):
        return w - np.linalg.solve(self.hessian(w), self.gradient(w)).reshape(w.shape)

    def fit(self):
        w = np.zeros((self.h.shape[1], CLASSES))
        for _ in range(60):
            w = self.newton(w)
        return w


def loss(w, h, y):
    return -np.log(softmax(h @ w)[y])


def kronecker(h, p, hessian_size):
    n = len(h)
    _, qa = np.linalg.eigh(h.T @ h / n)
    inner = np.einsum("ic,cd->icd", p, np.eye(CLASSES)) - np.einsum("ic,id->icd", p, p)
    _, qg = np.linalg.eigh(inner.mean(0))
    qa, qg = qa[:, ::-1], qg[:, ::-1]
    eigenvalues = np.einsum("ia,ib->ab", (h @ qa) ** 2, np.einsum("cb,icd,db->ib", qg, inner, qg)) / n
    q = np.kron(qa, qg)
    assert q.shape == (hessian_size, hessian_size)
    return eigenvalues, q @ np.diag(1 / (eigenvalues.ravel() + L2)) @ q.T


def tracin(head, test, label):
    v = np.array([gaussian(i) for i in range(head.h.shape[1])])
    for _ in range(50):
        v = head.h.T @ (head.h @ v)
        length = np.linalg.norm(v)
        v /= length
    rate = 1 / (length / head.n / 2 + L2)
    w, scores = np.zeros((head.h.shape[1], CLASSES)), np.zeros(head.n)
    for step in range(1, 201):
        w = w - rate * head.gradient(w).reshape(w.shape)
        if step % 20 == 0:
            own = np.outer(test, softmax(test @ w) - np.eye(CLASSES)[label]).ravel()
            scores += 20 * rate / head.n * head.gradients(w) @ own
    return scores


def margin_gradient(w, h, y):
    q = softmax(h @ w)
    q[y] = 0
    return np.outer(h, np.eye(CLASSES)[y] - q / q.sum()).ravel()


def trak(h, y, test, label):
    kernels, doubts = np.zeros(len(y)), np.zeros(len(y))
    for m in range(HEADS):
        w = Head(h, y, permutation(len(y), HALF_SETS + m)[: len(y) // 2]).fit()
        a = np.array(signs(PROJECTIONS + m, 0, h.shape[1] * DIMENSIONS)).reshape(h.shape[1], DIMENSIONS)
        b = np.array(signs(PROJECTIONS + m, a.size, CLASSES * DIMENSIONS)).reshape(CLASSES, DIMENSIONS)
        columns = np.einsum("kj,cj->kcj", a, b).reshape(-1, DIMENSIONS)
        phi = np.array([margin_gradient(w, h[i], y[i]) for i in range(len(y))]) @ columns
        gram = phi.T @ phi
        gram += 1e-3 * np.trace(gram) / DIMENSIONS * np.eye(DIMENSIONS)
        kernels += phi @ np.linalg.solve(gram, margin_gradient(w, test, label) @ columns) / HEADS
        doubts += (1 - softmax(h @ w)[np.arange(len(y)), y]) / HEADS
    return kernels * doubts


def main():
    random = np.random.default_rng(3)
    y = random.integers(0, CLASSES, IMAGES)
    centres = random.normal(size=(CLASSES, FEATURES))
    features = (centres[y] + random.normal(size=(IMAGES, FEATURES))).astype(np.float32)
    y[:4] = (y[:4] + 1) % CLASSES
    tests = (centres[[0, 2]] + random.normal(size=(2, FEATURES))).astype(np.float32)
    labels = [0, 2]
    mean, deviation = features.astype(np.float64).mean(0), features.astype(np.float64).std(0)

    def standard(x):
        return np.concatenate([(x - mean) / deviation, np.ones((len(x), 1))], 1)

    h, ht = standard(features), standard(tests)
    head = Head(h, y)
    w = head.fit()
    hessian, gradients = head.hessian(w), head.gradients(w)
    inverse = np.linalg.inv(hessian)
    eigenvalues, kfac = kronecker(h, softmax(h @ w), w.size)
    squares = (gradients**2).sum(1)
    damping = squares.mean() / w.size / 10
    rest = [Head(h, y, [j for j in range(IMAGES) if j != i]) for i in range(IMAGES)]
    after, step = [r.fit() for r in rest], [r.newton(w) for r in rest]
    datainf = sum(np.eye(w.size) - np.outer(g, g) / (damping + s) for g, s in zip(gradients, squares)) / (IMAGES * damping)
    moves = np.sqrt(np.einsum("ip,pq,iq->i", gradients, kfac, gradients))
    found = {name: [] for name in
             ["influence", "relatif", "tracin", "trak", "ekfac", "datainf", "representer", "newton", "truth"]}
    for test, label in zip(ht, labels):
        own = np.outer(test, softmax(test @ w) - np.eye(CLASSES)[label]).ravel()
        first = gradients @ (inverse @ own) / IMAGES
        found["influence"].append(first)
        found["relatif"].append(first / moves)
        found["tracin"].append(tracin(head, test, label))
        found["trak"].append(trak(h, y, test, label))
        found["ekfac"].append(gradients @ (kfac @ own) / IMAGES)
        found["datainf"].append(gradients @ (datainf @ own) / IMAGES)
        found["representer"].append(
            -(softmax(h @ w) - np.eye(CLASSES)[y])[:, label] * (h @ test) / (IMAGES * L2))
        found["newton"].append(np.array([loss(v, test, label) for v in step]) - loss(w, test, label))
        found["truth"].append(np.array([loss(v, test, label) for v in after]) - loss(w, test, label))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({
        "features": FEATURES, "classes": CLASSES, "l2": L2, "seed": SEED, "dimensions": DIMENSIONS, "heads": HEADS,
        "values": features.ravel().tolist(), "labels": y.tolist(), "tests": tests.tolist(), "testLabels": labels,
        "eigenvalues": eigenvalues.ravel().tolist(),
        "selfInfluence": np.einsum("ip,pq,iq->i", gradients, inverse, gradients).tolist(),
        "kroneckerSelfInfluence": (moves**2).tolist(),
        "scores": {name: [row.tolist() for row in rows] for name, rows in found.items()},
    }) + "\n")
    for name, rows in found.items():
        print(name, [round(float(np.corrcoef(row, truth)[0, 1]), 3) for row, truth in zip(rows, found["truth"])])


if __name__ == "__main__":
    main()
