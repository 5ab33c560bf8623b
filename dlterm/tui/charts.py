"""The charts of the lab: what there is to choose from, and how each is made of a snapshot. It knows no Textual."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import views
from dlterm.drawing.chart import spans_a_decade
from dlterm.training.assessment import Assessment
from dlterm.tui import describe, outlook
from dlterm.tui.example import example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from dlterm.training.snapshot import Curves, LayerLens, Snapshot
    from dlterm.training.snapshot import Histogram as Counts

NAMED = ("output.choose", "lab.landscape", "lab.directions")  # actions whose keys are told in charts
_NEVER = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader has chosen beside the chart: the scale, the neuron, the first unit and layer in sight."""

    log: bool = True
    neuron: describe.Neuron | None = None
    first: tuple[int, int] = (0, 0)
    keys: Mapping[str, str] = field(default_factory=dict)  # of the actions that are NAMED
    cursor: tuple[float, float] | None = None  # shares of the width and of the height


@dataclass(frozen=True, slots=True)
class Chart:
    """One way to look at a run. `lens`: it needs `Snapshot.lens`; `fits`: whether it says anything of this data.

    `tell`: a cursor goes over it, and this is told of the place.
    """

    id: str
    title: str
    view: Callable[[Snapshot, Choices], views.View]
    lens: bool = False
    fits: Callable[[Snapshot], bool] = lambda _: True
    tell: Callable[[Snapshot, tuple[float, float] | None], str] | None = None


def fitting(snapshot: Snapshot) -> list[Chart]:
    """The charts that say something of a snapshot, in their order."""
    return [chart for chart in CHARTS if chart.fits(snapshot)]


def drawable(chart: Chart, snapshot: Snapshot, choices: Choices) -> views.View:
    """What a chart shows; while the lens is not there yet, that."""
    if chart.lens and snapshot.lens is None:
        return _words("looking …")
    with np.errstate(all="ignore"):  # the numbers of a run that diverges may be anything
        return chart.view(snapshot, choices)


def _loss(snapshot: Snapshot, choices: Choices) -> views.View:
    curves = snapshot.curves
    if curves is None or not len(curves.epochs):
        return _words("no epoch yet")
    log = choices.log and spans_a_decade(curves.train_loss)
    return views.Curves(
        tuple(
            views.Series(f"{part} {number:.4g}", curves.epochs, losses)
            for part, losses, number in _parts(snapshot, curves, "loss", "loss")
        )
        + tuple(
            views.Series(branch.name, branch.curves.epochs, branch.curves.train_loss, style="muted")
            for branch in snapshot.other_curves
        ),
        y_label="log scale" if log else "",
        log_y=log,
        marks=_moment(snapshot),
    )


def _quality(snapshot: Snapshot, choices: Choices) -> views.View:
    curves = snapshot.curves
    if curves is None or not len(curves.epochs):
        return _words("no epoch yet")
    shares = snapshot.task == "classification"
    log = choices.log and not shares and spans_a_decade(curves.train_quality)
    scale, unit, digits = (100.0, " %", ".1f") if shares else (1.0, "", ".4g")
    series = tuple(
        views.Series(f"{part} {scale * number:{digits}}{unit}", curves.epochs, scale * values)
        for part, values, number in _parts(snapshot, curves, "quality", "accuracy" if shares else "rmse")
    )
    most = scale if shares else None
    return views.Curves(
        series, y_label="log scale" if log else "", log_y=log, marks=_moment(snapshot), y_most=most
    )


def _parts(
    snapshot: Snapshot, curves: Curves, column: str, measure: str
) -> Iterator[tuple[str, NDArray[np.float64], float]]:
    """Each part of the examples, its curve, and the number at the moment that is shown."""
    for part in ("train", "test"):
        values = getattr(curves, f"{part}_{column}")
        if not np.isnan(values).all():
            here = getattr(snapshot.metrics, f"{part}_{measure}", None) if snapshot.is_past else None
            yield part, values, values[-1] if here is None else here


def _moment(snapshot: Snapshot) -> tuple[views.Mark, ...]:
    """The moment that is shown, where it is not the newest."""
    return (views.Mark(snapshot.epochs, "here"),) if snapshot.is_past else ()


def _confusion(snapshot: Snapshot, _: Choices) -> views.View:
    scores = _assessed(snapshot).scores
    names = tuple(describe.class_name(snapshot, place) for place in range(len(snapshot.classes)))
    title = f"{_part(snapshot)}: in rows what they are, in columns what they are taken for"
    return views.HeatMap(scores.confusion, names, names, title=title)  # type: ignore[union-attr]


