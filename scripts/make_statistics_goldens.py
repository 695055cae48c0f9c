#!/usr/bin/env python3
"""Writes statistics.json, algebra.json and factors.json in Tests/Fixtures/statistics: numbers of SciPy, scikit-learn and NumPy that
Engine/Statistics and Engine/LinearAlgebra are compared with.

Needs NumPy, SciPy and scikit-learn (Debian's python3-scipy and python3-sklearn): /usr/bin/python3 scripts/make_statistics_goldens.py
"""

import itertools
import json
import pathlib

import numpy as np
from scipy import linalg, optimize, special, stats
from scipy.stats import _ksstats
from sklearn import metrics
from sklearn.decomposition import NMF

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "statistics"


def kolmogorov(n, d):
    """Above 140 numbers SciPy's kstwo takes an approximation of five digits; its own exact algorithm of J. Pomeranz does not
    (up to 1000: beyond that it loses digits itself)."""
    return float(_ksstats._kolmogn_Pomeranz(n, d, cdf=False)) if 140 < n <= 2000 and n * d * d < 4 else stats.kstwo.sf(d, n)


def distributions():
    beta = [(a, b, x) for a, b in itertools.product([0.5, 1, 3.2, 40, 900], [0.5, 2, 77.7]) for x in [1e-6, 0.03, 0.4, 0.77, 0.999]]
    return {
        "beta": [[*v, special.betainc(*v)] for v in beta],
        "betaQuantile": [[a, b, p, stats.beta.ppf(p, a, b)] for a, b in [(3, 8), (1, 100), (55.5, 0.7)] for p in [0.025, 0.5, 0.975]],
        "student": [[t, v, 2 * stats.t.sf(abs(t), v)] for t in [0, 0.3, -2, 5.5, 40] for v in [1, 2.7, 19, 300]],
        "normal": [[x, stats.norm.cdf(x)] for x in [-30, -8, -3.4, -1.2, 0, 0.7, 2.9, 6]],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in [1e-12, 0.001, 0.025, 0.4, 0.5, 0.83, 0.975, 0.9999]],
        "kolmogorov": [[n, d, kolmogorov(n, d)] for n, d in
                       [(1, 0.7), (5, 0.35), (10, 0.1), (50, 0.19), (50, 0.3), (300, 0.05), (300, 0.2), (1000, 0.03), (5000, 0.012)]],
    }


def samples(random):
    a, b = random.normal(0.4, 1, 11), random.normal(0, 2, 17)
    ties_a, ties_b = random.integers(0, 6, 25).astype(float), random.integers(1, 8, 31).astype(float)
    uniform = random.uniform(size=40) ** 1.3
    exact, tied = stats.mannwhitneyu(a, b, method="exact"), stats.mannwhitneyu(ties_a, ties_b, method="asymptotic")
    welch = stats.ttest_ind(a, b, equal_var=False)
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    ks = stats.kstest(uniform, "uniform", mode="exact")
    area = metrics.roc_auc_score([1] * len(ties_b) + [0] * len(ties_a), np.concatenate([ties_b, ties_a]))

    # DeLong by definition: the matrix of pairs, its row and column means.
    pairs = (ties_b[:, None] > ties_a) + 0.5 * (ties_b[:, None] == ties_a)
    deviation = np.sqrt(pairs.mean(1).var(ddof=1) / len(ties_b) + pairs.mean(0).var(ddof=1) / len(ties_a))
    half = stats.norm.ppf(0.975) * deviation
    x, y = random.integers(0, 9, 30).astype(float), random.integers(0, 9, 30).astype(float)
    y = y + x
    return {
        "a": a.tolist(), "b": b.tolist(), "tiesA": ties_a.tolist(), "tiesB": ties_b.tolist(), "uniform": uniform.tolist(),
        "welch": [welch.statistic, (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1)), welch.pvalue],
        "mannWhitney": [exact.statistic, exact.pvalue], "mannWhitneyTies": [tied.statistic, tied.pvalue],
        "ks": [ks.statistic, ks.pvalue], "auroc": [area, area - half, area + half],
        "x": x.tolist(), "y": y.tolist(), "ranks": stats.rankdata(x).tolist(), "pearson": stats.pearsonr(x, y)[0],
        "spearman": stats.spearmanr(x, y)[0], "kendall": stats.kendalltau(x, y)[0],
        "quantiles": [[q, np.quantile(a, q)] for q in [0, 0.1, 0.5, 0.93, 1]],
    }


