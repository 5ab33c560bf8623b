"""Activations by name: number by number, [batch, ...] to the same shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.engine import ops

if TYPE_CHECKING:
    from dlterm.nn.layer import Function

ACTIVATIONS: dict[str, Function] = {
    "identity": ops.identity,
    **{name: activation.op for name, activation in ops.ACTIVATIONS.items()},
}
