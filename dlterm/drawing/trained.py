"""What is to be seen of a network that was trained without a screen, as a lesson's figure asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from dlterm.drawing import views
from dlterm.drawing.chart import spans_a_decade

if TYPE_CHECKING:
    from dlterm.training.snapshot import Snapshot


def trained_view(snapshot: Snapshot, show: Literal["output", "network", "loss"]) -> views.View:
    """Return its answer over the plane, the network itself, or its losses over the epochs."""
    if show == "output":
        regression = snapshot.task == "regression"
        return views.Field(
            snapshot.field,
            snapshot.domain,
            snapshot.points,
            snapshot.target_range if regression else None,
        )
    if show == "network":
        return views.Network(
            snapshot.weights, snapshot.biases, snapshot.maps, snapshot.features, snapshot.classes
        )
    return _losses(snapshot)


def _losses(snapshot: Snapshot) -> views.Curves:
    curves = snapshot.curves
    assert curves is not None, "a network that was trained has a history"
    series = tuple(
        views.Series(f"{name} {losses[-1]:.3g}", curves.epochs, losses)
        for name, losses in (("train", curves.train_loss), ("test", curves.test_loss))
        if not np.isnan(losses).all()
    )
    log = spans_a_decade(curves.train_loss)
    return views.Curves(series, "epoch", "loss, on a log scale" if log else "loss", log_y=log)