def intervals():
    found = []
    for k, n in [(0, 9), (3, 20), (17, 17), (400, 1000)]:
        test = stats.binomtest(k, n)
        exact, wilson = test.proportion_ci(0.95, "exact"), test.proportion_ci(0.95, "wilson")
        found.append([k, n, exact.low, exact.high, wilson.low, wilson.high])
    return found


def multiplicity(random):
    p = np.concatenate([random.uniform(size=12), [0.001, 0.004, 0.004, 0.03, 1]])
    random.shuffle(p)
    order = np.argsort(p, kind="stable")
    n = len(p)
    holm, bh = np.empty(n), np.empty(n)
    holm[order] = [min(1, max((n - j) * p[order[j]] for j in range(i + 1))) for i in range(n)]
    bh[order] = [min(1, min(n * p[order[j]] / (j + 1) for j in range(i, n))) for i in range(n)]
    return {"p": p.tolist(), "bonferroni": np.minimum(1, n * p).tolist(), "holm": holm.tolist(), "benjaminiHochberg": bh.tolist()}


def algebra(random):
    root = random.normal(size=(12, 9))
    symmetric = root @ root.T + np.diag(np.arange(12) * 0.1)
    values, _ = linalg.eigh(symmetric)
    right = random.normal(size=12)
    basis, target = random.uniform(size=(20, 6)), random.normal(size=20)
    costs = random.uniform(size=(8, 8))
    rows, columns = optimize.linear_sum_assignment(costs)
    wide = random.normal(size=(15, 40))
    return {
        "symmetric": symmetric.ravel().tolist(), "eigenvalues": values[::-1].tolist(), "right": right.tolist(),
        "solution": linalg.solve(symmetric + 0.5 * np.eye(12), right).tolist(), "ridge": 0.5,
        "basis": basis.ravel().tolist(), "target": target.tolist(), "nonNegative": optimize.nnls(basis, target)[0].tolist(),
        "costs": costs.ravel().tolist(), "assignment": columns.tolist(), "cost": costs[rows, columns].sum(),
        "wide": wide.ravel().tolist(), "singular": linalg.svdvals(wide).tolist(),
    }


def factors(random):
    """A non-negative matrix of the kind that a layer gives: rank 6 and noise, half of it cut to zero."""
    n, c, r = 90, 40, 6
    a = np.maximum(0, random.gamma(0.7, size=(n, r)) @ random.gamma(0.5, size=(r, c)) + random.normal(0, 0.3, (n, c)) - 0.5)
    a = np.round(a, 4)
    model = NMF(r, init="nndsvd", solver="cd", tol=1e-9, max_iter=20000)
    u = model.fit_transform(a)
    error = np.linalg.norm(a - u @ model.components_)
    return {"rows": n, "columns": c, "rank": r, "values": a.ravel().tolist(), "error": error, "norm": np.linalg.norm(a)}


def main():
    random = np.random.default_rng(5)
    OUT.mkdir(exist_ok=True)
    for name, value in [("statistics", distributions() | samples(random) | {"intervals": intervals()} | multiplicity(random)),
                        ("algebra", algebra(random)), ("factors", factors(random))]:
        (OUT / f"{name}.json").write_text(json.dumps(value) + "\n")


if __name__ == "__main__":
    main()
