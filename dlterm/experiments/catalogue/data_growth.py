"""The growth of data: what the course's tables hold of it, each figure with the place it is from."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.course.shelf import shelf
from dlterm.drawing.views import Curves, Series, Table
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

MADE, DISKS = "Data made or copied in the year", "Price of hard disks"
_SECONDS = 0.3  # that a figure is worth


class DataGrowth(Experiment):
    """Data made, people online, prices and data sets, point by point, each with its source."""

    id = "data-growth"
    title = "Data, year by year"
    question = "From 2013 to 2020: in how many years did the data made or copied in a year double?"
    chapter = "Why now"
    order = 20
    lesson = "why-now-data"
    predictions = (
        Prediction("half", "Every six months"),
        Prediction("two", "About every two years"),
        Prediction("five", "About every five years"),
        Prediction("ten", "About every ten years"),
    )
    confirmed = "two"
    claim = "Data doubled every 1.5 to 2.5 years from 2013 to 2020, and every figure has a source that the shelf knows"
    measures = (
        Measure(
            "doubling",
            "years in which the data of a year doubled, 2013 to 2020",
            "years",
            at_least=1.5,
            at_most=2.5,
        ),
        Measure("unsourced", "figures without a source that the shelf knows", at_most=0),
        Measure("figures", "figures in the tables"),
        Measure("disks", "years in which the price of a gigabyte of disk halved", "years"),
    )
    budget = 1.0
    needed = 20
    sources = ("idc2014", "idc2021")
    reads = ("tables/data-growth.csv", "tables/datasets.csv", "sources.toml")

    forecasts = Switch(False, "fit forecasts, too")

    def run(self, seed: int) -> Run:
        rows = figures()
        for count in range(1, len(rows) + 1):
            row = rows[count - 1]
            news = f"{row['year']}: {row['what']}: {row['value']:g} {row['unit']} ({row['source']})"
            yield Moment(_views(rows[:count]), count / len(rows), news, linger=_SECONDS)
        made = [row for row in rows if row["what"] == MADE and (self.forecasts or not row["forecast"])]
        disks = [row for row in rows if row["what"] == DISKS]
        known = shelf().sources
        unsourced = [row for row in rows if not row["source"] or set(row["source"].split()) - known.keys()]
        return {
            "doubling": 1 / slope(made),
            "unsourced": len(unsourced),
            "figures": len(rows),
            "disks": -1 / slope(disks),
        }

    def why(self, measures: Measures) -> str:
        count, lacking = measures["figures"], measures["unsourced"]
        sourced = (
            f"{lacking:.0f} of {count:.0f} figures lack a source"
            if lacking
            else f"All {count:.0f} name a source"
        )
        return (
            f"The data of a year doubled in {measures['doubling']:.1f} years, while a gigabyte of disk took "
            f"{measures['disks']:.1f} to halve in price. {sourced}. Of what was made or copied in 2020 about 2 % was "
            f"kept, and the estimators changed their ways of counting: read the growth, not the digits."
        )


def figures() -> list[dict[str, Any]]:
    """Every figure of the tables: what, year, value, unit, source, and whether it is a forecast; by year."""
    rows = [
        {
            "what": row["measure"],
            "forecast": "forecast" in str(row["notes"]).lower(),
            **{name: row[name] for name in ("year", "value", "unit", "source")},
        }
        for row in shelf().tables["data-growth"].records()
    ]
    sets = (row for row in shelf().tables["datasets"].records() if row["examples"] is not None)
    rows += [
        {
            "what": "Examples in a data set",
            "forecast": False,
            "value": row["examples"],
            "unit": f"examples, {row['name']}",
            **{name: row[name] for name in ("year", "source")},
        }
        for row in sets
    ]
    return sorted(rows, key=lambda row: (row["year"], row["what"]))


def slope(rows: Sequence[dict[str, Any]]) -> float:
    """Doublings a year, by least squares."""
    years, values = ([float(row[name]) for row in rows] for name in ("year", "value"))
    return float(np.polyfit(years, np.log2(values), 1)[0])


def _views(rows: list[dict[str, Any]]) -> dict[str, View]:
    by_name = sorted(rows, key=lambda row: (row["what"], row["year"]))
    groups = {what: list(group) for what, group in groupby(by_name, key=lambda row: row["what"])}
    sets = groups.pop("Examples in a data set", [])
    told = tuple(
        (row["year"], str(row["what"]), f"{row['value']:g} {row['unit']}", str(row["source"]))
        for row in rows[-12:]
    )
    growth = tuple(_series(what, group) for what, group in groups.items())
    return {
        "growth": Curves(growth, "year", "each in its own unit", log_y=True, title="data, people, prices"),
        "sets": Curves(
            (_series("data sets", sets),), "year", "examples", log_y=True, title="examples in a data set"
        ),
        "figures": Table(
            ("year", "what", "how much", "source"), told, title="the newest of them, and where they are from"
        ),
    }


def _series(name: str, rows: list[dict[str, Any]]) -> Series:
    years, values = (np.array([float(row[key]) for row in rows]) for key in ("year", "value"))
    return Series(name, years, values, joined=False)
