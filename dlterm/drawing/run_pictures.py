"""The pictures of a headless run: its rows as curves, its network as a decision boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.chart import loss_chart, spans_a_decade
from dlterm.drawing.field import field_frame
from dlterm.drawing.palette import DARK
from dlterm.training import picture
from dlterm.training.snapshot import Curves

if TYPE_CHECKING:
    from dlterm.drawing.depth import Depth
    from dlterm.drawing.frame import Frame
    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row


def loss_curves(rows: list[Row], task: str, columns: int, lines: int, depth: Depth) -> Frame:
    """Return the losses of the recorded epochs as a chart."""
    quality = "accuracy" if task == "classification" else "rmse"
    names = ("epoch", "train_loss", "test_loss", f"train_{quality}", f"test_{quality}")
    curves = Curves(
        *(np.array([row[name] for row in rows], np.float64) for name in names)
    )  # None becomes NaN
    log = spans_a_decade(curves.train_loss)
    return loss_chart(curves, columns, lines, DARK, quality, log=log, depth=depth)


def boundary(learner: Learner, columns: int, lines: int, depth: Depth) -> Frame:
    """Return what the network answers over the plane of the data, and the examples on it."""
    points = learner.points()
    domain = picture.domain(points)
    size = columns, 2 * lines  # two pixels a cell
    field = picture.field(learner, picture.plane(learner, domain, *size), *size)
    span = picture.target_range(learner) if learner.task == "regression" else None
    return field_frame(field, points, domain, columns, lines, DARK, depth=depth, target_range=span)
