"""Numbers along the way of a run, as curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Curves, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlterm.drawing.views import Mark


class Track:
    """Curves that grow, each with a name and in the order in which they were begun."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[list[float], list[float]]] = {}

    def add(self, x: float, **values: float | None) -> None:
        """Record numbers by name; None is a gap."""
        self.put(x, values)

    def put(self, x: float, values: Mapping[str, float | None]) -> None:
        """As `add`, for names that are no words."""
        for name, value in values.items():
            across, up = self._places.setdefault(name, ([], []))
            across.append(x)
            up.append(np.nan if value is None else value)

    def last(self, name: str) -> float:
        """The newest number of a curve. Raises KeyError where there is none."""
        return self._places[name][1][-1]

    def values(self, name: str) -> list[float]:
        """All numbers of a curve."""
        return list(self._places[name][1])

    def series(self) -> tuple[Series, ...]:
        """The curves by now, as copies."""
        return tuple(Series(name, np.array(x), np.array(y)) for name, (x, y) in self._places.items())

    def curves(
        self,
        x_label: str = "",
        y_label: str = "",
        *,
        title: str = "",
        log_x: bool = False,
        log_y: bool = False,
        marks: Sequence[Mark] = (),
    ) -> Curves:
        """A view of them all."""
        return Curves(self.series(), x_label, y_label, log_x, log_y, tuple(marks), title=title)
