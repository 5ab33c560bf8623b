"""A frame on paper shows what it shows on a screen: the same colours at the same places, and all of its words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dlterm.drawing import views
from dlterm.drawing.draw import draw
from dlterm.drawing.frame import Frame
from dlterm.drawing.palette import LIGHT
from dlterm.drawing.svg import as_svg

SVG = "{http://www.w3.org/2000/svg}"
INK, GROUND, PAPER = 0x112233, 0xAABBCC, 0xFFFFFF


def frame(*rows, ground=PAPER):
    shape = len(rows), len(rows[0])
    return Frame(rows, np.full(shape, INK, np.int32), np.full(shape, ground, np.int32))


def parsed(shown):
    return ET.fromstring(as_svg(shown, "What it shows"))


def boxes(root):
    """Colour and place of every rectangle."""
    return {
        (path.get("fill"), *map(float, found))
        for path in root.iter(f"{SVG}path")
        for found in re.findall(r"M(\S+) (\S+)h(\S+)v(\S+)h-\S+z", path.get("d"))
    }


@pytest.mark.parametrize(
    ("glyph", "place"),
    [("█", (0, 0, 8, 16)), ("▀", (0, 0, 8, 8)), ("▄", (0, 8, 8, 8)), ("▌", (0, 0, 4, 16)), ("▁", (0, 14, 8, 2))],
)  # fmt: skip
def test_a_block_covers_its_part_of_the_cell(glyph, place):
    assert boxes(parsed(frame(glyph))) == {("#112233", *place)}


def test_equal_neighbours_are_one_shape_and_the_papers_colour_is_none():
    assert boxes(parsed(frame("███"))) == {("#112233", 0, 0, 24, 16)}
    assert boxes(parsed(frame("   "))) == set()
    assert boxes(parsed(frame("  ", "  ", ground=GROUND))) == {
        ("#aabbcc", 0, 0, 16, 16),
        ("#aabbcc", 0, 16, 16, 16),
    }


def test_words_are_as_wide_as_their_cells_and_none_is_lost():
    (text,) = parsed(frame("  a<b & c ")).iter(f"{SVG}text")
    assert (text.text, text.get("x"), text.get("textLength")) == ("a<b & c", "16", "56")


def test_every_dot_of_a_curve_is_there():
    (path,) = parsed(frame("⣿")).iter(f"{SVG}path")
    assert path.get("d").count("M") == 8
    (path,) = parsed(frame("⠁")).iter(f"{SVG}path")
    assert path.get("d").startswith("M0.6 2a")


def test_a_box_is_closed():
    (path,) = parsed(frame("┌┐", "└┘")).iter(f"{SVG}path")
    assert path.get("d").count("M") == 8
    assert not list(parsed(frame("┌┐", "└┘")).iter(f"{SVG}text"))


def test_a_picture_says_what_it_shows_and_scales():
    root = ET.fromstring(as_svg(frame("ab"), 'He said "<no>"', scale=0.5))
    assert root.get("aria-label") == 'He said "<no>"'
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 16 16", "8", "8")


VIEWS = [
    views.Flow(("one", "two")),
    views.Bars(("a", "b"), np.array([1.0, 2.0]), "m"),
    views.Curves((views.Series("s", np.arange(9.0), np.arange(9.0)),), "x", "y"),
    views.Field(np.zeros((1, 8, 8), np.float32), title="Over the plane"),
    views.Table(("a", "wide"), (("宽", 1), (None, 2.5))),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_every_word_that_a_view_shows_is_on_paper(view):
    shown = draw(view, 60, 12, LIGHT)
    root = parsed(shown)
    words = re.findall(r"\w+", str(shown))
    assert words
    written = " ".join(text.text for text in root.iter(f"{SVG}text"))
    assert [word for word in words if word not in written] == []
