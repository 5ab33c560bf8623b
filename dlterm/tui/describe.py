"""What the lab says in words and numbers of a snapshot: one line each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.training.snapshot import Metrics, Snapshot

Neuron = tuple[int, int]  # layer (0 is the inputs) and unit
Weight = tuple[int, int, int | None]  # the neuron it leads into, and the unit it comes from; None is the bias
_UNNAMED = "x1", "x2"  # the axes of generated sets
_CUT = 24, 12, 8  # characters of an axis's name, from more room to less
_NAME = 24  # characters of a feature's or a class's name

STATUS = {
    "loading": "◌ loading",
    "compiling": "◌ compiling",
    "running": "▶",
    "paused": "‖ paused",
    "diverged": "✖ diverged",
    "failed": "✖ failed",
}


def exists(snapshot: Snapshot, neuron: Neuron) -> bool:
    """Whether the network has this neuron."""
    layer, unit = neuron
    return 0 <= layer < len(snapshot.maps) and 0 <= unit < len(snapshot.maps[layer])


def name(snapshot: Snapshot, neuron: Neuron) -> str:
    """What a neuron is called: a feature, a place in a hidden layer, an output."""
    layer, unit = neuron
    if layer == 0:
        return f"input {_name(snapshot.features, unit)}"
    if layer < len(snapshot.weights):
        return f"layer {layer}, neuron {unit + 1}"
    if len(snapshot.maps[layer]) > 1:
        return f"output for {_name(snapshot.classes, unit)}"
    return "output"


def numbers(snapshot: Snapshot, neuron: Neuron) -> str:
    """A neuron's bias and the weights that come in, as many as there is room for."""
    layer, unit = neuron
    said = " · ".join([name(snapshot, neuron), *_seen(snapshot, neuron)])
    if layer == 0:
        return said
    weights = [f"{weight:+.2f}" for weight in snapshot.weights[layer - 1][unit].tolist()]
    shown = " ".join(weights[:8]) + (" …" if len(weights) > 8 else "")
    done = " · knocked out" if knocked_out(snapshot, neuron) else ""
    done += " · frozen" if all(frozen(snapshot, neuron)) else ""
    return f"{said}{done} · bias {snapshot.biases[layer - 1][unit]:+.2f} · weights {shown}"


def weight(snapshot: Snapshot, place: Weight) -> str:
    """A weight, and between which neurons it is."""
    layer, unit, source = place
    if source is None or layer > len(snapshot.weights):
        return ""
    value = snapshot.weights[layer - 1][unit, source]
    return f"{name(snapshot, (layer - 1, source))} → {name(snapshot, (layer, unit))} · weight {value:+.3f}"


def sources(snapshot: Snapshot, neuron: Neuron) -> list[str]:
    """What leads into a neuron, in short: features, or neurons of the layer before."""
    layer, _ = neuron
    units = snapshot.weights[layer - 1].shape[1]
    if layer == 1:
        return [_name(snapshot.features, unit) for unit in range(units)]
    return [f"neuron {unit + 1}" for unit in range(units)]


def frozen(snapshot: Snapshot, neuron: Neuron) -> list[bool]:
    """Whether a neuron's bias, and each of the weights into it, is frozen."""
    layer, unit = neuron
    marks = snapshot.marks
    if layer == 0:
        return []
    if marks is None:
        return [False] * (1 + snapshot.weights[layer - 1].shape[1])
    return [bool(marks.frozen_biases[layer - 1][unit]), *marks.frozen_weights[layer - 1][unit].tolist()]


def knocked_out(snapshot: Snapshot, neuron: Neuron) -> bool:
    """Whether a neuron is knocked out."""
    layer, unit = neuron
    return bool(layer and snapshot.marks and snapshot.marks.knocked_out[layer - 1][unit])


def _seen(snapshot: Snapshot, neuron: Neuron) -> Iterator[str]:
    """What the lens tells of a neuron: its answer to the chosen example, and whether it is stuck."""
    lens, (layer, unit) = snapshot.lens, neuron
    if lens is None:
        return
    if lens.example is not None:
        values = lens.example.activations[layer - 1] if layer else lens.example.inputs
        yield f"answers {values[unit]:+.2f}"
    if layer and lens.layers[layer - 1].dead[unit]:
        yield "dead: no example wakes it"
    elif layer and lens.layers[layer - 1].saturated[unit]:
        yield "saturated: flat for every example"


def example(snapshot: Snapshot) -> str:
    """The chosen example: its number, what it is, how wrong the network is about it; "" where there is none."""
    lens = snapshot.lens
    if lens is None or lens.example is None:
        return ""
    return f"{point(snapshot, lens.example.number)} · loss {lens.example.loss:.3g}"


def point(snapshot: Snapshot, number: int) -> str:
    """An example by its number, counted from 1, and its class or value."""
    points = snapshot.points
    assert points is not None, "it has been seen"
    part = " (held out)" if points.held_out[number] else ""
    target = float(points.targets[number])
    kind = f"class {_name(snapshot.classes, int(target))}" if snapshot.classes else f"value {target:.3g}"
    return f"example {number + 1}{part}: {kind}"


