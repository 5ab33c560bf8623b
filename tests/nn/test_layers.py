"""Layers: the shapes they make, the parameters they have, and how a model prints itself."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm import nn
from dlterm.engine import ops
from dlterm.engine.graph import Tensor, variable
from dlterm.nn.initializers import INITIALIZERS, fans, generator

IMAGE = variable("image", (3, 8, 6))
SHAPES = {
    "Conv2d": (nn.Conv2d(3, 5, name="c"), (5, 6, 4)),
    "Conv2d that keeps the size": (nn.Conv2d(3, 5, name="c", padding=1), (5, 8, 6)),
    "Conv2d with a stride, dilated": (
        nn.Conv2d(3, 6, (3, 1), name="c", stride=2, dilation=2, groups=3),
        (6, 2, 3),
    ),
    "MaxPool2d": (nn.MaxPool2d(), (3, 4, 3)),
    "AvgPool2d": (nn.AvgPool2d(4, stride=2), (3, 3, 2)),
    "Upsample": (nn.Upsample((2, 3)), (3, 16, 18)),
    "BatchNorm": (nn.BatchNorm(3, name="n"), (3, 8, 6)),
    "GroupNorm": (nn.GroupNorm(3, 3, name="n"), (3, 8, 6)),
    "LayerNorm": (nn.LayerNorm(6, name="n"), (3, 8, 6)),
    "Flatten": (nn.Flatten(), (144,)),
    "Residual": (nn.Residual([nn.Conv2d(3, 3, name="c", padding=1), ops.relu]), (3, 8, 6)),
    "Sequential": (nn.Sequential([nn.MaxPool2d(), nn.Flatten(), nn.Linear(36, 2, name="out")]), (2,)),
    "Linear": (nn.Linear(6, 4, name="l"), (3, 8, 4)),
    "Dropout": (nn.Dropout(name="d"), (3, 8, 6)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_layer_makes_the_shape_it_says(name: str) -> None:
    layer, shape = SHAPES[name]
    assert layer(IMAGE).shape == shape


def test_an_embedding_has_a_row_for_each_token() -> None:
    assert nn.Embedding(9, 4, name="e")(variable("t", (7,), integer=True)).shape == (7, 4)


def test_a_residual_block_must_keep_the_shape() -> None:
    with pytest.raises(ValueError, match=r"wide: .* cannot be added up"):
        nn.Residual([nn.Linear(6, 5, name="l")], name="wide")(IMAGE)


def test_heads_share_the_width() -> None:
    with pytest.raises(ValueError, match="3 heads do not share a width of 8"):
        nn.SelfAttention(8, 3, name="a")


def test_a_layer_knows_its_parameters_and_those_within() -> None:
    block = nn.TransformerBlock(8, 2, name="b")
    names = [tensor.name for tensor in block.parameters()]
    assert len(names) == len(set(names)) == 16
    assert {"b.norm1.weight", "b.attention.query.weight", "b.second.bias"} <= set(names)


def test_a_frozen_layer_says_so_of_its_parameters() -> None:
    assert all(tensor.frozen for tensor in nn.Conv2d(1, 2, name="c", frozen=True).parameters())


@pytest.mark.parametrize(
    ("name", "variance"),
    [("xavier", 2 / (54 + 180)), ("he", 2 / 54), ("lecun", 1 / 54), ("uniform", 1 / 162)],
)
def test_initialisers_count_the_fans_of_a_convolution(name: str, variance: float) -> None:
    shape = (20, 6, 3, 3)
    assert fans(shape) == (54, 180)
    values = np.concatenate([INITIALIZERS[name](generator(seed, "w"), shape).ravel() for seed in range(20)])
    assert values.var() == pytest.approx(variance, rel=0.03)


def test_weights_may_start_from_zero() -> None:
    assert not np.any(nn.Linear(3, 4, name="l", init="zeros").weight.initial)
    with pytest.raises(ValueError, match="no initialiser orthogonal; they are xavier"):
        nn.Linear(3, 4, name="l", init="orthogonal")


def test_a_model_prints_itself_as_a_table() -> None:
    network = nn.cnn((1, 8, 8), (4, 8), (16,), 10, batch_norm=True)
    assert str(network) == TABLE


TABLE = """\
layer         kind       output     parameters  multiply-adds
-------------------------------------------------------------
x             input      [64]
              reshape    [1, 8, 8]
conv1         Conv2d     [4, 8, 8]          40          2,304
conv1.norm    BatchNorm  [4, 8, 8]           8
              relu       [4, 8, 8]
conv2         Conv2d     [8, 8, 8]         296         18,432
conv2.norm    BatchNorm  [8, 8, 8]          16
              relu       [8, 8, 8]
pool2         MaxPool2d  [8, 4, 4]
flatten       Flatten    [128]
hidden1       Linear     [16]            2,064          2,048
hidden1.norm  BatchNorm  [16]               32
              relu       [16]
output        Linear     [10]              170            160
              identity   [10]
-------------------------------------------------------------
total                                    2,626         22,944"""


def test_a_table_counts_what_is_used_twice_once() -> None:
    layer, x = nn.Linear(4, 4, name="again"), variable("x", (4,))
    found = nn.summary(layer(ops.tanh(layer(x))))
    assert found.parameters == 20
    assert found.work == 32
    assert [row.name for row in found.rows] == ["x", "again", ""]


def test_a_table_names_what_is_frozen() -> None:
    y: Tensor = nn.Linear(2, 1, name="b")(nn.Linear(2, 2, name="a", frozen=True)(variable("x", (2,))))
    assert str(nn.summary(y)).endswith("6 of the parameters are frozen")


@pytest.mark.parametrize("image", [(1, 8, 8), (3, 5, 4), (1, 28, 28), (2, 1, 1)])
def test_a_cnn_takes_images_of_any_size(image: tuple[int, int, int]) -> None:
    network = nn.cnn(image, (4, 4, 4), (6,), 3)
    assert network.x.shape == (image[0] * image[1] * image[2],)
    assert network.output.shape == (3,)
    assert [layer.name for layer in network.layers] == ["conv1", "conv2", "conv3", "hidden1", "output"]
