"""What the experiments on tables compute: fits, and where each figure is from."""

from __future__ import annotations

import pytest

from dlterm.course.shelf import shelf
from dlterm.experiments.catalogue import data_growth, moore
from dlterm.experiments.driving import run


def test_a_line_through_doublings_doubles():
    chips = [{"year": 1970 + 3 * k, "transistors": 1000 * 2**k} for k in range(6)]
    slope, _ = moore.fit(chips)
    assert 1 / slope == pytest.approx(3)
    assert data_growth.slope([{"year": 2000 + k, "value": 4**k} for k in range(4)]) == pytest.approx(2)


def test_every_chip_of_the_table_counts_but_the_wafers():
    chips = shelf().tables["chips"].records()
    assert run(moore.Moore()).measures["chips"] == sum(chip["kind"] != "wafer" for chip in chips)


def test_a_figure_whose_source_nobody_knows_is_counted(monkeypatch):
    rows = data_growth.figures()
    rows[0]["source"] = "hearsay2020"
    rows[1]["source"] = ""
    monkeypatch.setattr(data_growth, "figures", lambda: rows)
    result = run(data_growth.DataGrowth())
    assert result.measures["unsourced"] == 2
    assert not result.holds
    assert f"2 of {len(rows)} figures lack a source" in result.why
