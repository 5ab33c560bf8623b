from __future__ import annotations

import numpy as np
import pytest

from dlterm.experiments.shapes import KINDS, SHAPES, placed, shapes


def test_the_same_seed_draws_the_same_pictures_and_another_others():
    once, again, other = shapes(40, seed=3), shapes(40, seed=3), shapes(40, seed=4)
    assert np.array_equal(once.inputs, again.inputs)
    assert np.array_equal(once.targets, again.targets)
    assert not np.array_equal(once.inputs, other.inputs)


def test_every_kind_is_drawn_as_often_in_grey_from_0_to_1():
    drawn = shapes(7 * 20, seed=0)
    assert drawn.classes == KINDS
    assert (np.bincount(drawn.targets) == 20).all()
    assert drawn.image == (1, 16, 16)
    assert (drawn.inputs.shape, drawn.inputs.dtype) == ((140, 256), np.float32)
    assert (drawn.inputs.min(), drawn.inputs.max()) == (0, 1)


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("size", [8, 16, 24])
def test_every_shape_lies_in_its_picture_and_is_seen(kind, size):
    lines = placed(SHAPES[kind], 50, size, 0.5, np.random.default_rng(0))
    assert lines.min() >= -1e-4
    assert lines.max() <= size - 1 + 1e-4
    assert (shapes(50, (kind,), seed=1, noise=0, size=size).inputs.sum(1) > 4).all()


@pytest.mark.parametrize(
    ("kind", "closed", "perpendicular", "equal"),
    [
        ("square", True, True, True),
        ("rectangle", True, True, False),
        ("rhombus", True, False, True),
        ("open square", False, True, True),
    ],
)
def test_each_of_the_four_lacks_one_thing_that_makes_a_square_one(kind, closed, perpendicular, equal):
    lines = placed(SHAPES[kind], 50, 16, 0.5, np.random.default_rng(0))
    starts, ends = lines[:, :, 0], lines[:, :, 1]
    along = ends - starts
    lengths = np.linalg.norm(along, axis=2)
    cosines = (along[:, 0] * along[:, 1]).sum(1) / (lengths[:, 0] * lengths[:, 1])
    assert np.allclose(ends[:, -1], starts[:, 0], atol=1e-3) == closed
    assert np.allclose(cosines, 0, atol=1e-3) == perpendicular
    assert np.allclose(lengths, lengths[:, :1], rtol=1e-3) == equal


def test_a_kind_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        shapes(10, ("dodecahedron",), seed=0)
