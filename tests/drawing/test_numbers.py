from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.drawing.chart_axes import log_ticks, nice_ticks
from dlterm.drawing.numbers import number_text, scientific


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1997, "1997"),
        (-45_678_901, "-45,678,901"),
        (12345.6, "12,346"),
        (0.97312, "0.9731"),
        (4.7e17, "4.7×10¹⁷"),
        (1e-7, "10⁻⁷"),
        (-1e20, "-10²⁰"),
        (float("nan"), "-"),
    ],
)
def test_a_number_is_written_as_it_is_read(value, text):
    assert number_text(value) == text


def test_a_unit_stands_behind():
    assert number_text(80, "W") == "80 W"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_is_long_nor_written_as_computers_do(value):
    text = number_text(value)
    assert len(text) <= 20
    assert "e" not in text


def test_an_axis_writes_all_its_ticks_in_one_way():
    assert log_ticks(2, 7, 6)[1] == ["10²", "10³", "10⁴", "10⁵", "10⁶", "10⁷"]
    assert nice_ticks(0, 10_000, 2)[1] == ["0", "5,000", "10,000"]
    assert nice_ticks(0, 2e6, 4)[1] == ["0", "5×10⁵", "10⁶", "1.5×10⁶", "2×10⁶"]
    assert nice_ticks(1950, 2020, 7)[1][:2] == ["1950", "1960"]


def test_a_factor_of_ten_is_not_written():
    assert [scientific(value, 3) for value in (1e6, 2.5e6, -1e6)] == ["10⁶", "2.5×10⁶", "-10⁶"]
