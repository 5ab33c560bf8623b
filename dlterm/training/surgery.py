"""Surgery: which weights of a network are frozen and which of its units are knocked out, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlterm.nn import Network

Unit = tuple[str, int]  # a layer's name, the number of its unit
Weight = tuple[str, int, int | None]  # and of the unit that it comes from; None for the bias
T = TypeVar("T")


@dataclass(frozen=True)
class Surgery:
    """What has been done to a network beside training it. Layers are known by name: "hidden1", ..., "output".

    A frozen unit is all that leads into it, its bias and the scale and shift of its norm; a frozen weight keeps its
    bits, and its part of the optimiser's state too. A unit that is knocked out answers 0 in every forward pass.
    """

    frozen_weights: frozenset[Weight] = frozenset()
    frozen_units: frozenset[Unit] = frozenset()
    knocked_out: frozenset[Unit] = frozenset()

    def freeze(self, weights: Iterable[Weight] = (), units: Iterable[Unit] = (), *, on: bool) -> Surgery:
        """With these frozen, or free again; a unit that is let go holds none of its weights back."""
        units = set(units)
        within = () if on else [weight for weight in self.frozen_weights if weight[:2] in units]
        return replace(
            self,
            frozen_weights=_changed(self.frozen_weights, [*weights, *within], on),
            frozen_units=_changed(self.frozen_units, units, on),
        )

    def apart(self, unit: Unit, network: Network) -> Surgery:
        """The same frozen, with the weights and the bias of a frozen unit one by one: so that one can be let go."""
        if unit not in self.frozen_units:
            return self
        sources = [*range(_shapes(network)[unit[0]][1]), None]
        return replace(
            self,
            frozen_weights=self.frozen_weights | {(*unit, source) for source in sources},
            frozen_units=self.frozen_units - {unit},
        )

    def knock_out(self, units: Iterable[Unit], *, on: bool) -> Surgery:
        """With these units knocked out, or back."""
        return replace(self, knocked_out=_changed(self.knocked_out, units, on))

    def units(self) -> dict[str, list[int]]:
        """The units that are knocked out, by layer."""
        found: dict[str, list[int]] = {}
        for layer, unit in sorted(self.knocked_out):
            found.setdefault(layer, []).append(unit)
        return found

    def fitting(self, network: Network) -> Surgery:
        """What of it there is in the network."""
        shapes = _shapes(network)
        units = {(layer, unit) for layer, (size, _) in shapes.items() for unit in range(size)}
        return Surgery(
            frozenset(
                w for w in self.frozen_weights if w[:2] in units and 0 <= (w[2] or 0) < shapes[w[0]][1]
            ),
            self.frozen_units & units,
            self.knocked_out & units,
        )


NOTHING = Surgery()


def place_of(weight: Weight) -> tuple[str, tuple[int, ...]]:
    """The parameter's name, and the place in it."""
    layer, unit, source = weight
    return (f"{layer}.bias", (unit,)) if source is None else (f"{layer}.weight", (unit, source))


def _shapes(network: Network) -> dict[str, tuple[int, int]]:
    """Units and inputs of every layer that is a matrix of weights."""
    weights = {p.name: p.shape for p in network.parameters}
    found = {layer.name: weights.get(f"{layer.name}.weight", ()) for layer in network.layers}
    return {name: (shape[0], shape[1]) for name, shape in found.items() if len(shape) == 2}


def _changed(before: frozenset[T], those: Iterable[T], on: bool) -> frozenset[T]:
    return before | set(those) if on else before - set(those)
