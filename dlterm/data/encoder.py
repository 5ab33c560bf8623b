"""From examples in the data's own units to what a network reads: scaled, and crossed with each other where wished."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dlterm.data.plane import Plane
    from dlterm.data.split import Scaler


class Feature(NamedTuple):
    """A number made of x1 and x2, an example's place in standard deviations from the mean along two axes."""

    label: str  # what stands for the axes' names: {0}, {1}
    formula: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
    axes: int = 2  # how many there must be


# The two sines have a period of two standard deviations: about 6 units of a generated set, whose own sines have 6.28.
FEATURES = MappingProxyType(
    {
        "x1": Feature("{0}", lambda x1, _: x1, axes=1),
        "x2": Feature("{1}", lambda _, x2: x2),
        "x1^2": Feature("{0}²", lambda x1, _: x1 * x1, axes=1),
        "x2^2": Feature("{1}²", lambda _, x2: x2 * x2),
        "x1x2": Feature("{0}·{1}", lambda x1, x2: x1 * x2),
        "sinx1": Feature("sin π{0}", lambda x1, _: np.sin(np.pi * x1), axes=1),
        "sinx2": Feature("sin π{1}", lambda _, x2: np.sin(np.pi * x2)),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """What a network reads of an example: every feature of the data, scaled; or only `features`, made of two axes."""

    scaler: Scaler
    features: tuple[str, ...] = ()  # of FEATURES
    directions: NDArray[np.float64] | None = (
        None  # [axes, features of the data]: see Plane; needed for `features`
    )

    @classmethod
    def of(cls, scaler: Scaler, features: Sequence[str], plane: Plane) -> Encoder:
        """The encoder of these features of a plane. Raises DltermError (usage) for x2 where the data have no second."""
        lacking = [name for name in features if FEATURES[name].axes > len(plane.names)]
        if lacking:
            raise DltermError(
                f"{lacking[0]} needs two features, and these data have one",
                hint="leave it out of the features",
                exit_code=ExitCode.USAGE,
            )
        return cls(scaler, tuple(features), plane.directions if features else None)

    def encode(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """From the data's own units [examples, features of the data] to the network's inputs, float32 in C order."""
        scaled = self.scaler.scale(np.asarray(inputs, np.float32))
        if self.directions is None:
            return np.ascontiguousarray(scaled)
        # Not BLAS: its sums depend on how many examples there are, and on the number of its threads.
        x1, *others = np.einsum("af,nf->an", self.directions, scaled)
        x2 = others[0] if others else x1
        return np.stack([FEATURES[name].formula(x1, x2) for name in self.features], axis=1).astype(np.float32)


def names(features: Sequence[str], axes: Sequence[str]) -> tuple[str, ...]:
    """What the features are called, after the names of the axes: "age²"."""
    return tuple(FEATURES[name].label.format(*axes) for name in features)