def _roc(snapshot: Snapshot, _: Choices) -> views.View:
    found = _assessed(snapshot)
    if found.roc is None:
        return _words(f"{_part(snapshot)}: all of one class, so there is nothing to tell apart")
    (true_negatives, false_positives), (false_negatives, true_positives) = found.scores.confusion.tolist()  # type: ignore[union-attr]
    here = views.Mark(
        false_positives / (true_negatives + false_positives),
        "as it decides",
        true_positives / (false_negatives + true_positives),
    )
    return views.Curves(
        (
            views.Series(f"AUC {found.roc.auc:.3f}", found.roc.false_positives, found.roc.true_positives),
            views.Series("chance", _NEVER, _NEVER, style="muted"),
        ),
        x_label=f"of class {describe.class_name(snapshot, 0)}, taken for the other: false positives",
        y_label=f"of class {describe.class_name(snapshot, 1)}, found",
        marks=(here,),
        y_most=1.0,
    )


def _calibration(snapshot: Snapshot, _: Choices) -> views.View:
    found = _assessed(snapshot).calibration
    assert found is not None, "only classifiers have this chart"
    sure = np.array([1 / len(snapshot.classes), 1.0])
    return views.Curves(
        (
            views.Series(f"error {found.error:.3f}", found.confidence, found.accuracy, joined=False),
            views.Series("as sure as right", sure, sure, style="muted"),
            views.Series("", found.confidence, found.accuracy, style="train"),
        ),
        x_label="how sure it is",
        y_label="how often it is right",
        y_most=1.0,
    )


def _weights(snapshot: Snapshot, _: Choices) -> views.View:
    return _histograms(
        snapshot, "{} weights", lambda layer: (layer.weights, f"{layer.weights.counts.sum():,}")
    )


def _gradients(snapshot: Snapshot, _: Choices) -> views.View:
    return _histograms(snapshot, "norm {}", lambda layer: (layer.gradients, f"{layer.gradient_norm:.2g}"))


def _histograms(snapshot: Snapshot, note: str, what: Callable[[LayerLens], tuple[Counts, str]]) -> views.View:
    assert snapshot.lens is not None, "see drawable"
    return views.Histograms(tuple(_named(snapshot.lens.layers, note, what)))


def _named(
    layers: tuple[LayerLens, ...], note: str, what: Callable[[LayerLens], tuple[Counts, str]]
) -> Iterator[views.Histogram]:
    for place, layer in enumerate(layers, 1):
        counts, number = what(layer)
        name = f"layer {place}" if place < len(layers) else "output"
        yield views.Histogram(name, counts.edges, counts.counts, note.format(number), number)


def _landscape(snapshot: Snapshot, choices: Choices) -> views.View:
    return outlook.landscape(snapshot, choices.cursor, choices.keys, log=choices.log)


def _example(snapshot: Snapshot, choices: Choices) -> views.View:
    assert snapshot.lens is not None, "see drawable"
    if snapshot.lens.example is None:
        return _words(
            "No example is chosen: click a point of the output,"
            f" or point at one with the arrows there and press {choices.keys.get('output.choose', '')}."
        )
    return example(snapshot, snapshot.lens.example, choices.neuron, choices.first)


def _assessed(snapshot: Snapshot) -> Assessment:
    lens, points = snapshot.lens, snapshot.points
    assert lens is not None, "see drawable"
    assert points is not None, "a lens has looked at them"
    rows = _rows(points.held_out)
    targets = points.targets[rows].astype(np.int64)
    assert lens.chosen is not None, "only classifiers are assessed"
    return Assessment.of(snapshot.classes, targets, lens.answers[rows], lens.chosen[rows])


def _rows(held_out: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return held_out if held_out.any() else ~held_out


def _part(snapshot: Snapshot) -> str:
    """Which part of the examples is assessed: the held-out one, where there is one."""
    held_out = snapshot.points.held_out if snapshot.points is not None else _NEVER > 1
    return f"{_rows(held_out).sum():,} {'held out' if held_out.any() else 'trained on'}"


def _words(text: str) -> views.View:
    return views.Text((views.Line(text, "muted"),))


def _classifies(snapshot: Snapshot) -> bool:
    return snapshot.task == "classification"


def _has_values(snapshot: Snapshot) -> bool:
    return snapshot.task == "regression"


def _has_two_classes(snapshot: Snapshot) -> bool:
    return _classifies(snapshot) and len(snapshot.classes) == 2


CHARTS = (
    Chart("loss", "Loss", _loss),
    Chart("accuracy", "Accuracy", _quality, fits=_classifies),
    Chart("rmse", "RMSE", _quality, fits=_has_values),
    Chart("confusion", "Confusion", _confusion, lens=True, fits=_classifies),
    Chart("roc", "ROC", _roc, lens=True, fits=_has_two_classes),
    Chart("calibration", "Calibration", _calibration, lens=True, fits=_classifies),
    Chart("histograms", "Weights", _weights, lens=True),
    Chart("gradients", "Gradients", _gradients, lens=True),
    Chart("example", "Example", _example, lens=True),
    Chart("landscape", "Landscape", _landscape, tell=outlook.told),
)
