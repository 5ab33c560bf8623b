"""Optimiser steps: one instruction over all parameters of a network, which lie in one span, weights before biases.

The gradient of the first `decayed` numbers (the weights) gets l1 sign(p) + l2 p added; biases are not decayed. The
hyper-parameters are read at every step, so they change live. Each op updates its inputs in place and has no output.

sgd: p -= lr g. momentum (Polyak 1964, as in PyTorch): v = momentum v + g, p -= lr v. nesterov (Nesterov 1983; Sutskever
et al., ICML 2013): the same v, p -= lr (g + momentum v). rmsprop (Tieleman and Hinton, lecture 6.5, 2012): v = rho v +
(1 - rho) g^2, p -= lr g / (sqrt(v) + epsilon). adam: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR
2015, arXiv:1412.6980; its step count t is an integer that it keeps beside m and v. adamw: Loshchilov and Hutter,
"Decoupled Weight Decay Regularization", ICLR 2019, arXiv:1711.05101: the decay is not added to the gradient, p loses lr
times it before the step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, helper, less, load, offset, select, splat, sqrt, store
from dlterm.engine.vector_math import keep

if TYPE_CHECKING:
    from collections.abc import Callable

F = np.float32
HYPER = {  # every hyper-parameter and its default; its place here is its slot
    "lr": 0.01, "momentum": 0.9, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "l1": 0.0, "l2": 0.0, "dropout": 0.0,
    "rho": 0.99, "clip": 1.0, "warmup": 0.0, "period": 1.0, "gamma": 0.1, "rate": 0.0,
}  # fmt: skip


@helper
def _decay(p: Any, g: Any, l1: Any, l2: Any, n: Any, decayed: Any) -> Any:
    """g + l1 sign(p) + l2 p for the numbers before `decayed`, g for the others."""
    zero = splat(F(0))
    sign = select(less(zero, p), splat(F(1)), select(less(p, zero), splat(F(-1)), zero))
    return g + keep(sign * l1 + p * l2, n, decayed)


def _sgd(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: p g, numbers decayed, slots of lr l1 l2."""
    p, g, N, decayed = offset(floats, row[4]), offset(floats, row[5]), row[6], row[7]
    lr, l1, l2 = F(hyper[row[8]]), F(hyper[row[9]]), F(hyper[row[10]])
    if l1 == F(0) and l2 == F(0):
        decayed = 0
    down = splat(-lr)
    for n in range(0, N, LANES):
        v, d = load(p, n), load(g, n)
        if n < decayed:
            d = _decay(v, d, l1, l2, n, decayed)
        store(p, n, fma(down, d, v))


def _momentum_kernel(nesterov: bool) -> Callable[..., None]:
    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        """Row: p g velocity, numbers decayed, slots of lr momentum l1 l2."""
        p, g, velocity = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
        N, decayed = row[7], row[8]
        down, mu = splat(-F(hyper[row[9]])), splat(F(hyper[row[10]]))
        l1, l2 = F(hyper[row[11]]), F(hyper[row[12]])
        for n in range(0, N, LANES):
            x = load(p, n)
            d = _decay(x, load(g, n), l1, l2, n, decayed)
            v = fma(mu, load(velocity, n), d)
            store(velocity, n, v)
            store(p, n, fma(down, fma(mu, v, d) if nesterov else v, x))

    return kernel


