"""A race as views: who leads, how all stand, their curves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlterm.drawing import race, views
from dlterm.drawing.draw import draw
from tests.tui.race_support import race_snapshot


def standing(snapshot, *qualities):
    some = (snapshot.standings * 4)[: len(qualities)]
    return replace(
        snapshot,
        standings=tuple(
            replace(each, test_quality=quality) for each, quality in zip(some, qualities, strict=True)
        ),
    )


@pytest.mark.parametrize(
    ("task", "qualities", "lead"),
    [
        ("classification", (0.9, 0.95, 0.8), {1}),
        ("classification", (0.95, 0.9504, 0.8), {0, 1}),
        ("classification", (0.9, 0.9), set()),
        ("regression", (0.9, 0.95, 0.8), {2}),
        ("regression", (float("nan"), 0.95), {1}),
    ],
)
def test_those_lead_that_are_best_as_far_as_is_shown(task, qualities, lead):
    assert race.leaders(replace(standing(race_snapshot(), *qualities), task=task)) == lead


def test_where_nothing_is_held_out_what_is_trained_on_decides():
    snapshot = standing(race_snapshot(), None, None)
    assert snapshot.standings[0].train_quality > snapshot.standings[1].train_quality
    assert race.leaders(snapshot) == {0}


def test_a_classic_model_is_a_level_line_of_accuracy_and_has_no_loss():
    snapshot = race_snapshot(lines=("lr=0.1", "svm"))
    by_id = {chart.id: chart for chart in race.CHARTS}
    assert [each.name for each in race.curves(snapshot, by_id["loss"]).series] == ["A network"]
    network, svm = race.curves(snapshot, by_id["tested"]).series
    assert svm.name == "B SVM (RBF)"
    assert set(svm.y) == {100 * snapshot.standings[1].test_quality}
    assert svm.x[-1] == network.x[-1]


def test_a_race_of_classic_models_alone_says_why_there_is_no_loss():
    snapshot = race_snapshot(lines=("svm", "tree"))
    assert isinstance(race.curves(snapshot, race.CHARTS[0]), views.Text)


@pytest.mark.parametrize("depth", ["truecolor", "none"])
@pytest.mark.parametrize("chart", race.CHARTS, ids=lambda chart: chart.id)
def test_everybody_is_in_the_legend(chart, depth):
    snapshot = race_snapshot(lines=("lr=0.001", "lr=0.01", "lr=0.1"))
    text = str(draw(race.curves(snapshot, chart), 100, 20, depth=depth))
    assert all(f"{letter} lr=" in text for letter in "ABC")


def test_the_table_says_of_what_a_size_is():
    text = str(draw(race.standings_table(race_snapshot(lines=("lr=0.1", "svm"))), 120, 6))
    assert "105 parameters" in text
    assert "87 support vectors" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0123, "12.3 ms"), (0.9, "900 ms"), (1.234, "1.23 s"), (61.5, "61.5 s"), (1234, "1,234 s")],
)
def test_times_have_three_digits(seconds, text):
    assert race.duration(seconds) == text


def test_a_short_name_is_its_values():
    assert race.short_name("optimizer=sgd lr=0.1") == "sgd 0.1"
    assert race.short_name("SVM (RBF)") == "SVM (RBF)"
