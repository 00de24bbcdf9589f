"""Logistic regression on the Wisconsin breast-cancer data, fitted by scipy's L-BFGS with adgen's gradient.

What it shows: `value_and_grad` is what `scipy.optimize.minimize(jac=True)` wants: a float and a float64 vector.

    python examples/logistic.py
"""

import numpy as np

import adgen


@adgen.value_and_grad
def loss(w, x, signs, penalty):
    """Mean logistic loss of the margins, with a quadratic penalty; signs are +1 and -1."""
    margins = signs * (x @ w)
    return np.mean(np.logaddexp(0.0, -margins)) + 0.5 * penalty * np.sum(w * w)


def inputs(seed):
    rng = np.random.default_rng(seed)
    signs = np.where(rng.random(12) < 0.5, -1.0, 1.0)
    return {"w": rng.standard_normal(4), "x": rng.standard_normal((12, 4)), "signs": signs, "penalty": 0.01}


def load():
    """Standardised features with a column of ones, and signs: +1 is benign."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    return np.column_stack([x, np.ones(len(x))]), 2.0 * data.target - 1.0


def main():
    from scipy.optimize import minimize

    x, signs = load()
    order = np.random.default_rng(0).permutation(len(signs))
    learn, held = order[:400], order[400:]
    fit = minimize(loss, np.zeros(x.shape[1]), args=(x[learn], signs[learn], 1e-3), jac=True, method="L-BFGS-B")
    right = np.mean(np.sign(x[held] @ fit.x) == signs[held])
    print(f"{fit.message}: loss {fit.fun:.6f} after {fit.nit} iterations, {fit.nfev} gradients")
    print(f"largest entry of the last gradient {np.max(np.abs(fit.jac)):.1e}")
    print(f"held-out accuracy {100.0 * right:.2f} %")


if __name__ == "__main__":
    main()
