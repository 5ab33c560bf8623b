"""uniform, normal, bernoulli and categorical: random numbers drawn anew in every step, as `dropout` draws its own.

Each is a function of (seed, stream, step, place in the batch) alone. `stream` is an integer that names the sampler's
own sequence. None has a gradient: what it is drawn from gets none.

normal: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958: sqrt(-2 log u) cos(2 pi v).
categorical: the largest of x_k - log(-log u_k), Gumbel's trick: class k in proportion to e^(x_k).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Shape, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.random import uniform as random_numbers
from dlterm.engine.vector import (
    LANES,
    helper,
    lane,
    less,
    load,
    offset,
    select,
    splat,
    sqrt,
    unit_interval,
)
from dlterm.engine.vector_math import consecutive, cosine_of_turns, log, put, random_words

F = np.float32
_HALF_STEP = 2.0**-25  # u in [0, 1) of 24 bits is moved by half a step, so that no logarithm is of 0


@helper
def _drawn(seed: Any, stream: Any, step: Any, at: Any, stride: Any) -> Any:
    """Sixteen uniform numbers for the places at, at + stride, ..."""
    return unit_interval(random_words(seed, stream, step, consecutive(at, stride)))


def _uniform(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y, O B stream. The number o of example n has index n O + o."""
    y, O, B = offset(floats, row[4]), row[5], row[6]
    for o in range(O):
        for n in range(0, B, LANES):
            put(y, o * B + n, _drawn(integers[1], row[7], step, n * O + o, O), row[3])


def _normal(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y, O B stream. The number o of example n is made of the indices 2 (n O + o) and the next."""
    y, O, B = offset(floats, row[4]), row[5], row[6]
    for o in range(O):
        for n in range(0, B, LANES):
            at = 2 * (n * O + o)
            u = _drawn(integers[1], row[7], step, at, 2 * O) + F(_HALF_STEP)
            v = _drawn(integers[1], row[7], step, at + 1, 2 * O)
            put(y, o * B + n, sqrt(log(u) * F(-2)) * cosine_of_turns(v), row[3])


def _bernoulli(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y p, O B stream."""
    y, p, O, B = offset(floats, row[4]), offset(floats, row[5]), row[6], row[7]
    for o in range(O):
        for n in range(0, B, LANES):
            u = _drawn(integers[1], row[8], step, n * O + o, O)
            put(y, o * B + n, select(less(u, load(p, o * B + n)), splat(F(1)), splat(F(0))), row[3])


def _categorical(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, L K B stream; y in the integer arena."""
    L, K, B = row[6], row[7], row[8]
    for r in range(L):
        x, y = offset(floats, row[5] + r * K * B), offset(integers, row[4] + r * B)
        for n in range(0, B, LANES):
            best, chosen = splat(F(-np.inf)), splat(F(0))
            for k in range(K):
                u = _drawn(integers[1], row[9], step, (n * L + r) * K + k, L * K) + F(_HALF_STEP)
                z = load(x, k * B + n) - log(-log(u))
                chosen = select(less(best, z), splat(F(k)), chosen)
                best = select(less(best, z), z, best)
            for k in range(LANES):
                y[n + k] = np.int64(lane(chosen, k))


def _places(call: Call, count: int) -> Any:
    """An index for every number: [count, lanes]."""
    return np.arange(call.lanes) * count + np.arange(count)[:, None]


def _reference_uniform(call: Call) -> Any:
    (spec,) = call.output_specs
    u = random_numbers(call.seed, call.attributes["stream"], call.step, _places(call, spec.size))
    return u.reshape(*spec.shape, call.lanes)


def _reference_normal(call: Call) -> Any:
    (spec,) = call.output_specs
    at, stream = 2 * _places(call, spec.size), call.attributes["stream"]
    u, v = (random_numbers(call.seed, stream, call.step, index) for index in (at, at + 1))
    z = np.sqrt(-2 * np.log(u + F(_HALF_STEP))) * np.cos(2 * np.pi * v)
    return z.reshape(*spec.shape, call.lanes)


def _reference_bernoulli(call: Call) -> Any:
    (p,) = call.inputs
    return (_reference_uniform(call) < p).astype(p.dtype)


def _reference_categorical(call: Call) -> Any:
    (x,) = call.inputs
    u = random_numbers(
        call.seed, call.attributes["stream"], call.step, _places(call, call.input_specs[0].size)
    )
    return (x - np.log(-np.log(u + F(_HALF_STEP))).reshape(x.shape)).argmax(-2)


def _infer_drawn(*, shape: Shape, stream: int) -> Spec:
    _check_stream(stream)
    return Spec(shape)


def _infer_bernoulli(p: Spec, *, stream: int) -> Spec:
    _check_stream(stream)
    if p != Spec(p.shape):
        raise ValueError(f"bernoulli takes probabilities for each example, not {p}")
    return p


def _infer_categorical(x: Spec, *, stream: int) -> Spec:
    _check_stream(stream)
    if x != Spec(x.shape) or not x.shape:
        raise ValueError(f"categorical takes logits [..., classes] for each example, not {x}")
    return Spec(x.shape[:-1], integer=True)


def _check_stream(stream: int) -> None:
    if not 0 <= stream < 2**32:
        raise ValueError(f"a sampler takes a stream of 32 bits, not {stream}")


def _sizes(node: Node, lanes: int) -> tuple[int, int, int]:
    return node.outputs[0].spec.size, lanes, node.attributes["stream"]


def _categorical_sizes(node: Node, lanes: int) -> tuple[int, int, int, int]:
    (x,), (y,) = node.inputs, node.outputs
    return y.spec.size, x.shape[-1], lanes, node.attributes["stream"]


def _declare(name: str, infer: Any, reference: Any, kernel: Any, sizes: Any = _sizes) -> Op:
    return Op(name, infer, reference, Kernel(name, kernel), sizes, lambda node, *_: [None] * len(node.inputs))


_uniform_op = _declare("uniform", _infer_drawn, _reference_uniform, _uniform)
_normal_op = _declare("normal", _infer_drawn, _reference_normal, _normal)
_bernoulli_op = _declare("bernoulli", _infer_bernoulli, _reference_bernoulli, _bernoulli)
_categorical_op = _declare(
    "categorical", _infer_categorical, _reference_categorical, _categorical, _categorical_sizes
)


def uniform(shape: Shape, *, stream: int) -> Tensor:
    """[batch, *shape] numbers in [0, 1)."""
    return _uniform_op(shape=tuple(shape), stream=stream)


def normal(shape: Shape, *, stream: int) -> Tensor:
    """[batch, *shape] numbers of mean 0 and variance 1."""
    return _normal_op(shape=tuple(shape), stream=stream)


def bernoulli(p: Tensor, *, stream: int) -> Tensor:
    """1 with probability p, else 0: [batch, ...] as p is."""
    return _bernoulli_op(p, stream=stream)


def categorical(logits: Tensor, *, stream: int) -> Tensor:
    """A class number of each place, in proportion to e^logit: [batch, ..., classes] to [batch, ...]."""
    return _categorical_op(logits, stream=stream)