def _rmsprop(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: p g mean_square, numbers decayed, slots of lr rho epsilon l1 l2."""
    p, g, mean_square = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    N, decayed = row[7], row[8]
    down, rho, rest = splat(-F(hyper[row[9]])), splat(F(hyper[row[10]])), splat(F(1.0 - hyper[row[10]]))
    epsilon, l1, l2 = F(hyper[row[11]]), F(hyper[row[12]]), F(hyper[row[13]])
    for n in range(0, N, LANES):
        x = load(p, n)
        d = _decay(x, load(g, n), l1, l2, n, decayed)
        v = fma(rho, load(mean_square, n), rest * d * d)
        store(mean_square, n, v)
        store(p, n, fma(down, d / (sqrt(v) + epsilon), x))


def _adam_kernel(decoupled: bool) -> Callable[..., None]:
    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        """Row: p g m v t, numbers decayed, slots of lr beta1 beta2 epsilon l1 l2."""
        p, g = offset(floats, row[4]), offset(floats, row[5])
        m, v = offset(floats, row[6]), offset(floats, row[7])
        N, decayed = row[9], row[10]
        lr, beta1, beta2, epsilon = hyper[row[11]], hyper[row[12]], hyper[row[13]], hyper[row[14]]
        l1, l2 = F(hyper[row[15]]), F(hyper[row[16]])
        t = integers[row[8]] + 1
        integers[row[8]] = t
        down = splat(-F(lr / (1.0 - math.pow(beta1, float(t)))))
        correction = splat(F(1.0 / math.sqrt(1.0 - math.pow(beta2, float(t)))))
        b1, c1, b2, c2 = splat(F(beta1)), splat(F(1.0 - beta1)), splat(F(beta2)), splat(F(1.0 - beta2))
        for n in range(0, N, LANES):
            x, d = load(p, n), load(g, n)
            if decoupled:
                x = fma(splat(-F(lr)), _decay(x, splat(F(0)), l1, l2, n, decayed), x)
            else:
                d = _decay(x, d, l1, l2, n, decayed)
            first = fma(b1, load(m, n), c1 * d)
            second = fma(b2, load(v, n), c2 * d * d)
            store(m, n, first)
            store(v, n, second)
            store(p, n, fma(down, first / fma(sqrt(second), correction, splat(F(epsilon))), x))

    return kernel


def _penalty(call: Call) -> Any:
    """l1 sign(p) + l2 p for the numbers that are decayed."""
    p = call.inputs[0]
    weights = np.arange(p.size) < call.attributes["decayed"]
    l1, l2 = p.dtype.type(call.hyper["l1"]), p.dtype.type(call.hyper["l2"])
    return np.where(weights, l1 * np.sign(p) + l2 * p, 0)


def _decayed(call: Call) -> tuple[Any, Any]:
    """Parameters, and gradients with the decay added."""
    p, g = call.inputs[:2]
    return p, g + _penalty(call)


def _reference_sgd(call: Call) -> None:
    p, d = _decayed(call)
    p -= p.dtype.type(call.hyper["lr"]) * d


def _reference_momentum(call: Call) -> None:
    p, d = _decayed(call)
    velocity, mu = call.inputs[2], p.dtype.type(call.hyper["momentum"])
    velocity[...] = mu * velocity + d
    p -= p.dtype.type(call.hyper["lr"]) * velocity


def _reference_nesterov(call: Call) -> None:
    p, d = _decayed(call)
    velocity, mu = call.inputs[2], p.dtype.type(call.hyper["momentum"])
    velocity[...] = mu * velocity + d
    p -= p.dtype.type(call.hyper["lr"]) * (d + mu * velocity)


def _reference_rmsprop(call: Call) -> None:
    p, d = _decayed(call)
    mean_square, rho, number = call.inputs[2], call.hyper["rho"], p.dtype.type
    mean_square[...] = number(rho) * mean_square + number(1 - rho) * d * d
    p -= number(call.hyper["lr"]) * d / (np.sqrt(mean_square) + number(call.hyper["epsilon"]))


def _reference_adam(call: Call) -> None:
    _adam_step(call, _decayed(call)[1])


def _reference_adamw(call: Call) -> None:
    p, g = call.inputs[:2]
    p -= p.dtype.type(call.hyper["lr"]) * _penalty(call)
    _adam_step(call, g)


def _adam_step(call: Call, d: Any) -> None:
    p, _, m, v, t = call.inputs
    beta1, beta2, number = call.hyper["beta1"], call.hyper["beta2"], p.dtype.type
    t += 1
    m[...] = number(beta1) * m + number(1 - beta1) * d
    v[...] = number(beta2) * v + number(1 - beta2) * d * d
    root = np.sqrt(v) * number(1 / math.sqrt(1 - beta2 ** t.item()))
    p -= number(call.hyper["lr"] / (1 - beta1 ** t.item())) * m / (root + number(call.hyper["epsilon"]))


@dataclass(frozen=True)
class Optimizer:
    """An optimiser's op, and the state it keeps beside every parameter (floats) and for itself (integers)."""

    op: Op
    floats: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()


OPTIMIZERS: dict[str, Optimizer] = {}


def _declare(
    name: str,
    kernel: Callable[..., None],
    reference: Callable[[Call], None],
    hyper: str,
    floats: tuple[str, ...] = (),
    integers: tuple[str, ...] = (),
) -> None:
    """An optimiser over p, g and its own state; it updates all of them in place but g."""
    inputs = 2 + len(floats) + len(integers)

    def infer(*specs: Spec, decayed: int) -> tuple[Spec, ...]:
        if len(specs) != inputs or not 0 <= decayed <= specs[0].size:
            raise ValueError(f"{name}: {len(specs)} tensors, {decayed} decayed numbers")
        return ()

    def sizes(node: Node, _lanes: int) -> tuple[int, int]:
        return node.inputs[0].spec.size, node.attributes["decayed"]

    op = Op(
        name,
        infer,
        reference,
        Kernel(name, kernel),
        sizes,
        hyper=tuple(hyper.split()),
        updates=(0, *range(2, inputs)),
    )
    OPTIMIZERS[name] = Optimizer(op, floats, integers)


_declare("sgd", _sgd, _reference_sgd, "lr l1 l2")
_declare("momentum", _momentum_kernel(False), _reference_momentum, "lr momentum l1 l2", ("velocity",))
_declare("nesterov", _momentum_kernel(True), _reference_nesterov, "lr momentum l1 l2", ("velocity",))
_declare("rmsprop", _rmsprop, _reference_rmsprop, "lr rho epsilon l1 l2", ("mean_square",))
_declare("adam", _adam_kernel(False), _reference_adam, "lr beta1 beta2 epsilon l1 l2", ("m", "v"), ("t",))
_declare("adamw", _adam_kernel(True), _reference_adamw, "lr beta1 beta2 epsilon l1 l2", ("m", "v"), ("t",))
