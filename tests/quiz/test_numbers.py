"""A number is a number, however its country writes it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.quiz.numbers import readings

WRITTEN = {
    "7850": 7850, "7,850": 7850, "7.850": 7850, "7 850": 7850, "7'850": 7850, "7’850": 7850, "7_850": 7850,
    "7\u202f850": 7850, "1,234,567.5": 1234567.5, "1.234.567,5": 1234567.5, "1 234 567,5": 1234567.5,
    "0.5": 0.5, "0,5": 0.5, ".5": 0.5, ",5": 0.5, "5.": 5, "1/2": 0.5, "1 / 2": 0.5, "½": 0.5, "1½": 1.5,
    "1 1/2": 1.5, "3⁄4": 0.75, "-3": -3, "−3": -3, "– 3": -3, "+3": 3, "1e3": 1000, "1E-3": 0.001,
    "2×10^5": 2e5, "2 · 10⁵": 2e5, "2*10**5": 2e5, "10³": 1000, "2^10": 1024, "10^-2": 0.01, "10⁻²": 0.01,
    "50%": 0.5, "50 %": 0.5, "50 percent": 0.5, "12k": 12000, "1.5 million": 1.5e6, "3 billion": 3e9,
    "z = 3": 3, "≈ 3": 3, "= -3": -3, "３": 3, "٣": 3, "  42  ": 42, "42.": 42,
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_read(text):
    assert any(math.isclose(value, WRITTEN[text]) for value in readings(text))


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "three", "1/0", "nan", "inf", "1e999", "9^99999", "1,2,3", "1..2", "--1", "3 apples", "1 2 3",
     "0x10", "9" * 99, "1/2/3", "^3", "/2", "0^-1"],
)  # fmt: skip
def test_what_is_no_number_is_none(text):
    assert readings(text) == ()


@pytest.mark.parametrize("text", ["12", "12 ms", "12ms", "12 MS", "12 ms.", "0.012k ms"])
def test_a_unit_may_be_left_out_but_not_be_another(text):
    assert any(math.isclose(value, 12) for value in readings(text, "ms"))
    assert readings("12 s", "ms") == ()


def test_units_have_plurals_and_per_cent_is_a_unit_where_it_is_asked_for():
    assert readings("3 bits", "bit") == readings("3 bit", "bit") == (3,)
    assert readings("40 %", "%") == readings("40", "%") == readings("40 percent", "%") == (40,)


def test_one_thousand_or_one_is_both():
    assert set(readings("1,000")) == set(readings("1.000")) == {1000, 1}


WHOLE = st.integers(-(10**12), 10**12)


@given(WHOLE, st.sampled_from([",", ".", " ", "'", "\u2009", "\u00a0", "_"]))
def test_whole_numbers_in_groups_are_themselves(number, gap):
    assert float(number) in readings(f"{number:,}".replace(",", gap))


@given(st.decimals(-(10**6), 10**6, places=4), st.sampled_from(".,"), st.sampled_from("-−–"))
def test_decimals_are_themselves_with_point_or_comma(number, point, minus):
    text = f"{number:f}".replace(".", point).replace("-", minus)
    assert any(math.isclose(value, float(number), rel_tol=1e-12, abs_tol=1e-12) for value in readings(text))


@given(st.integers(-999, 999), st.integers(1, 999))
def test_fractions_are_their_quotient(above, below):
    assert any(math.isclose(value, above / below) for value in readings(f"{above}/{below}"))


@given(st.text(max_size=80), st.text(max_size=8))
def test_any_text_is_read_without_harm(text, unit):
    assert all(math.isfinite(value) for value in readings(text, unit))
