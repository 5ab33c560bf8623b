"""Products over named axes: einsum in all that lanes and strides can do, matmul."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from tests.engine.cases import Case
from tests.engine.support import Argument, each, once

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def einsum(pattern: str, a: Argument, b: Argument, scale: float = 1.0) -> Case:
    """`pattern` over arguments of which either may be batched."""
    first, second, out = pattern.replace("->", ",").split(",")
    batch = ["Z" * argument.batched for argument in (a, b)]
    whole = f"{batch[0]}{first},{batch[1]}{second}->{max(batch)}{out}"

    def op(a: Tensor, b: Tensor) -> Tensor:
        return ops.einsum(pattern, a, b, scale=scale)

    return Case(op, (a, b), lambda torch, *inputs: torch.einsum(whole, *inputs) * scale)


def matmul(a: Argument, b: Argument, **transposed: bool) -> Case:
    def peer(_torch: Any, a: Any, b: Any) -> Any:
        a = a.transpose(-1, -2) if transposed.get("transpose_a") else a
        return a @ (b.transpose(-1, -2) if transposed.get("transpose_b") else b)

    return Case(lambda a, b: ops.matmul(a, b, **transposed), (a, b), peer)


CASES: dict[str, Case] = {
    "einsum, attention's scores": einsum("thd,uhd->htu", each(5, 2, 3), each(6, 2, 3), scale=3**-0.5),
    "einsum, attention's mix": einsum("htu,uhd->thd", each(2, 5, 6), each(6, 2, 3)),
    "einsum, a shared operand": einsum("gk,tk->tg", once(5, 9), each(3, 9)),
    "einsum, a shared second operand": einsum("tk,kg->gt", each(3, 9), once(9, 4), scale=-2.0),
    "einsum, nothing batched": einsum("ab,bc->ca", once(3, 4), once(4, 5)),
    "einsum, a dot product": einsum("k,k->", each(7), each(7)),
    "einsum, an outer product": einsum("r,c->rc", each(5), each(2)),
    "einsum, neighbours of one kind": einsum("aij,ijc->ca", each(5, 2, 3), each(2, 3, 5)),
    "einsum, place by place": einsum("ab,ab->ab", each(2, 3), once(2, 3)),
    "matmul": matmul(each(3, 5), each(5, 4)),
    "matmul, stacked": matmul(each(2, 5, 3), each(2, 5, 9), transpose_a=True),
    "matmul, both transposed": matmul(once(2, 4, 3), each(2, 5, 4), transpose_a=True, transpose_b=True),
}
