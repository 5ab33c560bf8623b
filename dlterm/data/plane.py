"""The plane that a picture of data shows: two axes through the mean of the training part."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.data.split import Scaler

PCA = "pca"
_EXAMPLES, _FEATURES = 10_000, 1_000  # the most that components are found from
_NO_SPREAD = 1e-5  # what rounding leaves where examples do not differ


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Two axes, or one where there is one feature. An axis is a feature in its own units, or a principal component.

    `directions` [axes, features] take scaled examples to their places in standard deviations along each axis; a place's
    coordinate is `centre + spread * deviations`.
    """

    names: tuple[str, ...]
    directions: NDArray[np.float64]
    centre: NDArray[np.float64]  # [axes]
    spread: NDArray[np.float64]  # [axes]
    scaler: Scaler
    note: str = ""  # what is worth knowing of it, one line

    @classmethod
    def of_features(cls, numbers: Sequence[int], features: Sequence[str], scaler: Scaler) -> Plane:
        """The plane of two features, or the line of one, of these numbers from 0."""
        columns = list(numbers)
        directions = np.zeros((len(columns), len(features)))
        directions[range(len(columns)), columns] = 1.0
        names = tuple(features[number] for number in columns)
        return cls(names, directions, scaler.mean[columns], scaler.std[columns], scaler)

    @classmethod
    def of_components(cls, inputs: NDArray[np.float32], scaler: Scaler) -> Plane:
        """The plane in which scaled examples [examples, features] of the training part spread most: PC1 and PC2.

        Pearson, "On lines and planes of closest fit to systems of points in space", 1901. A component points where its
        largest part is positive. Of more than 10,000 examples as many are looked at, evenly spaced; of more than 1,000
        features 1,000 examples.
        """
        scaled = scaler.scale(inputs)
        components = _components(scaled)
        spread = np.einsum("af,nf->an", components, scaled).std(axis=1)
        share = float((spread**2).sum() / max(scaled.var(axis=0, dtype=np.float64).sum(), 1e-12))
        spread = np.where(spread > _NO_SPREAD, spread, 1.0)
        names = tuple(f"PC{number}" for number in range(1, len(components) + 1))
        note = f"axes: {' and '.join(names)}, with {share:.0%} of the variance of the scaled features"
        return cls(names, components / spread[:, None], np.zeros(len(components)), spread, scaler, note)

    def coordinates(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where examples in the data's own units lie: [examples, 2]; the second is 0 where there is one axis."""
        used = np.flatnonzero(self.directions.any(axis=0))  # two features of perhaps thousands
        scaled = self.scaler.only(used).scale(inputs[:, used])
        deviations = np.einsum("af,nf->na", self.directions[:, used], scaled)
        found = np.zeros((len(inputs), 2), np.float32)
        found[:, : len(self.names)] = self.centre + self.spread * deviations
        return found

    def inputs(self, coordinates: NDArray[Any]) -> NDArray[np.float32]:
        """Examples in the data's own units that lie there [places, 2]: across the plane, features are at their mean."""
        deviations = (coordinates[:, : len(self.names)] - self.centre) / self.spread
        back = self.directions / (self.directions**2).sum(axis=1, keepdims=True)
        return (self.scaler.mean + self.scaler.std * (deviations @ back)).astype(np.float32)


def plane_of(
    axes: Sequence[str], features: Sequence[str], inputs: NDArray[np.float32], scaler: Scaler
) -> Plane:
    """The plane of two features by name, of `pca`, or without a word of the first two features.

    `inputs` are the training part's. A name may be cut short, and _ stand for a space. Raises DltermError (usage) where
    no feature or more than one is meant.
    """
    if tuple(axes) == (PCA,):
        return Plane.of_components(inputs, scaler)
    numbers = [_find(name, features) for name in axes] or list(range(min(2, len(features))))
    if len(set(numbers)) < len(numbers):
        raise DltermError(
            f"the axes {safe(' and '.join(axes), limit=80)} are one feature",
            hint="name two",
            exit_code=ExitCode.USAGE,
        )
    return Plane.of_features(numbers, features, scaler)


def _find(name: str, features: Sequence[str]) -> int:
    """The number of the feature that is meant: of this name, or the only one that begins so."""
    known = [_plain(feature) for feature in features]
    wanted = _plain(name)
    found = [k for k, feature in enumerate(known) if feature == wanted]
    found = found or [k for k, feature in enumerate(known) if feature.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    shown = safe(name, limit=60)
    if found:
        problem, near = f'the axis "{shown}" may be one of several features', [features[k] for k in found]
    else:
        problem = f'no feature is named "{shown}", as an axis is'
        near = [features[known.index(close)] for close in get_close_matches(wanted, known, n=1)] or list(
            features
        )
    raise DltermError(
        problem,
        hint=safe(f"they are {', '.join(near[:20])}{', ...' * (len(near) > 20)}"),
        exit_code=ExitCode.USAGE,
    )


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _components(scaled: NDArray[np.float32]) -> NDArray[np.float64]:
    """The first two principal components [2 or fewer, features] of examples whose mean is 0."""
    features = scaled.shape[1]
    most = min(len(scaled), _EXAMPLES if features <= _FEATURES else _FEATURES)
    rows = scaled[np.linspace(0, len(scaled) - 1, most).astype(np.int64)].astype(np.float64)
    # Of the smaller of two products: of 225 examples with 9,999 features that takes 0.1 s, and an SVD 11 s.
    if most < features:
        _, vectors = np.linalg.eigh(rows @ rows.T)
        components = np.linalg.qr(rows.T @ vectors[:, :-3:-1])[0].T
    else:
        _, vectors = np.linalg.eigh(rows.T @ rows)
        components = vectors[:, :-3:-1].T
    largest = np.abs(components).argmax(axis=1)
    # Rounded: with one BLAS thread the last bits are others than with two, and a recipe gives one run.
    return np.round(components * np.sign(components[np.arange(len(components)), largest])[:, None], 6)
