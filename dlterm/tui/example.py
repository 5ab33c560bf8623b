"""One example on its way through the network and back, number by number."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from dlterm.drawing import views
from dlterm.drawing.network_marks import value_text
from dlterm.tui import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.training.snapshot import ExampleLens, Snapshot
    from dlterm.tui.describe import Neuron


def example(
    snapshot: Snapshot, seen: ExampleLens, neuron: Neuron | None, first: tuple[int, int]
) -> views.Table:
    """Every unit's answer and the slope of the loss by its sum; of a chosen neuron, what its sum is made of.

    `first` is how many rows and how many layers are left out before those in sight.
    """
    if neuron is not None and neuron[0] > 0 and describe.exists(snapshot, neuron):
        return _sum(snapshot, seen, neuron, first[0])
    return _all(snapshot, seen, first)


def _all(snapshot: Snapshot, seen: ExampleLens, first: tuple[int, int]) -> views.Table:
    inputs = [
        f"{describe.feature_name(snapshot, place)} {value_text(value)}"
        for place, value in enumerate(seen.inputs.tolist())
    ]
    layers = [
        [f"{value_text(answer):>6} ∂{value_text(slope)}" for answer, slope in zip(*layer, strict=True)]
        for layer in zip(
            (part.tolist() for part in seen.activations), (part.tolist() for part in seen.errors), strict=True
        )
    ]
    names = [f"layer {number}" for number in range(1, len(layers))]
    columns = list(zip(("inputs", *names, "output"), (inputs, *layers), strict=True))
    across = min(first[1], len(columns) - 1)
    shown = columns[across:]
    rows = list(zip_longest(*(cells for _, cells in columns), fillvalue=""))
    down = min(first[0], len(rows) - 1)
    return views.Table(
        ("", *(name for name, _ in shown)),
        tuple((number, *row[across:]) for number, row in enumerate(rows[down:], down + 1)),
        title=f"{describe.example(snapshot)} · answer, ∂ loss / ∂ sum",
        whole=True,
    )


def _sum(snapshot: Snapshot, seen: ExampleLens, neuron: Neuron, first: int) -> views.Table:
    rows = list(_terms(snapshot, seen, neuron))
    layer, unit = neuron[0] - 1, neuron[1]
    answer, slope = float(seen.activations[layer][unit]), float(seen.errors[layer][unit])
    down = min(first, len(rows) - 1)
    return views.Table(
        ("from", "answer", "weight", "product", "∂ weight"),
        tuple(rows[down:]),
        title=f"{describe.name(snapshot, neuron)} answers {value_text(answer)} · ∂ sum {value_text(slope)}"
        f" · {describe.example(snapshot)}",
        whole=True,
    )


def _terms(snapshot: Snapshot, seen: ExampleLens, neuron: Neuron) -> Iterator[tuple[str, ...]]:
    """What comes in, the bias, and their sum; behind a batch norm the sum is another one, and is left out."""
    layer, unit = neuron[0] - 1, neuron[1]
    weights, bias = snapshot.weights[layer][unit].tolist(), float(snapshot.biases[layer][unit])
    slopes = seen.gradients[layer][unit].tolist()
    sources = (seen.inputs if layer == 0 else seen.activations[layer - 1]).tolist()
    total = bias + sum(source * weight for source, weight in zip(sources, weights, strict=True))
    for place, (source, weight, slope) in enumerate(zip(sources, weights, slopes, strict=True)):
        name = describe.name(snapshot, (layer, place))
        yield name, *map(value_text, (source, weight, source * weight, slope))
    yield "bias", "", value_text(bias), value_text(bias), value_text(float(seen.errors[layer][unit]))
    if snapshot.recipe.norm != "batch" or layer == len(snapshot.weights) - 1:
        yield "sum", "", "", value_text(total), ""
