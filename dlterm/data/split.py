"""Which examples are held out, and the scaling that is learned from those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The row numbers of the examples in each part, ascending; together every example once."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def split(dataset: Dataset, test: float, seed: int) -> Split:
    """Hold out the share `test` (0 to below 1) of the examples, chosen by `seed`.

    Of each class the same share is held out, to one example, and at least one example stays for training. A
    share above 0 holds out at least one example where that leaves every class one; 0 holds out none.
    """
    count = len(dataset.targets)
    strata = dataset.targets if dataset.task == "classification" else np.zeros(count, np.int64)
    _, strata, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    quotas = _quotas(sizes, test)

    shuffled = np.random.default_rng(seed).permutation(count)
    by_stratum = shuffled[np.argsort(strata[shuffled], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    place = np.arange(count) - np.repeat(starts, sizes)
    held_out = np.empty(count, np.bool_)
    held_out[by_stratum] = place < np.repeat(quotas, sizes)
    return Split(np.flatnonzero(~held_out), np.flatnonzero(held_out))


def _quotas(sizes: NDArray[np.int64], test: float) -> NDArray[np.int64]:
    """How many of each stratum to hold out: its share, by largest remainders, leaving each at least one."""
    shares = np.minimum(sizes * test, sizes - 1)
    quotas = shares.astype(np.int64)
    wanted = max(1, round(shares.sum())) if test else 0
    remainders = np.where(quotas < sizes - 1, shares - quotas, -1.0)
    for stratum in np.argsort(-remainders, kind="stable")[: wanted - quotas.sum()]:
        quotas[stratum] += remainders[stratum] >= 0
    return quotas


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """Standardises features: mean 0 and standard deviation 1 on the examples it was fitted to, gaps filled."""

    mean: NDArray[np.float64]  # [features], in the data's own units
    std: NDArray[np.float64]  # [features], in the data's own units; 1 for a constant feature
    fill: NDArray[np.float64]  # [features], what stands for a missing value, NaN

    @classmethod
    def fit(cls, inputs: NDArray[np.float32], *, median: bool = False) -> Scaler:
        """Learn from inputs [examples, features]: those of the training part only, or the test part leaks.

        A gap is filled with the mean, or the `median`, of the feature's values; with 0 where it has none.
        """
        fill = _middles(inputs, median=median)
        inputs = _filled(inputs, fill)
        # Rounding can leave a constant's deviation above 0 and its mean beside it.
        varies = inputs.max(axis=0) > inputs.min(axis=0)
        mean, std = inputs.mean(axis=0, dtype=np.float64), inputs.std(axis=0, dtype=np.float64)
        return cls(np.where(varies, mean, inputs[0]), np.where(varies, std, 1.0), fill)

    def only(self, features: NDArray[np.int64]) -> Scaler:
        """The scaler of some of the features, by their numbers from 0."""
        return Scaler(self.mean[features], self.std[features], self.fill[features])

    def filled(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inputs [examples, features] with their gaps filled, still in the data's own units."""
        return _filled(inputs, self.fill)

    def scale(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """From the data's own units to standard units, [examples, features]."""
        return ((self.filled(inputs) - self.mean) / self.std).astype(np.float32)


def _middles(inputs: NDArray[np.float32], *, median: bool) -> NDArray[np.float64]:
    """The mean or median of what is there of each feature."""
    middle = np.median if median else np.mean
    middles = middle(inputs.astype(np.float64), axis=0)
    for feature in np.flatnonzero(np.isnan(middles)):
        there = inputs[~np.isnan(inputs[:, feature]), feature]
        middles[feature] = middle(there.astype(np.float64)) if len(there) else 0.0
    return middles


def _filled(inputs: NDArray[np.float32], fill: NDArray[np.float64]) -> NDArray[np.float32]:
    gaps = np.isnan(inputs)
    return np.where(gaps, fill.astype(np.float32), inputs) if gaps.any() else inputs
