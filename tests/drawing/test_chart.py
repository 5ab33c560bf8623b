from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.drawing import views
from dlterm.drawing.chart import loss_chart
from dlterm.drawing.chart_axes import log_ticks, nice_ticks
from dlterm.drawing.draw import draw
from dlterm.drawing.palette import DARK, LIGHT
from dlterm.training.snapshot import Curves
from tests.drawing.support import assert_whole, curves

NAN = np.nan
FALLING = np.exp(-np.arange(200) / 40)


def rows_of(frame, colour):
    """The uppermost row in which a colour's braille dots stand, by column."""
    return {
        column: row
        for row, line in reversed(list(enumerate(frame.glyphs[1:])))
        for column, glyph in enumerate(line)
        if "⠀" < glyph <= "⣿" and frame.foreground[row + 1, column] == colour
    }


def test_a_falling_loss_falls_from_left_to_right():
    rows = rows_of(loss_chart(curves(FALLING), 80, 20, DARK), DARK.train)
    assert rows[min(rows)] < rows[max(rows)]


def test_train_and_test_have_their_own_colours_and_the_background_is_the_themes():
    for theme in (DARK, LIGHT):
        frame = loss_chart(curves(FALLING), 80, 20, theme)
        assert rows_of(frame, theme.train)
        assert rows_of(frame, theme.test)
        assert (frame.background == theme.background).all()


def test_the_legend_names_the_newest_values_above_the_data():
    legend, *rest = loss_chart(curves([0.9, 0.25], [1.0, 0.5]), 80, 12, DARK, "accuracy").glyphs
    assert "train 0.25" in legend
    assert "test 0.5" in legend
    assert "accuracy 75.0% / 50.0%" in legend
    assert "train" not in "".join(rest)


def test_the_first_and_the_last_epoch_are_at_the_ends():
    frame = loss_chart(curves(FALLING), 80, 20, DARK)
    columns = rows_of(frame, DARK.train)
    assert max(columns) == 79
    assert min(columns) < 6


@pytest.mark.parametrize(
    "losses", [[], [0.5], [0.5, 0.4], [NAN], [NAN, 0.3, NAN], [0.0, 0.0], [1e30, np.inf], [2, 2, 2]]
)
@pytest.mark.parametrize("log", [False, True])
def test_few_or_broken_losses_give_a_whole_chart(losses, log):
    assert_whole(loss_chart(curves(losses), 60, 12, DARK, log=log), 60, 12)


def test_gaps_leave_the_rest_drawn():
    broken = FALLING.copy()
    broken[50:150] = NAN
    rows = rows_of(loss_chart(curves(broken), 80, 20, DARK), DARK.train)
    assert min(rows) < 10
    assert max(rows) == 79


def test_a_spike_among_a_thousand_epochs_is_seen():
    losses = np.full(1000, 0.1)
    losses[517] = 1.0
    rows = rows_of(loss_chart(curves(losses, losses * NAN), 60, 20, DARK), DARK.train)
    assert min(rows.values()) <= 1


@pytest.mark.parametrize("rows", [6, 12, 20])
def test_a_loss_of_zero_lies_at_the_bottom_of_a_logarithmic_axis_up_to_the_newest_epoch(rows):
    losses = np.concatenate([FALLING, np.zeros(800)])
    for frame in (
        loss_chart(curves(losses, losses), 60, rows, DARK, log=True),
        draw(
            views.Curves((views.Series("", np.arange(1.0, 1001), losses, style="train"),), log_y=True),
            60,
            rows,
        ),
    ):
        found = rows_of(frame, DARK.train)
        assert max(found) == 59
        assert {row for column, row in found.items() if column > 20} == {rows - 4}
        assert "1,000" in frame.glyphs[-1] or "1000" in frame.glyphs[-1]
        assert "10⁻" not in str(frame)


