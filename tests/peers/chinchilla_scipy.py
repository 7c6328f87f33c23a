#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the refit of Hoffmann et al.'s runs as the notebook of Besiroglu et al. 2024 does it.

  grid       L-BFGS-B with a numeric gradient from the 4,500 starts (raw a, b, e, alpha, beta); every
             20th start is run and the time is multiplied
  bootstrap  BFGS with an autograd gradient from the Hoffmann parameters; 25 of 4,000 resamples are
             run and the time is multiplied

usage: chinchilla_scipy.py chinchilla_n245.csv      (numpy, scipy, autograd; CPU seconds, one thread)
"""
import csv
import itertools
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import autograd.numpy as anp
import numpy as np
from autograd import grad
from autograd.scipy.special import logsumexp
from scipy.optimize import minimize
from scipy.special import logsumexp as np_logsumexp

DELTA = 1e-3

with open(sys.argv[1], encoding="utf-8") as file:
    rows = [r for r in csv.DictReader(file) if r["use_in_main_fit"] == "1"]
N = np.array([float(r["params_N"]) for r in rows])
D = np.array([float(r["tokens_D"]) for r in rows])
L = np.array([float(r["loss"]) for r in rows])
log_n, log_d, log_l = np.log(N), np.log(D), np.log(L)


def huber_sum(residuals, np_):
    size = np_.abs(residuals)
    return np_.sum(np_.where(size <= DELTA, 0.5 * residuals**2, DELTA * (size - 0.5 * DELTA)))


def cost(p):
    a, b, e, alpha, beta = p
    terms = np.stack([a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)])
    return huber_sum(log_l - np_logsumexp(terms, axis=0), np)


def grid():
    starts = list(itertools.product(np.arange(0, 30, 5), np.arange(0, 30, 5), np.arange(-1, 1.5, 0.5),
                                    np.arange(0, 2.5, 0.5), np.arange(0, 2.5, 0.5)))
    assert len(starts) == 4500
    some = starts[::20]
    begin = time.process_time()
    best = min((minimize(cost, s, method="L-BFGS-B") for s in some), key=lambda r: r.fun)
    seconds = (time.process_time() - begin) * len(starts) / len(some)
    print(f"grid of 4500 starts: {seconds:.1f} s (from {len(some)}), best cost {best.fun:.12g}")


def bootstrap(replicates=25):
    rng = np.random.RandomState(42)
    start = np.array([6.0073404, 6.0179186, 0.5267228, 0.33917084, 0.2849083])
    begin = time.process_time()
    alphas = []
    for _ in range(replicates):
        pick = rng.choice(len(log_n), len(log_n), replace=True)
        n, d, l = log_n[pick], log_d[pick], log_l[pick]

        def resampled(p, n=n, d=d, l=l):
            terms = anp.stack([p[0] - p[3] * n, p[1] - p[4] * d, p[2] + 0 * n])
            return huber_sum(l - logsumexp(terms, axis=0), anp)

        alphas.append(minimize(resampled, start, method="BFGS", jac=grad(resampled)).x[3])
    seconds = (time.process_time() - begin) * 4000 / replicates
    print(f"4000 bootstraps: {seconds:.1f} s (from {replicates}), mean alpha {np.mean(alphas):.4f}")


grid()
bootstrap()
