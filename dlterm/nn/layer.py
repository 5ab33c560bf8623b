"""What every layer is: called on symbolic tensors, it adds its nodes to the graph, and they know that they are its."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dlterm.engine.graph import Scope, Tensor, within

Function = Callable[[Tensor], Tensor]  # a layer, or an op such as `ops.tanh`


class Layer:
    """The base of all layers. A layer has a name and says in `forward` what it does; its parameters are its attributes.

    Called twice, a layer uses the same parameters twice.
    """

    forward: Callable[..., Tensor]

    def __init__(self, name: str) -> None:
        self.name = name
        self._scope = Scope(name, type(self).__name__)

    def __call__(self, *inputs: Tensor) -> Tensor:
        """What `forward` makes of the inputs."""
        with within(self._scope):
            return self.forward(*inputs)

    def parameters(self) -> list[Tensor]:
        """The parameters, its own and those of the layers in it, each once."""
        return list(dict.fromkeys(_parameters(vars(self).values())))


def _parameters(values: Iterable[object]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor) and value.role == "parameter":
            yield value
        elif isinstance(value, Layer):
            yield from value.parameters()
        elif isinstance(value, (list, tuple)):
            yield from _parameters(value)
