"""The first vocabulary: a perceptron's layers, arithmetic, reductions, the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from dlterm.engine.graph import constant
from tests.engine.cases import Case
from tests.engine.support import each, label, once, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor


def dropped(x: Tensor) -> Tensor:
    return ops.dropout(x, stream=7)


def torch_linear(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.linear(x, w, b)


def torch_causal_softmax(torch: Any, x: Any) -> Any:
    seen = torch.ones(x.shape[-2:]).tril().bool()
    return x.masked_fill(~seen, -torch.inf).softmax(-1)


def torch_function(name: str) -> Callable[..., Any]:
    return lambda torch, x: getattr(torch.nn.functional, name)(x)


def torch_hinge(torch: Any, p: Any, y: Any) -> Any:
    return torch.clamp(1 - (2 * y - 1) * p, min=0).mean()


LOSS_PEERS: dict[str, Callable[..., Any]] = {
    "mse": lambda t, p, y: t.nn.functional.mse_loss(p, y),
    "mae": lambda t, p, y: t.nn.functional.l1_loss(p, y),
    "huber": lambda t, p, y: t.nn.functional.huber_loss(p, y),
    "hinge": torch_hinge,
    "binary_cross_entropy": lambda t, p, y: t.nn.functional.binary_cross_entropy_with_logits(p, y),
}


def tanh_layer(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ops.tanh(ops.linear(x, w, b))


def unrolled(x: Any, w: Any, b: Any, layer: Callable[..., Any] = tanh_layer) -> Any:
    for _ in range(5):
        x = layer(x, w, b)
    return x


CASES: dict[str, Case] = {
    "linear": Case(ops.linear, (each(3), once(5, 3), once(5))),
    "linear of one unit": Case(ops.linear, (each(1), once(1, 1), once(1))),
    "linear of sequences": Case(ops.linear, (each(3, 5), once(4, 5), once(4)), torch_linear),
    "linear, wide": Case(ops.linear, (each(37), once(13, 37), once(13)), torch_linear),
    "linear, wide with tanh": Case(
        lambda x, w, b: ops.tanh(ops.linear(x, w, b)),
        (each(5, 9), once(11, 9), once(11)),
        lambda torch, *inputs: torch_linear(torch, *inputs).tanh(),
    ),
    "linear, twice with one weight": Case(
        lambda x, y, w, b: ops.linear(x, w, b) * ops.linear(y, w, b),
        (each(6), each(6), once(5, 6), once(5)),
        lambda t, x, y, w, b: t.nn.functional.linear(x, w, b) * t.nn.functional.linear(y, w, b),
    ),
    "linear, unrolled": Case(
        unrolled,
        (each(5), once(5, 5), once(5)),
        lambda t, x, w, b: unrolled(x, w, b, lambda x, w, b: t.nn.functional.linear(x, w, b).tanh()),
    ),
    "identity": Case(ops.identity, (each(4),)),
    "knock_out": Case(
        lambda x: ops.knock_out(x, units=(1, 3)),
        (each(5),),
        lambda torch, x: x * torch.tensor([1.0, 0.0, 1.0, 0.0, 1.0]),
    ),
    "tanh": Case(ops.tanh, (each(4),)),
    "sigmoid": Case(ops.sigmoid, (each(4),)),
    "relu": Case(ops.relu, (each(4),)),
    "leaky_relu": Case(ops.leaky_relu, (each(4),)),
    "step": Case(ops.step, (each(4),)),
    "softmax": Case(ops.softmax, (each(4),)),
    "softmax of every row": Case(ops.softmax, (each(2, 3, 4),), lambda torch, x: x.softmax(-1)),
    "softmax, causal": Case(lambda x: ops.softmax(x, causal=True), (each(2, 4, 4),), torch_causal_softmax),
    "log_softmax": Case(ops.log_softmax, (each(5),), lambda torch, x: x.log_softmax(-1)),
    "log_softmax of every row": Case(ops.log_softmax, (each(3, 4),), lambda torch, x: x.log_softmax(-1)),
    "dropout": Case(dropped, (each(40),), hyper={"dropout": 0.3}),
    "add": Case(ops.add, (each(2, 3), each(2, 3))),
    "subtract": Case(ops.subtract, (each(2, 3), each(2, 3))),
    "multiply": Case(ops.multiply, (each(2, 3), each(2, 3))),
    "divide": Case(ops.divide, (each(2, 3), each(2, 3))),
    "negative": Case(ops.negative, (each(2, 3),)),
    "negative of a parameter": Case(ops.negative, (once(17),)),
    "multiply, one factor for all": Case(lambda a, b: a * b, (each(2, 3), once(3))),
    "divide, both broadcast": Case(lambda a, b: a / b, (each(2, 1), once(1, 3))),
    "subtract from a number": Case(lambda a: 2.0 - a, (each(3),)),
    "divide a number": Case(lambda a: 2.0 / a, (each(3),)),
    "reduce_sum": Case(ops.reduce_sum, (each(2, 3),)),
    "reduce_sum over an axis": Case(
        lambda a: ops.reduce_sum(a, 1, keepdims=True), (each(2, 3),), lambda _, a: a.sum(2, keepdim=True)
    ),
    "reduce_sum over two axes": Case(
        lambda a: ops.reduce_sum(a, (0, -1)), (each(2, 3, 4),), lambda _, a: a.sum((1, 3))
    ),
    "reduce_sum over the batch": Case(lambda a: ops.reduce_sum(a, (), batch=True), (each(2, 3),)),
    "reduce_mean": Case(ops.reduce_mean, (each(2, 3),)),
    "reduce_mean of a parameter": Case(
        lambda a: ops.reduce_mean(a, 0), (once(2, 3),), lambda _, a: a.mean(0)
    ),
    "reduce_mean over an axis": Case(
        lambda a: ops.reduce_mean(a, -1), (each(2, 3),), lambda _, a: a.mean(-1)
    ),
    "reduce_mean over the batch": Case(lambda a: ops.reduce_mean(a, (), batch=True), (each(2, 3),)),
    "reduce_mean over an axis and the batch": Case(
        lambda a: ops.reduce_mean(a, 1, batch=True), (each(2, 3),), lambda _, a: a.mean((0, 2))
    ),
    "reduce_max": Case(lambda a: ops.reduce_max(a, 1), (each(2, 5, 3),), lambda _, a: a.amax(2)),
    "reduce_max, keepdims": Case(
        lambda a: ops.reduce_max(a, -1, keepdims=True), (each(2, 3),), lambda _, a: a.amax(-1, keepdim=True)
    ),
    **{
        name: Case(getattr(ops, name), (each(3, 2),), torch_function(name))
        for name in ("gelu", "silu", "softplus")
    },
    "linear, then gelu": Case(
        lambda x, w, b: ops.gelu(ops.linear(x, w, b)),
        (each(6), once(5, 6), once(5)),
        lambda t, x, w, b: t.nn.functional.gelu(torch_linear(t, x, w, b)),
    ),
    "exp": Case(ops.exp, (each(4),), lambda _, x: x.exp()),
    "log": Case(lambda x: ops.log(x * x), (each(4),), lambda _, x: (x * x).log()),
    "sqrt": Case(lambda x: ops.sqrt(x * x + 1.0), (each(4),), lambda _, x: (x * x + 1).sqrt()),
    "absolute": Case(ops.absolute, (each(4),), lambda _, x: x.abs()),
    "embedding": Case(
        ops.embedding,
        (label(5), once(5, 3)),
        lambda t, labels, table: t.nn.functional.embedding(labels, table),
    ),
    "embedding of sequences": Case(
        ops.embedding,
        (label(7, 4), once(7, 3)),
        lambda t, labels, table: t.nn.functional.embedding(labels, table),
    ),
    "pick": Case(ops.pick, (each(5), label(5)), lambda _, x, k: x.gather(-1, k[:, None])[:, 0]),
    "pick at every place": Case(
        ops.pick, (each(2, 3, 5), label(5, 2, 3)), lambda _, x, k: x.gather(-1, k[..., None])[..., 0]
    ),
    **{
        f"{name} of {what}": Case(getattr(ops, name), (each(*shape), target(*shape)), peer)
        for what, shape in (("numbers", ()), ("vectors", (3,)), ("images", (2, 3, 2)))
        for name, peer in LOSS_PEERS.items()
    },
    "cross_entropy at every place": Case(
        ops.cross_entropy,
        (each(4, 3), label(3, 4)),
        lambda t, z, k: t.nn.functional.cross_entropy(z.flatten(0, 1), k.flatten()),
    ),
    "cross_entropy, weighted by class": Case(
        lambda z, k: ops.cross_entropy(z, k, weight=constant([0.5, 2, 3])),
        (each(3), label(3)),
        lambda t, z, k: t.nn.functional.cross_entropy(z, k, t.tensor([0.5, 2, 3])),
    ),
    "mse": Case(ops.mse, (each(3), target(3))),
    "binary_cross_entropy": Case(ops.binary_cross_entropy, (each(3), target(3))),
    "cross_entropy": Case(ops.cross_entropy, (each(3), label(3))),
}
