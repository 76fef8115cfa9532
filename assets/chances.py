"""Chances of counts under the binomial and the negative binomial distribution, and what they are worth in a crowd."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

# Less dispersion than that can't be distinguished from none (Poisson).
_LEAST_DISPERSION = 1e-6


def mid_p(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Returns P(X > count) + P(X = count) / 2 of a negative binomial X with that mean (> 0) and variance; same
    shapes.
    """
    dispersion = np.maximum((variance - mean) / np.square(mean), _LEAST_DISPERSION)
    size = 1.0 / dispersion
    share = mean / (mean + size)
    above = special.betainc(count + 1.0, size, share)
    above_or_equal = np.where(count > 0, special.betainc(np.maximum(count, 1.0), size, share), 1.0)
    p: Floats = (above + above_or_equal) / 2.0
    return p


def at_least(hits: int, trials: int, share: float) -> float:
    """Returns P(X >= hits) of a binomial X of that many trials, each of which hits with that share."""
    return float(special.betainc(hits, trials - hits + 1, share)) if hits else 1.0


def benjamini_hochberg(p: Floats, family_size: int) -> Floats:
    """Returns q-values of the smallest p-values of a family; the ones that are not given are taken as 1."""
    order = np.argsort(p, kind="stable")
    raw = p[order] * family_size / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q
