from __future__ import annotations

import pytest

from dlterm.course.shelf import shelf
from dlterm.drawing.show import as_text
from dlterm.drawing.table_chart import chart, history

CHARTED = [name for name, table in shelf().tables.items() if table.about.chart]


@pytest.mark.parametrize("name", CHARTED)
def test_every_row_with_both_numbers_is_a_point(name):
    table = shelf().tables[name]
    about = table.about.chart
    drawn = chart(table)
    points = sorted((x, y) for series in drawn.series for x, y in zip(series.x, series.y, strict=True))
    rows = [(row[about.x], row[about.y]) for row in table.records()]
    assert points == sorted(row for row in rows if None not in row)
    assert drawn.title == table.about.title


def test_chips_are_told_apart_by_their_kind_over_a_logarithmic_axis():
    drawn = chart(shelf().tables["chips"])
    assert drawn.log_y
    assert not drawn.log_x
    assert {series.name for series in drawn.series} >= {"cpu", "gpu"}
    assert "4004" in as_text(drawn)


def test_a_table_without_a_chart_has_none():
    assert chart(shelf().tables["frameworks"]) is None


def test_a_history_holds_the_years_asked_for():
    years = [event.year for event in history(shelf().tables["timeline"], 1956, 1969).events]
    assert years
    assert min(years) >= 1956
    assert max(years) <= 1969


def test_points_have_the_names_of_their_rows_not_their_numbers():
    assert "ResNet" in as_text(chart(shelf().tables["imagenet"]))
