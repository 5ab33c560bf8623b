"""A race as views: who leads, the table of all, their curves together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import views
from dlterm.drawing.chart import spans_a_decade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.views import Cell, Style
    from dlterm.training.race import RaceSnapshot
    from dlterm.training.racers import Standing

LETTERS = "ABCD"  # what contestants are called where there is no room for their names
STYLES: tuple[Style, ...] = ("train", "test", "negative", "positive")  # the colour of each, everywhere
LEADS = "▲"
_SHORT_UNITS = {"parameters": "par.", "support vectors": "vec.", "nodes": "nodes", "stored examples": "ex."}
_AS_IT_SHOULD = {True: "training", False: "trained"}  # of a network, of a classic model


@dataclass(frozen=True, slots=True)
class RaceChart:
    """What the curves of a race may show: `column` of `Curves`, and of a classic model that of its `Standing`."""

    id: str
    column: str
    title: str
    title_of_values: str
    short: str
    constant: str = ""

    def name(self, task: str, *, short: bool = False) -> str:
        """What it is called, where values are learned, and where there is little room."""
        return self.title_of_values if task == "regression" else self.short if short else self.title


CHARTS = (
    RaceChart("loss", "train_loss", "Loss", "Loss", "Loss"),
    RaceChart("held", "test_loss", "Test loss", "Test loss", "Test loss"),
    RaceChart("quality", "train_quality", "Accuracy", "RMSE", "Acc.", "train_quality"),
    RaceChart("tested", "test_quality", "Test accuracy", "Test RMSE", "Test acc.", "test_quality"),
)


def quality(standing: Standing) -> float | None:
    """By what a contestant is judged: on what is held out, or where nothing is on what it is trained on."""
    return standing.test_quality if standing.test_quality is not None else standing.train_quality


def quality_text(value: float | None, task: str) -> str:
    """An accuracy in percent, an RMSE in the target's units; "-" for none."""
    if value is None or not np.isfinite(value):
        return "-"
    return f"{value:.1%}" if task == "classification" else f"{value:.3g}"


def leaders(snapshot: RaceSnapshot) -> frozenset[int]:
    """The places of those that are best as far as is shown; none where all are alike, or nothing is known yet."""
    values = [quality(standing) for standing in snapshot.standings]
    sign = 1 if snapshot.task == "classification" else -1
    best = max((sign * value for value in values if value is not None and np.isfinite(value)), default=None)
    if best is None:
        return frozenset()
    shown = quality_text(sign * best, snapshot.task)
    found = frozenset(k for k, value in enumerate(values) if quality_text(value, snapshot.task) == shown)
    return found if len(found) < len(values) else frozenset()


def columns(task: str) -> tuple[str, ...]:
    """The names of the table's columns; what can best be left out is at the right."""
    measure = "accuracy" if task == "classification" else "RMSE"
    return f"test {measure}", f"train {measure}", "time", "size", "epochs", "status"


def cells(standing: Standing, task: str, *, short: bool = False) -> tuple[str, ...]:
    """A contestant's row of the table, without its name; `short`: the unit of its size in few letters."""
    size = f"{standing.size:,} {_SHORT_UNITS[standing.size_name] if short else standing.size_name}"
    return (
        quality_text(standing.test_quality, task),
        quality_text(standing.train_quality, task),
        duration(standing.seconds) if standing.seconds else "-",
        size if standing.size else "-",
        f"{standing.epochs:,.0f}" if standing.model == "network" else "-",
        "" if standing.status == _AS_IT_SHOULD[standing.model == "network"] else standing.status,
    )


def short_name(name: str) -> str:
    """The values alone: `sgd` of `optimizer=sgd`."""
    return " ".join(word.partition("=")[2] or word for word in name.split())


def duration(seconds: float) -> str:
    """Seconds in three digits, with the unit that suits them."""
    if seconds < 1:
        return f"{1e3 * seconds:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:,.0f} s"


def standings_table(snapshot: RaceSnapshot) -> views.Table:
    """Every contestant's row; whoever leads is marked before its name."""
    lead = leaders(snapshot)
    rows: list[tuple[Cell, ...]] = [
        (LEADS if k in lead else "", standing.name, *cells(standing, snapshot.task))
        for k, standing in enumerate(snapshot.standings)
    ]
    return views.Table(("", "contestant", *columns(snapshot.task)), tuple(rows))


def curves(
    snapshot: RaceSnapshot, chart: RaceChart, *, log: bool = True, letters: bool = False
) -> views.View:
    """The contestants' curves over one pair of axes, a classic model's quality as a level line; named or by letters."""
    series = tuple(_series(snapshot, chart, letters=letters))
    if not series:
        known = "accuracy" if snapshot.task == "classification" else "RMSE"
        none = (
            "Nothing is held out."
            if chart.column.startswith("test")
            else f"Classic models have only {known}."
        )
        return views.Text((views.Line(none, "muted"),))
    shares = chart.constant and snapshot.task == "classification"
    log = log and not shares and any(spans_a_decade(np.asarray(each.y, np.float64)) for each in series)
    label = "%" if shares else "log scale" if log else ""
    return views.Curves(series, y_label=label, log_y=log, y_most=100.0 if shares else None)


def _series(snapshot: RaceSnapshot, chart: RaceChart, *, letters: bool) -> Iterator[views.Series]:
    scale = 100.0 if chart.constant and snapshot.task == "classification" else 1.0
    end = max((standing.epochs for standing in snapshot.standings), default=0.0) or 1.0
    for letter, style, standing in zip(LETTERS, STYLES, snapshot.standings, strict=False):
        name = letter if letters else f"{letter} {standing.name}"
        found = standing.curves
        if found is not None:
            x, y = found.epochs, getattr(found, chart.column)
        elif chart.constant and (value := getattr(standing, chart.constant)) is not None:
            x, y = np.array([0.0, end]), np.array([value, value])
        else:
            continue
        if len(x) and not np.isnan(y).all():
            yield views.Series(name, x, scale * y, style=style)
