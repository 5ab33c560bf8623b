"""A lesson's figures as views; one that trains is drawn by whoever trains it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlterm.course import figures
from dlterm.course.shelf import SOURCE_COLUMN
from dlterm.drawing import views
from dlterm.drawing.table_chart import chart, history

if TYPE_CHECKING:
    from dlterm.course.shelf import Shelf


def figure_view(figure: figures.Figure, shelf: Shelf) -> views.View | None:
    """Return the view of a figure, None for one that trains. The figure has no faults on this shelf."""
    match figure:
        case figures.Chart():
            return chart(shelf.tables[figure.table])
        case figures.Table():
            return _table(figure, shelf)
        case figures.Timeline():
            return history(shelf.tables["timeline"], figure.first, figure.last)
        case figures.Bars():
            return views.Bars(figure.labels, np.array(figure.values, np.float64), figure.unit, figure.log)
        case figures.Network():
            return _network(figure)
        case figures.Flow():
            return views.Flow(figure.boxes)
    return None


def _table(figure: figures.Table, shelf: Shelf) -> views.Table:
    table = shelf.tables[figure.table]
    names = figure.columns or tuple(name for name in table.columns if name != SOURCE_COLUMN)
    first = table.columns[0]
    rows = [row for row in table.records() if not figure.rows or str(row[first]) in figure.rows]
    return views.Table(
        tuple(name.replace("_", " ") for name in names),
        tuple(tuple(row[name] for name in names) for row in rows),
    )


def _network(figure: figures.Network) -> views.Network:
    """Return a diagram: weights of one size, whose signs alternate so that they are told apart."""
    weights = tuple(
        np.where(np.add.outer(np.arange(after), np.arange(before)) % 2, -0.5, 0.5).astype(np.float32)
        for before, after in pairwise(figure.layers)
    )
    biases = tuple(np.zeros(units, np.float32) for units in figure.layers[1:])
    return views.Network(weights, biases, title=" → ".join(figure.words))
