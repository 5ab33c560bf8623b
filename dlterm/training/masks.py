"""Surgery as masks over a network's parameters and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.training.snapshot import Marks
from dlterm.training.surgery import place_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.nn import Network
    from dlterm.training.surgery import Surgery


def held(surgery: Surgery, network: Network) -> dict[Tensor, NDArray[np.bool_]]:
    """By parameter, which of its numbers are frozen; without those of which none is."""
    masks = {p.name: np.zeros(p.shape, np.bool_) for p in network.parameters}
    for layer, unit in surgery.frozen_units:
        for name in (layer, f"{layer}.norm"):
            for mask in (masks.get(f"{name}.weight"), masks.get(f"{name}.bias")):
                if mask is not None:
                    mask[unit] = True
    for layer, unit, source in surgery.frozen_weights:
        name, place = place_of((layer, unit, source))
        masks[name][place] = True
    return {p: masks[p.name] for p in network.parameters if masks[p.name].any()}


def marks(surgery: Surgery, network: Network) -> Marks:
    """What is frozen and what is knocked out, as the screen draws it."""
    masks = {p.name: mask for p, mask in held(surgery, network).items()}
    parameters = {p.name: p for p in network.parameters}
    names = [layer.name for layer in network.layers]
    weights, biases = (
        tuple(
            masks.get(f"{name}.{kind}", np.zeros(parameters[f"{name}.{kind}"].shape, np.bool_))
            for name in names
        )
        for kind in ("weight", "bias")
    )
    out = surgery.units()
    units = (np.isin(np.arange(layer.spec.size), out.get(layer.name, [])) for layer in network.layers)
    return Marks(weights, biases, tuple(units))
