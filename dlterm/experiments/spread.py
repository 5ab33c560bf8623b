"""Numbers measured several times over, such as the accuracies on several draws of the data: means and spreads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Curves, Series, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.views import Cell


class Spread:
    """Shares of 1 by way and by place, such as the number of examples, of each as many as were drawn."""

    def __init__(self, ways: Mapping[str, str]) -> None:
        """`ways` are their titles by name."""
        self._titles = ways
        self._found: dict[str, dict[int, list[float]]] = {way: {} for way in ways}

    def add(self, way: str, place: int, share: float) -> None:
        """Record what was measured once."""
        self._found[way].setdefault(place, []).append(share)

    def means(self, way: str) -> NDArray[np.float64]:
        """The means of a way, place by place: [places]."""
        return np.array([np.mean(draws) for draws in self._found[way].values()])

    def curves(self, x_label: str, y_label: str, title: str) -> Curves:
        """The means over the places, joined, with an upright stroke at each from its lowest to its highest."""
        series = (self._series(way) for way in self._titles)
        return Curves(tuple(series), x_label, y_label, log_x=True, title=title)

    def table(self, x_label: str, title: str) -> Table:
        """A row a place with the means in per cent, and from which to which they were measured."""
        places = {place: None for found in self._found.values() for place in found}
        rows: list[tuple[Cell, ...]] = [
            (place, *(_told(found.get(place, [])) for found in self._found.values())) for place in places
        ]
        return Table((x_label, *self._titles.values()), tuple(rows), title=title)

    def _series(self, way: str) -> Series:
        found = self._found[way]
        strokes = [(np.mean(draws), min(draws), max(draws), np.mean(draws)) for draws in found.values()]
        x = np.repeat(np.array([*found], np.float64), 4)
        return Series(self._titles[way], x, np.array(strokes, np.float64).ravel())


def crossing(places: Sequence[int], ahead: NDArray[np.floating]) -> float:
    """From which place on `ahead` [places] stays above 0, on a line over their logarithm; 0 where it does not."""
    behind = np.flatnonzero(ahead <= 0)
    if not len(behind):
        return float(places[0])
    last = int(behind[-1])
    if last == len(places) - 1:
        return 0.0
    share = ahead[last] / (ahead[last] - ahead[last + 1])
    return float(places[last] * (places[last + 1] / places[last]) ** share)


def _told(draws: Sequence[float]) -> str:
    if not draws:
        return ""
    spread = f" ({100 * min(draws):.0f}-{100 * max(draws):.0f})" if len(draws) > 1 else ""
    return f"{100 * np.mean(draws):.1f}{spread}"
