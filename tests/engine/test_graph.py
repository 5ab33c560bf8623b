"""What does not fit together is refused when the graph is built or planned, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.graph import Spec, constant, in_order, parameter, variable
from dlterm.engine.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

X, Y = variable("x", (3,)), variable("y", (3,))
LABEL, LABELS = variable("label", (), integer=True), variable("labels", (3,), integer=True)
P = parameter("p", np.zeros((2, 3)))
BIAS = parameter("bias", np.zeros(2))
DEEP = variable("deep", (2, 1, 2, 1, 2))

MISFITS: dict[str, Callable[[], Tensor]] = {
    "a weight for other inputs": lambda: ops.linear(variable("x", (4,)), P, BIAS),
    "a bias for other outputs": lambda: ops.linear(X, P, parameter("b", np.zeros(3))),
    "a layer's input without a batch": lambda: ops.linear(parameter("v", np.zeros(3)), P, BIAS),
    "a layer's weight with a batch": lambda: ops.linear(X, variable("w", (2, 3)), BIAS),
    "shapes that do not broadcast": lambda: X + variable("z", (4,)),
    "operands of two shapes": lambda: ops.add(X, variable("z", (4,))),
    "more axes than the kernels have loops": lambda: DEEP + constant(np.zeros((1, 2, 1, 2, 1))),
    "a sum to an axis that is not there": lambda: ops.reduce_sum(X, 1),
    "a sum that would make a batch": lambda: ops.sum_to(P, spec=Spec((), batched=True)),
    "a place that is not there": lambda: X[3],
    "a slice of nothing": lambda: X[3:],
    "more keys than axes": lambda: X[0, 0],
    "axes that are no order": lambda: ops.transpose(P, (0, 0)),
    "padding that takes away": lambda: ops.pad(X, (-1, 0)),
    "tensors of two widths beside each other": lambda: ops.concat(
        [P, parameter("q", np.zeros((3, 3)))], axis=1
    ),
    "steps of a parameter": lambda: ops.unstack(P)[0],
    "numbers picked by what is no number": lambda: ops.pick(X, X),
    "rows of what is no table": lambda: ops.embedding(LABEL, BIAS),
    "class numbers as numbers": lambda: ops.add(LABEL, LABEL),
    "class numbers times a number": lambda: LABEL * 2.0,
    "an activation of class numbers": lambda: ops.tanh(LABEL),
    "the sum of class numbers": lambda: ops.reduce_sum(LABEL),
    "dropout of a parameter": lambda: ops.dropout(P, stream=0),
    "dropout with a stream of 33 bits": lambda: ops.dropout(X, stream=2**32),
    "softmax of a number": lambda: ops.softmax(variable("x", ())),
    "causal softmax of what is not square": lambda: ops.softmax(variable("m", (2, 3)), causal=True),
    "softmax of a parameter": lambda: ops.softmax(BIAS),
    "a norm of a parameter": lambda: ops.layer_norm(BIAS, BIAS, BIAS),
    "a norm of one number": lambda: ops.layer_norm(variable("x", ()), BIAS, BIAS),
    "a norm's scale for other features": lambda: ops.layer_norm(X, BIAS, BIAS),
    "a norm's shift for other features": lambda: ops.layer_norm(variable("x", (2,)), BIAS, P),
    "channels that do not fit into groups": lambda: ops.group_norm(X, BIAS, BIAS, groups=2),
    "no groups": lambda: ops.group_norm(variable("x", (2,)), BIAS, BIAS, groups=0),
    "targets of another shape": lambda: ops.mse(X, variable("y", (2,))),
    "targets that are class numbers": lambda: ops.binary_cross_entropy(X, LABEL),
    "a loss of class numbers": lambda: ops.mse(LABELS, LABELS),
    "softmax of class numbers": lambda: ops.softmax(LABELS),
    "dropout of class numbers": lambda: ops.dropout(LABELS, stream=0),
    "a layer of class numbers": lambda: ops.linear(LABELS, P, BIAS),
    "labels that are numbers": lambda: ops.cross_entropy(X, Y),
    "logits of a matrix": lambda: ops.cross_entropy(variable("m", (2, 2)), LABEL),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"fit|differ|broadcast|takes"):
        MISFITS[name]()


def test_a_number_and_a_tensor_make_a_tensor_of_its_shape() -> None:
    for tensor in (X + 1, 1 + X, X - 1, 1 - X, X * 2, 2 * X, X / 2, 2 / X, -X):
        assert tensor.spec == X.spec


def test_nodes_come_after_those_they_need_and_only_once() -> None:
    shared = ops.tanh(X)
    nodes = in_order([ops.reduce_sum(shared * shared + shared)])
    seen: set[Tensor] = {X}
    for node in nodes:
        assert set(node.inputs) <= seen
        seen.update(node.outputs)
    assert len(nodes) == len(set(nodes)) == 4


def test_a_chain_deeper_than_pythons_stack_can_be_planned() -> None:
    h = X * parameter("scale", np.ones(3))
    for _ in range(3000):
        h = ops.tanh(h)
    assert len(plan(ops.reduce_sum(h), [h]).tapes["train"].instructions) > 6000


def test_a_tensor_shows_its_name_and_shape() -> None:
    assert repr(X) == "<x [batch, 3]>"
    assert repr(P) == "<p [2, 3]>"


def test_weights_lie_before_biases_and_each_on_a_multiple_of_sixteen() -> None:
    loss = ops.reduce_sum(ops.linear(X, P, BIAS))
    spans = plan(loss, []).parameters
    assert [tensor.name for tensor in spans] == ["p", "bias"]
    assert all(span.start % 16 == 0 for span in spans.values())


def test_a_parameter_may_be_one_number() -> None:
    assert parameter("slope", np.array(2.0)).shape == ()
