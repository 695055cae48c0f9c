#!/usr/bin/env python3
"""Writes Tests/Fixtures/concepts/vectors.json: directions between two sets of vectors by scikit-learn, for tests of the program's own, and
Welch's t-test by SciPy.

scikit-learn's C is 1/(n α) where the program has α, and its features come centred and divided by one number, as the program does it. Its
LinearSVC adds a column to the features whose weight is the intercept and penalises that weight; a column of 1e3 leaves a millionth of it.

Needs Debian's python3-sklearn: /usr/bin/python3 scripts/make_concept_goldens.py
"""

import json
import pathlib

import numpy as np
from scipy.stats import ttest_ind
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "concepts" / "vectors.json"


def case(name, random, n, features, apart, alpha, scale):
    sides = np.array([1] * n + [-1] * (n + 3))
    shift = random.normal(size=features) * apart
    x = ((random.normal(size=(len(sides), features)) + 0.5 * np.outer(sides, shift)) * scale + 7 * scale).astype(np.float32)
    x64 = x.astype(np.float64)
    centred = x64 - x64.mean(0)
    unit = centred / np.sqrt((centred**2).mean())
    c = 1 / (len(sides) * alpha)
    logistic = LogisticRegression(C=c, tol=1e-7, max_iter=1000, solver="newton-cg").fit(unit, sides)
    svm = LinearSVC(C=c, loss="squared_hinge", dual=False, tol=1e-10, max_iter=100_000, intercept_scaling=1e3).fit(unit, sides)
    return {
        "name": name, "features": features, "alpha": alpha, "sides": sides.tolist(), "values": [float(f"{v:.9g}") for v in x.ravel()],
        "logistic": logistic.coef_[0].tolist(), "logisticIntercept": float(logistic.intercept_[0]),
        "svm": svm.coef_[0].tolist(), "svmIntercept": float(svm.intercept_[0]),
    }


def main():
    random = np.random.default_rng(5)
    cases = [
        case("few features, overlapping", random, 20, 4, 0.6, 0.01, 1.0),
        case("more features than vectors", random, 12, 60, 0.5, 0.01, 0.003),
        case("large penalty", random, 15, 8, 1.0, 3.0, 400.0),
        case("small penalty, apart", random, 10, 30, 2.0, 0.0001, 1.0),
    ]
    a, b = random.normal(0.6, 0.05, 8), random.normal(0.5, 0.3, 40)
    welch = ttest_ind(a, b, equal_var=False)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"cases": cases, "a": a.tolist(), "b": b.tolist(), "t": welch.statistic, "p": welch.pvalue}) + "\n")


if __name__ == "__main__":
    main()
