"""What several tests of the drawings need: small networks, points, and the colour of a pixel."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from dlterm.training.snapshot import Curves, Points


def channels(colour):
    return colour >> 16, colour >> 8 & 255, colour & 255


def is_orange(colour):
    red, _, blue = channels(colour)
    return red > blue + 60


def is_blue(colour):
    red, _, blue = channels(colour)
    return blue > red + 60


def pixels(frame):
    """The colours of the half blocks, [2 * rows, columns]."""
    colours = np.empty((2 * frame.rows, frame.columns), np.int64)
    inked = np.array([[glyph == "▀" for glyph in row] for row in frame.glyphs])
    colours[0::2] = np.where(inked, frame.foreground, frame.background)
    colours[1::2] = frame.background
    return colours


def assert_whole(frame, columns, rows):
    """A frame of this size, with one glyph a cell."""
    assert (frame.columns, frame.rows) == (columns, rows)
    assert len(frame.glyphs) == rows
    assert all(len(row) == columns for row in frame.glyphs)
    assert frame.foreground.shape == frame.background.shape == (rows, columns)


def network(sizes, *, scale=1.0, seed=0):
    """Maps, weights and biases of a network with these layers."""
    random = np.random.default_rng(seed)
    weights = tuple(
        (scale * random.normal(size=(after, before))).astype(np.float32) for before, after in pairwise(sizes)
    )
    biases = tuple(random.normal(size=units).astype(np.float32) for units in sizes[1:])
    maps = tuple(random.uniform(-1, 1, (units, 20, 20)).astype(np.float32) for units in sizes)
    return maps, weights, biases


def points(inputs, targets, held_out):
    return Points(
        np.array(inputs, np.float32).reshape(-1, 2),
        np.array(targets, np.float32),
        np.array(held_out, np.bool_),
    )


def curves(train, test=None):
    train = np.array(train, np.float64)
    test = train + 0.1 if test is None else np.array(test, np.float64)
    return Curves(np.arange(1.0, len(train) + 1), train, test, 1 - train, 1 - test)
