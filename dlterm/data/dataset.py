"""A data set: inputs, targets and their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Task = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column that features are made of: a number as it is, or a text as one feature for each of its levels."""

    name: str
    levels: tuple[str, ...] | None = None  # None: numbers; "": a missing text


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Examples in the data's own units, unscaled. Every name is safe to show on a terminal."""

    name: str
    inputs: NDArray[np.float32]  # [examples, features], C order; NaN: missing, to be filled
    targets: NDArray[np.int64] | NDArray[np.float32]  # [examples]: class numbers from 0, or values
    task: Task
    features: tuple[str, ...]  # one name a column of `inputs`: "age", "colour=red"
    classes: tuple[str, ...]  # the name of each class number; () for regression
    target: str  # the name of what is predicted
    notes: tuple[str, ...] = ()  # what was inferred from the source, one line each, for the reader
    columns: tuple[SourceColumn, ...] = ()  # of a file, what the features are made of
    image: tuple[int, int, int] | None = (
        None  # channels, height, width, where the features are pixels, row by row
    )

    @property
    def sources(self) -> tuple[SourceColumn, ...]:
        """The columns that the features are made of: those of the file, or without one every feature itself."""
        return self.columns or tuple(SourceColumn(name) for name in self.features)
