from __future__ import annotations

import numpy as np
import pytest

from dlterm.engine.graph import Tensor, in_order, leaves
from dlterm.nn import cnn, mlp


def parameters(**changes: object) -> dict[str, np.ndarray]:
    settings: dict[str, object] = {"inputs": 2, "hidden": (8, 4), "outputs": 3, "seed": 0, **changes}
    network = mlp(**settings)  # type: ignore[arg-type]
    tensors = leaves(in_order(network.layers), "parameter")
    return {t.name: t.initial for t in tensors if t.initial is not None}


def test_shapes_are_outputs_by_inputs() -> None:
    shapes = {name: array.shape for name, array in parameters().items()}
    assert shapes == {
        "hidden1.weight": (8, 2), "hidden1.bias": (8,),
        "hidden2.weight": (4, 8), "hidden2.bias": (4,),
        "output.weight": (3, 4), "output.bias": (3,),
    }  # fmt: skip


def test_first_weights_depend_on_the_seed_and_on_nothing_else() -> None:
    same, other = parameters(), parameters(seed=1)
    deeper = parameters(hidden=(8, 4, 4))
    np.testing.assert_array_equal(parameters()["hidden1.weight"], same["hidden1.weight"])
    np.testing.assert_array_equal(deeper["hidden2.weight"], same["hidden2.weight"])
    assert not np.array_equal(other["hidden1.weight"], same["hidden1.weight"])


def test_initialisers_have_the_variance_their_papers_give() -> None:
    wide = {"inputs": 300, "hidden": (500,), "outputs": 1}
    xavier = parameters(**wide, activation="tanh")["hidden1.weight"]
    he = parameters(**wide, activation="relu")["hidden1.weight"]
    assert np.isclose(xavier.var(), 2 / (300 + 500), rtol=0.02)
    assert np.isclose(he.var(), 2 / 300, rtol=0.02)
    assert abs(xavier.mean()) < 1e-3


def test_biases_start_at_zero() -> None:
    assert not any(array.any() for name, array in parameters().items() if name.endswith("bias"))


def test_layers_are_seen_after_their_activation() -> None:
    network = mlp(2, (4,), 1, activation="tanh")
    node = network.layers[0].node
    assert node is not None
    assert node.op.name == "tanh"
    assert [layer.name for layer in network.layers] == ["hidden1", "output"]


def ops(layers: tuple[Tensor, ...]) -> list[str]:
    return [layer.node.op.name for layer in layers if layer.node is not None]


def test_every_hidden_layer_can_have_an_activation_of_its_own() -> None:
    assert ops(mlp(2, (4, 3), 1, activation=("relu", "tanh")).layers) == ["relu", "tanh", "identity"]
    network = cnn((1, 8, 8), (2,), (4, 3), 1, activation=("gelu", "relu", "tanh"))
    assert ops(network.layers) == ["gelu", "relu", "tanh", "identity"]


def test_first_weights_suit_the_activation_of_their_own_layer() -> None:
    mixed = parameters(activation=("relu", "tanh"))
    np.testing.assert_array_equal(mixed["hidden1.weight"], parameters(activation="relu")["hidden1.weight"])
    np.testing.assert_array_equal(mixed["hidden2.weight"], parameters(activation="tanh")["hidden2.weight"])


def test_another_number_of_activations_than_of_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="1 activations for 2 hidden layers"):
        mlp(2, (4, 3), 1, activation=("relu",))
