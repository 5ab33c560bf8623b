"""What a network does to an example, one step after the other, in words that every library has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dlterm.engine.graph import in_order
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.engine.graph import Node
    from dlterm.training.model_file import Trained

Shape = tuple[int, ...]


class Step(NamedTuple):
    """One step: the operation, what its arrays are called ("hidden1"; "" where it has none), and the shapes."""

    op: str
    name: str
    before: Shape
    after: Shape
    attributes: Mapping[str, Any]


def steps_of(trained: Trained) -> list[Step]:
    """The steps from what the network reads to what it answers; what does nothing is left out."""
    nodes = in_order([trained.network().output])
    return [_step(node) for node in nodes if node.op.name != "identity"]


def refused(framework: str, what: str) -> DltermError:
    """The error that a framework has no layers for a network."""
    return DltermError(
        f"there is no {framework} source for a network with {what}",
        hint="choose another format: pytorch takes every network of a recipe",
        exit_code=ExitCode.USAGE,
    )


def _step(node: Node) -> Step:
    arrays = [tensor.name for tensor in node.inputs if tensor.role in ("parameter", "buffer")]
    name = arrays[0].rpartition(".")[0] if arrays else ""
    attributes = dict(node.attributes)
    if node.op.name == "conv2d":
        attributes["kernel_size"] = node.inputs[1].shape[2:]
    return Step(node.op.name, name, node.inputs[0].shape, node.outputs[0].shape, attributes)