def test_losses_of_zero_alone_are_a_line_at_zero():
    for frame in (
        loss_chart(curves(np.zeros(50), np.zeros(50)), 60, 12, DARK, log=True),
        draw(
            views.Curves((views.Series("", np.arange(50.0), np.zeros(50), style="train"),), log_y=True),
            60,
            12,
        ),
    ):
        assert len(rows_of(frame, DARK.train)) > 50
        assert frame.glyphs[-3].lstrip().startswith("0┤⠐")
        assert frame.glyphs[1].lstrip().startswith("1┤")


@pytest.mark.parametrize("epoch", [0.0, 0.25])
def test_a_single_record_at_the_beginning_stands_on_an_axis_from_0_to_1(epoch):
    x, y = np.array([epoch]), np.array([0.7])
    for frame in (
        loss_chart(Curves(np.array([0.0]), y, y, y, y), 60, 12, DARK),
        draw(views.Curves((views.Series("", x, y),)), 60, 12),
    ):
        assert frame.glyphs[-1].split() == ["0", "1"]


def test_without_losses_the_chart_says_why():
    assert "no epoch yet" in str(loss_chart(curves([]), 60, 12, DARK))
    assert "no loss that can be drawn" in str(loss_chart(curves([NAN], [NAN]), 60, 12, DARK))


def test_without_colours_train_and_test_have_their_own_marks():
    text = str(loss_chart(curves(FALLING, FALLING + 1), 60, 14, DARK, depth="none"))
    assert text.count("•") > 20
    assert any("⠀" < glyph <= "⣿" for glyph in text)


def test_charts_from_several_threads_are_whole():
    def draw(number):
        return str(loss_chart(curves(FALLING * number), 60, 14, DARK))

    alone = [draw(number) for number in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw, range(1, 9))) == alone


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 200), st.integers(1, 80), st.integers(0, 50), st.booleans())
def test_any_size_gives_a_whole_chart(columns, rows, epochs, log):
    assert_whole(loss_chart(curves(FALLING[:epochs]), columns, rows, DARK, "rmse", log=log), columns, rows)


def ticked(frame):
    """What the left axis is labelled with, by row from above, and how many rows it has."""
    rows = [line for line in frame.glyphs[1:] if "┤" in line or "│" in line]
    return {row: line.split("┤")[0].strip() for row, line in enumerate(rows) if "┤" in line}, len(rows)


@settings(max_examples=80, deadline=None)
@given(st.floats(-5, 4), st.floats(0.05, 9), st.integers(4, 24), st.booleans())
def test_a_chart_of_any_height_has_ticks_near_both_ends_of_the_loss(least, decades, rows, log):
    losses = 10 ** np.linspace(least + decades, least, 50)
    view = views.Curves((views.Series("", np.arange(50.0), losses),), log_y=log)
    for frame in (loss_chart(curves(losses, losses), 60, rows, DARK, log=log), draw(view, 60, rows)):
        labels, height = ticked(frame)
        assert len(set(labels.values())) == len(labels) >= 2
        assert min(labels) <= height / 3
        assert max(labels) >= height * 2 / 3 - 1
        assert max(labels) - min(labels) >= height // 2
        assert len(labels) == 2 or min(np.diff(list(labels))) >= 2 or height < 9
        assert (
            len({"10" in text and text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" for text in labels.values() if text != "0"}) == 1
        )


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e6), st.integers(1, 20))
def test_ticks_are_few_and_inside(widths, width, count):
    low = widths * width
    positions, labels = nice_ticks(low, low + width, count)
    assert len(positions) == len(set(labels)) <= 2 * count + 1
    assert all(low - width * 1e-6 <= position <= low + width * (1 + 1e-6) for position in positions)


def test_ticks_are_round_numbers():
    assert nice_ticks(0, 1, 5)[1] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert nice_ticks(0, 3, 6, whole=True)[1] == ["0", "1", "2", "3"]
    assert log_ticks(-3, 1, 4)[1] == ["0.001", "0.01", "0.1", "1", "10"]
    assert log_ticks(-1, 0, 6)[1] == ["0.1", "0.2", "0.5", "1"]


def test_plotext_waits_for_the_first_chart():
    code = "import dlterm.drawing.chart, sys; sys.exit('plotext' in sys.modules or 'textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
