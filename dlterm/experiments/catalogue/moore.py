"""Moore's law: transistors on real chips since 1971, and how long they take to double.

Moore, "Cramming more components onto integrated circuits", Electronics, 1965, said every year; in 1975, every two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.course.shelf import shelf
from dlterm.drawing.views import Curves, Mark, Series, Table
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Whole

if TYPE_CHECKING:
    from typing import Any

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

KINDS = {"all": ("cpu", "gpu", "soc"), "cpu": ("cpu",), "gpu": ("gpu",)}  # wafers are in a class of their own
_SECONDS = 0.15  # that a chip is worth
_FEWEST = 3  # chips that a line is fitted to


class Moore(Experiment):
    """Chip after chip on a logarithmic axis, and the line that fits them best."""

    id = "moore"
    title = "Transistors double every two years"
    question = "How long did the number of transistors on a chip take to double, from 1971 to now?"
    chapter = "Why now"
    order = 10
    lesson = "why-now-hardware"
    predictions = (
        Prediction("one", "About one year, as Moore first said"),
        Prediction("two", "About two years, as he said ten years later"),
        Prediction("four", "About four years"),
        Prediction("slower", "Two years until 2005, more than three since then"),
    )
    confirmed = "two"
    claim = "A line through the logarithms of real chips doubles in 1.7 to 2.4 years"
    measures = (
        Measure("doubling", "time in which the fitted line doubles", "years", at_least=1.7, at_most=2.4),
        Measure("since_2005", "the same, of chips since 2005", "years"),
        Measure("chips", "chips in the table"),
        Measure("spread", "how far a chip lies from the line, in doublings (standard deviation)"),
    )
    budget = 1.0
    needed = 20
    sources = ("moore1965", "moore1975")
    reads = ("tables/chips.csv", "tables/chips.toml")

    kind = Choice("all", "the chips", tuple(KINDS))
    first = Whole(1971, "from this year on", low=1971, high=2005)

    def run(self, seed: int) -> Run:
        chips = [chip for chip in table() if chip["kind"] in KINDS[self.kind] and chip["year"] >= self.first]
        for count in range(1, len(chips) + 1):
            last = chips[count - 1]
            news = f"{last['year']}: {last['chip']}, {last['transistors']:,.0f} transistors"
            yield Moment(_views(chips[:count]), count / len(chips), news, linger=_SECONDS)
        slope, intercept = fit(chips)
        years, doublings = _places(chips)
        off = doublings - (slope * years + intercept)
        recent, _ = fit([chip for chip in chips if chip["year"] >= 2005])
        return {
            "doubling": 1 / slope,
            "since_2005": 1 / recent,
            "chips": len(chips),
            "spread": float(off.std()),
        }

    def why(self, measures: Measures) -> str:
        return (
            f"Over {measures['chips']:.0f} chips the line doubles every {measures['doubling']:.2f} years, since 2005 "
            f"every {measures['since_2005']:.2f}. Chips scatter around it by {measures['spread']:.1f} doublings, as "
            f"they differ in area and purpose; and a count of transistors is not yet a speed."
        )


def table() -> list[dict[str, Any]]:
    """The rows of the shelf's table of chips, by year."""
    rows = (row for row in shelf().tables["chips"].records() if row["transistors"] is not None)
    return sorted(rows, key=lambda row: (row["year"], row["transistors"]))


def fit(chips: list[dict[str, Any]]) -> tuple[float, float]:
    """Slope (doublings a year) and intercept of the least-squares line."""
    slope, intercept = np.polyfit(*_places(chips), 1)
    return float(slope), float(intercept)


def _places(chips: list[dict[str, Any]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    years = np.array([chip["year"] for chip in chips], np.float64)
    return years, np.log2([float(chip["transistors"]) for chip in chips])


def _views(chips: list[dict[str, Any]]) -> dict[str, View]:
    years, doublings = _places(chips)
    series = [
        Series(kind, years[chosen], 2 ** doublings[chosen], joined=False)
        for kind in KINDS["all"]
        if (chosen := np.array([chip["kind"] == kind for chip in chips])).any()
    ]
    if len(chips) >= _FEWEST and np.ptp(years) > 0:
        slope, intercept = fit(chips)
        ends = np.array([years[0], years[-1]])
        series.append(Series(f"doubles in {1 / slope:.2f} years", ends, 2 ** (slope * ends + intercept)))
    newest = chips[-1]
    mark = Mark(newest["year"], str(newest["chip"]), float(newest["transistors"]))
    rows = tuple(
        (chip["year"], str(chip["chip"]), f"{chip['transistors']:,}", str(chip["source"]))
        for chip in chips[-12:]
    )
    return {
        "chips": Curves(
            tuple(series), "year", "transistors", log_y=True, marks=(mark,), title="transistors on a chip"
        ),
        "table": Table(
            ("year", "chip", "transistors", "source"),
            rows,
            title="the newest of them, and where they are from",
        ),
    }
