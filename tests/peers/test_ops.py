from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from dlterm.engine import ops
from dlterm.engine.random import uniform
from tests.engine.cases import all_cases, op_name
from tests.engine.support import Argument, each, label, once, target
from tests.peers.support import assert_like_torch, batches, quick, seeds, torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

F = torch.nn.functional
Arguments = tuple[Argument, ...]
PEERS = {name: case for name, case in all_cases().items() if case.peer is not None}

VECTORS: dict[str, tuple[Callable[..., Any], Callable[..., Tensor], Callable[[int, int], Arguments]]] = {
    "linear": (F.linear, ops.linear, lambda i, o: (each(i), once(o, i), once(o))),
    "linear, then tanh": (
        lambda x, w, b: F.linear(x, w, b).tanh(),
        lambda x, w, b: ops.tanh(ops.linear(x, w, b)),
        lambda i, o: (each(i), once(o, i), once(o)),
    ),
    "identity": (lambda x: x * 1, ops.identity, lambda i, _: (each(i),)),
    "step": (lambda x: (x >= 0) + 0 * x, ops.step, lambda i, _: (each(i),)),
    "sigmoid": (torch.sigmoid, ops.sigmoid, lambda i, _: (each(i),)),
    "tanh": (torch.tanh, ops.tanh, lambda i, _: (each(i),)),
    "relu": (torch.relu, ops.relu, lambda i, _: (each(i),)),
    "leaky_relu": (F.leaky_relu, ops.leaky_relu, lambda i, _: (each(i),)),
    "softmax": (lambda x: x.softmax(-1), ops.softmax, lambda i, _: (each(i),)),
    "mse": (F.mse_loss, ops.mse, lambda i, _: (each(i), target(i))),
    "binary_cross_entropy": (
        F.binary_cross_entropy_with_logits, ops.binary_cross_entropy, lambda i, _: (each(i), target(i)),
    ),
    "cross_entropy": (F.cross_entropy, ops.cross_entropy, lambda i, _: (each(i), label(i))),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
@quick
@given(inputs=st.integers(1, 20), outputs=st.integers(1, 20), batch=batches, fused=st.booleans(), seed=seeds)
def test_vector_ops_and_losses_agree_with_pytorch(
    name: str, inputs: int, outputs: int, batch: tuple[int, int], fused: bool, seed: int
) -> None:
    peer, op, arguments = VECTORS[name]
    assert_like_torch(op, peer, arguments(inputs, outputs), batch=batch, fused=fused, seed=seed)


ARITHMETIC = {
    "add": (torch.add, lambda a, b: a + b),
    "subtract": (torch.subtract, lambda a, b: a - b),
    "multiply": (torch.multiply, lambda a, b: a * b),
    "divide": (torch.divide, lambda a, b: a / b),
}


@pytest.mark.parametrize("name", ARITHMETIC)
@quick
@given(
    shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4),
    batched=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]),
    batch=batches,
    seed=seeds,
)
def test_arithmetic_broadcasts_as_in_pytorch(
    name: str, shapes: Any, batched: tuple[bool, bool], batch: tuple[int, int], seed: int
) -> None:
    (first, second), peer, op = shapes.input_shapes, *ARITHMETIC[name]
    rank = len(shapes.result_shape)
    arguments = Argument(first, batched[0]), Argument(second, batched[1])
    assume(all(argument.batched or argument.shape for argument in arguments))

    def example_by_example(*inputs: Any) -> Any:
        pairs = zip(inputs, arguments, strict=True)
        return peer(*(_with_rank(x, rank) if argument.batched else x for x, argument in pairs))

    assert_like_torch(op, example_by_example, arguments, batch=batch, seed=seed)


def _with_rank(x: Any, rank: int) -> Any:
    """Axes of 1 between the batch and an example's own axes, as many as make `rank` without the batch."""
    return x.reshape(len(x), *(1,) * (rank - x.ndim + 1), *x.shape[1:])


@quick
@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    batched=st.booleans(),
    batch=batches,
    seed=seeds,
)
def test_negation_and_plain_numbers_agree_with_pytorch(
    shape: list[int], batched: bool, batch: tuple[int, int], seed: int
) -> None:
    def formula(x: Any) -> Any:
        return 3.0 - (-x * 2.0 + 1.0) / 4.0 - 1.5 / x

    assert_like_torch(formula, formula, [Argument(tuple(shape), batched)], batch=batch, seed=seed)


@pytest.mark.parametrize("name", ["sum", "mean"])
@quick
@given(
    axes=st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=3),
    batched=st.booleans(),
    over_batch=st.booleans(),
    keepdims=st.booleans(),
    batch=batches,
    seed=seeds,
)
def test_reductions_agree_with_pytorch(
    name: str,
    axes: list[tuple[int, bool]],
    batched: bool,
    over_batch: bool,
    keepdims: bool,
    batch: tuple[int, int],
    seed: int,
) -> None:
    reduced = tuple(k for k, (_, chosen) in enumerate(axes) if chosen)
    dims = tuple(k + batched for k in reduced) + (0,) * (batched and over_batch)

    def peer(x: Any) -> Any:
        y = getattr(x, name)(dims, keepdim=keepdims) if dims else x * 1
        return y[0] if 0 in dims and batched and keepdims else y

    def op(x: Tensor) -> Any:
        return getattr(ops, f"reduce_{name}")(x, reduced, batch=over_batch, keepdims=keepdims)

    assert_like_torch(op, peer, [Argument(tuple(n for n, _ in axes), batched)], batch=batch, seed=seed)


@quick
@given(features=st.integers(1, 40), p=st.floats(0, 0.9), batch=batches, seed=seeds)
def test_dropout_drops_what_its_random_numbers_say(
    features: int, p: float, batch: tuple[int, int], seed: int
) -> None:
    examples, width = batch
    last = (examples - 1) // width

    def peer(x: Any) -> Any:
        u = uniform(seed, 5, last, np.arange(x.numel())).reshape(x.shape)
        return x * torch.tensor(u >= np.float32(p)) / (1 - p)

    assert_like_torch(
        lambda x: ops.dropout(x, stream=5), peer, [each(features)], batch=batch, seed=seed, dropout=p
    )


@pytest.mark.parametrize("name", PEERS)
@quick
@given(batch=batches, fused=st.booleans(), seed=seeds)
def test_the_case_agrees_with_pytorch(name: str, batch: tuple[int, int], fused: bool, seed: int) -> None:
    case = PEERS[name]

    def peer(*inputs: Any) -> Any:
        return case.peer(torch, *inputs)

    assert_like_torch(case.op, peer, case.arguments, batch=batch, fused=fused, seed=seed, **case.hyper)


def test_every_op_has_a_peer() -> None:
    named = {name.partition(",")[0] for name in [*VECTORS, *ARITHMETIC]} | {op_name(case) for case in PEERS}
    here = {"negative", "reduce_sum", "reduce_mean", "dropout"}
    in_training = {"clip_norm", "schedule"}  # test_training.py
    drawn = {
        "uniform",
        "normal",
        "bernoulli",
        "categorical",
    }  # no two libraries draw alike: tests/engine/test_sampling.py
    made_by_others = {"broadcast_to", "broadcast_together", "sum_to", "linear_dw", "linear_dx", "zeros"}
    functions = {name for name in ops.__all__ if name.islower()}
    assert functions - made_by_others - in_training - drawn == named | here
