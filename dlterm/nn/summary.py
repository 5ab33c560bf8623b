"""A model as a table: every layer with its output's shape, its parameters and its multiply-adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlterm.engine.graph import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.engine.graph import Node, Scope, Shape, Tensor

_HEADER = ("layer", "kind", "output", "parameters", "multiply-adds")


@dataclass
class Row:
    """A layer, or an op that belongs to none; numbers are its own, without those of the layers in it.

    `depth` counts the layers around it; `shape` is of one example's output; `work` is multiply-adds an example. A
    parameter counts where it is first used. Uses of one layer, the steps of a recurrent network, are one row.
    """

    name: str
    kind: str
    depth: int
    shape: Shape = ()
    parameters: int = 0
    work: int = 0


@dataclass(frozen=True)
class Summary:
    """The rows of a model in the order of first use, a layer before those in it; printed, an aligned table."""

    rows: tuple[Row, ...]
    frozen: int  # parameters that no training changes

    @property
    def parameters(self) -> int:
        """All parameters."""
        return sum(row.parameters for row in self.rows)

    @property
    def work(self) -> int:
        """Multiply-adds for one example, forwards."""
        return sum(row.work for row in self.rows)

    def __str__(self) -> str:
        cells = [_HEADER, *map(_cells, self.rows)]
        total = ("total", "", "", f"{self.parameters:,}", f"{self.work:,}")
        widths = [max(map(len, column)) for column in zip(*cells, total, strict=True)]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        lines = [
            _line(_HEADER, widths),
            rule,
            *(_line(row, widths) for row in cells[1:]),
            rule,
            _line(total, widths),
        ]
        if self.frozen:
            lines.append(f"{self.frozen:,} of the parameters are frozen")
        return "\n".join(lines)


def summary(output: Tensor) -> Summary:
    """The layers and ops that make this tensor, from its inputs on."""
    found = _Rows()
    for node in in_order([output]):
        found.add(node)
    return Summary(tuple(found.in_order()), sum(t.spec.size for t in found.parameters if t.frozen))


@dataclass
class _Rows:
    """Rows by the path of scopes that lead to them: the empty path's children are what stands at the top."""

    rows: dict[tuple[object, ...], Row] = field(default_factory=dict)
    children: dict[tuple[object, ...], list[tuple[object, ...]]] = field(default_factory=dict)
    parameters: dict[Tensor, None] = field(default_factory=dict)
    inputs: dict[Tensor, None] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Count a node in the row of its layer, or in a row of its own."""
        for tensor in node.inputs:
            if tensor.role == "input" and tensor not in self.inputs:
                self.inputs[tensor] = None
                self._row((tensor,), tensor.name, "input").shape = tensor.shape
        row = self._of_layer(node.scopes) if node.scopes else self._row((node,), "", node.op.name)
        new = [t for t in node.inputs if t.role == "parameter" and t not in self.parameters]
        self.parameters.update(dict.fromkeys(new))
        row.parameters += sum(t.spec.size for t in new)
        row.work += node.op.work(node)
        for depth in range(1, len(node.scopes) + 1):
            self.rows[node.scopes[:depth]].shape = node.outputs[0].shape
        row.shape = node.outputs[0].shape

    def in_order(self, path: tuple[object, ...] = ()) -> Iterator[Row]:
        """Every row before those in it."""
        for child in self.children.get(path, []):
            yield self.rows[child]
            yield from self.in_order(child)

    def _of_layer(self, scopes: Sequence[Scope]) -> Row:
        for depth, scope in enumerate(scopes, start=1):
            row = self._row(tuple(scopes[:depth]), scope.name, scope.kind)
        return row

    def _row(self, path: tuple[object, ...], name: str, kind: str) -> Row:
        if path not in self.rows:
            self.rows[path] = Row(name, kind, len(path) - 1)
            self.children.setdefault(path[:-1], []).append(path)
        return self.rows[path]


def _cells(row: Row) -> tuple[str, ...]:
    shape = f"[{', '.join(map(str, row.shape))}]"
    numbers = (f"{number:,}" if number else "" for number in (row.parameters, row.work))
    return "  " * row.depth + row.name, row.kind, shape, *numbers


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, numbers to the right."""
    columns = [
        cell.ljust(w) if k < 3 else cell.rjust(w)
        for k, (cell, w) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(columns).rstrip()