def answer(
    snapshot: Snapshot, across: float, down: float, neuron: Neuron | None = None, example: int | None = None
) -> str:
    """What the network, or one neuron, answers at a place of the picture (shares of its width and height).

    Where an example stands there, it is told in place of the numbers.
    """
    picture = snapshot.field if neuron is None else snapshot.maps[neuron[0]][neuron[1]][None]
    if picture is None:
        return ""
    x0, x1, y0, y1 = snapshot.domain
    place = f"{_name(snapshot.axes, 0)} {x0 + across * (x1 - x0):.2f}"
    if example is not None:
        place = point(snapshot, example)
    elif len(snapshot.axes) > 1:
        place += f"  {_name(snapshot.axes, 1)} {y1 - down * (y1 - y0):.2f}"
    height, width = picture.shape[1:]
    values = picture[:, min(int(down * height), height - 1), min(int(across * width), width - 1)].tolist()
    return f"{place}  →  {_meaning(snapshot, values, neuron)}"


def axes(names: tuple[str, ...], room: int) -> str:
    """What a picture's axes are, `petal_length → petal_width ↑`, in so many columns; "" where that is too few.

    Names are cut to fit, but not to less than can be read; generated sets have none.
    """
    if names == _UNNAMED:
        return ""
    for limit in _CUT:
        named = " ".join(
            f"{safe(name, limit=limit)} {arrow}" for name, arrow in zip(names, "→↑", strict=False)
        )
        if cell_len(named) <= room:
            return named
    return ""


def progress(snapshot: Snapshot | None) -> list[str]:
    """How far training is: the epoch, and the examples a second where they are measured."""
    if snapshot is None or snapshot.metrics is None:
        return []
    rate = snapshot.examples_per_second
    return [f"epoch {snapshot.epoch:,}", *([f"{_short(rate)} examples/s"] if rate else [])]


def advice(snapshot: Snapshot | None) -> tuple[str, bool]:
    """What to say above the panes, and whether it is alarming.

    What went wrong and what to do about it, how far loading is, what was noticed in the data; mostly nothing.
    """
    message = safe(snapshot.message) if snapshot else ""
    if snapshot is not None and snapshot.refused is not None:
        return f"{message}: all is as it was", True
    match snapshot and snapshot.status:
        case "diverged":
            return f"{message}: press r to begin again, L for a smaller learning rate", True
        case "failed":
            return f"{message}: press d for other data, r to try again", True
    return message, False


def quality(snapshot: Snapshot, *, short: bool = False) -> str:
    """How good the network is, on what it trains on and on what is held out."""
    metrics = snapshot.metrics
    if metrics is None:
        return ""
    if short:
        return _quality_in_short(metrics)
    if metrics.train_accuracy is not None:
        held_out = f"  test {metrics.test_accuracy:.1%}" if metrics.test_accuracy is not None else ""
        return f"accuracy: train {metrics.train_accuracy:.1%}{held_out}"
    held_out = f"  test {metrics.test_rmse:.3g}" if metrics.test_rmse is not None else ""
    return f"RMSE: train {metrics.train_rmse:.3g}{held_out}"


def _quality_in_short(metrics: Metrics) -> str:
    if metrics.train_accuracy is not None:
        held_out = f" / {metrics.test_accuracy:.1%}" if metrics.test_accuracy is not None else ""
        return f"acc {metrics.train_accuracy:.1%}{held_out}"
    held_out = f" / {metrics.test_rmse:.3g}" if metrics.test_rmse is not None else ""
    return f"RMSE {metrics.train_rmse:.3g}{held_out}"


def _meaning(snapshot: Snapshot, values: list[float], neuron: Neuron | None) -> str:
    if neuron is not None:
        return f"{values[0]:+.2f}"
    if snapshot.task == "regression":
        low, high = snapshot.target_range
        return f"{low + (values[0] + 1) / 2 * (high - low):.2f}"
    chances = values if len(values) > 1 else [(1 - values[0]) / 2, (1 + values[0]) / 2]
    if not all(map(math.isfinite, chances)):
        return "not a number"
    best = max(range(len(chances)), key=chances.__getitem__)
    return f"class {_name(snapshot.classes, best)} ({chances[best]:.0%})"


def class_name(snapshot: Snapshot, place: int) -> str:
    """What a class is called, safe and short."""
    return _name(snapshot.classes, place)


def feature_name(snapshot: Snapshot, place: int) -> str:
    """What an input is called, safe and short."""
    return _name(snapshot.features, place)


def _name(names: tuple[str, ...], place: int) -> str:
    return safe(names[place], limit=_NAME) if place < len(names) else str(place + 1)


def _short(value: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.1f} {letter}"
    return f"{value:.0f}"
