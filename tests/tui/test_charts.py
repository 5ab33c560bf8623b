"""What the charts say of a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlterm.drawing import views
from dlterm.drawing.draw import draw
from dlterm.drawing.show import as_text
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.snapshot import Branch, Metrics
from dlterm.tui.charts import CHARTS, Choices, drawable, fitting
from tests.tui.support import seen, snapshot

BY_ID = {chart.id: chart for chart in CHARTS}
TWO = Recipe(data="moons", noise=0.3, count=200, hidden=(5, 4))
FOUR = Recipe(data="gaussians", noise=0.6, count=200, classes=4, hidden=(6,))
VALUES = Recipe(data="plane", count=200, hidden=(4,))


def view(chart, shown, **choices):
    return drawable(BY_ID[chart], shown, Choices(**choices))


def text(chart, shown, width=100, height=24, **choices):
    return as_text(view(chart, shown, **choices), width, height)


@pytest.mark.parametrize(
    ("recipe", "missing"),
    [(TWO, {"rmse"}), (FOUR, {"rmse", "roc"}), (VALUES, {"accuracy", "confusion", "roc", "calibration"})],
    ids=["two", "four", "values"],
)
def test_there_are_the_charts_that_say_something_of_the_data(recipe, missing):
    assert BY_ID.keys() - {chart.id for chart in fitting(seen(recipe, steps=1))} == missing


@pytest.mark.parametrize("recipe", [TWO, FOUR, VALUES], ids=["two", "four", "values"])
@pytest.mark.parametrize("size", [(1, 1), (19, 4), (46, 8), (76, 11), (200, 60)])
@pytest.mark.parametrize("depth", ["truecolor", "256", "16", "none"])
def test_every_chart_fits_every_size_and_depth(recipe, size, depth):
    shown = seen(recipe, example=3)
    for chart in fitting(shown):
        frame = draw(drawable(chart, shown, Choices()), *size, depth=depth)
        assert (frame.columns, frame.rows) == size


def test_what_needs_the_lens_waits_for_it():
    for chart in fitting(snapshot()):
        waits = "looking" in as_text(drawable(chart, snapshot(), Choices()))
        assert waits == chart.lens


def test_the_loss_names_the_newest_and_shows_other_branches_and_the_moment():
    shown = snapshot()
    other = Branch("run 1", 60, shown.curves)
    past = replace(shown, other_curves=(other,), at=10, latest=20, epochs=12.0)
    loss = view("loss", past, log=False)
    assert [series.name for series in loss.series] == ["train 0.1135", "test 0.1535", "run 1"]
    assert [series.style for series in loss.series] == [None, None, "muted"]
    assert [mark.x for mark in loss.marks] == [12.0]
    assert not view("loss", shown).marks


def test_in_the_past_the_legend_has_the_numbers_of_the_moment_and_the_curves_reach_to_the_newest():
    shown = snapshot()
    then = Metrics(0.4071, 0.4082, 0.71, 0.7)
    past = replace(shown, metrics=then, at=10, latest=20, epochs=12.0)
    assert "train 0.4071" in text("loss", past)
    assert "test 0.4082" in text("loss", past)
    assert "train 71.0 %" in text("accuracy", past)
    assert "test 70.0 %" in text("accuracy", past)
    assert view("loss", past).series[0].x[-1] == view("accuracy", past).series[0].x[-1] == 60


def test_the_scale_is_logarithmic_on_request_where_it_helps():
    shown = snapshot()
    falling = replace(shown, curves=replace(shown.curves, train_loss=np.geomspace(1, 1e-3, 60)))
    assert view("loss", falling, log=True).log_y
    assert not view("loss", falling, log=False).log_y
    assert not view("loss", shown, log=True).log_y


def test_quality_is_a_percentage_or_an_error_in_the_datas_units():
    assert "train 88.6 %" in text("accuracy", snapshot())
    values = seen(VALUES)
    assert f"train {values.metrics.train_rmse:.4g}" in text("rmse", values)


def test_the_confusion_counts_what_is_held_out():
    shown = seen(FOUR)
    confusion = view("confusion", shown).values
    held_out = shown.points.held_out
    assert confusion.sum() == held_out.sum()
    assert confusion.sum() - np.trace(confusion) == shown.lens.wrong[held_out].sum()
    assert "held out" in view("confusion", shown).title


def test_without_held_out_examples_those_trained_on_are_assessed():
    shown = seen(TWO.with_(test=0.0))
    assert "200 trained on" in view("confusion", shown).title
    assert view("confusion", shown).values.sum() == 200


def test_the_roc_passes_the_point_where_the_network_decides():
    shown = seen(TWO)
    roc = view("roc", shown)
    (mark,) = roc.marks
    held_out, lens = shown.points.held_out, shown.lens
    positive = shown.points.targets[held_out] == 1
    found = lens.chosen[held_out] == 1
    assert mark.y == pytest.approx(found[positive].mean())
    assert mark.x == pytest.approx(found[~positive].mean())
    curve = roc.series[0]
    assert np.interp(mark.x + 1e-9, curve.x, curve.y) >= mark.y - 1e-6
    auc = float(curve.name.removeprefix("AUC "))
    assert 0.5 < auc <= 1


def test_a_held_out_part_of_one_class_has_no_roc():
    shown = seen(TWO)
    points = replace(shown.points, targets=np.zeros_like(shown.points.targets))
    assert "all of one class" in text("roc", replace(shown, points=points))


def test_calibration_compares_how_sure_with_how_often_right():
    shown = seen(TWO)
    dots, diagonal, _ = view("calibration", shown).series
    told = dots.y[~np.isnan(dots.y)]
    assert ((told >= 0) & (told <= 1)).all()
    assert diagonal.x.tolist() == diagonal.y.tolist() == [0.5, 1.0]


def test_histograms_have_one_part_a_layer_and_gradients_their_norms():
    shown = seen(TWO)
    weights, gradients = view("histograms", shown).histograms, view("gradients", shown).histograms
    assert (
        [part.name for part in weights]
        == [part.name for part in gradients]
        == ["layer 1", "layer 2", "output"]
    )
    assert [part.counts.sum() for part in weights] == [10, 20, 4]
    assert all(part.note.startswith("norm ") for part in gradients)


# --- one example ----------------------------------------------------------------------------------------------------


def test_where_no_example_is_chosen_the_key_that_chooses_one_is_named():
    assert "press ⏎" in text("example", seen(TWO), 120, keys={"output.choose": "⏎"})


def test_an_example_is_told_number_by_number():
    shown = seen(TWO, example=7)
    lens = shown.lens.example
    told = text("example", shown)
    assert "example 8" in told
    assert f"{lens.loss:.3g}" in told
    for answer, error in zip(lens.activations, lens.errors, strict=True):
        for number in (answer[0], error[-1]):
            assert f"{number:+.3g}"[:5] in told or f"{number:+.2f}" in told


def test_the_sum_of_a_chosen_neuron_is_the_sum_of_its_products():
    shown = seen(TWO, example=7)
    table = view("example", shown, neuron=(2, 1))
    products = [float(row[3]) for row in table.rows]
    assert sum(products[:-1]) == pytest.approx(products[-1], abs=0.05)
    assert np.tanh(products[-1]) == pytest.approx(shown.lens.example.activations[1][1], abs=0.02)
    assert [row[0] for row in table.rows][-2:] == ["bias", "sum"]


def test_behind_a_batch_norm_no_sum_is_told_that_is_not_the_neurons():
    shown = seen(TWO.with_(norm="batch"), example=7)
    assert "sum" not in {row[0] for row in view("example", shown, neuron=(1, 0)).rows}
    assert "sum" in {row[0] for row in view("example", shown, neuron=(3, 0)).rows}


def test_rows_and_layers_are_scrolled_and_never_away():
    shown = seen(TWO, example=7)
    whole = view("example", shown)
    assert view("example", shown, first=(2, 0)).rows == whole.rows[2:]
    assert view("example", shown, first=(0, 2)).columns == ("", *whole.columns[3:])
    assert len(view("example", shown, first=(99, 99)).rows) == 1


def test_where_columns_have_no_room_none_is_cut():
    told = text("example", seen(TWO, example=7), 46, 8)
    assert "…" not in told.partition("\n")[2]
    assert "›" in told


def test_numbers_that_are_no_numbers_are_survived():
    shown = seen(TWO, example=7)
    lens = shown.lens
    nothing = replace(
        lens, answers=np.full_like(lens.answers, np.nan), losses=np.full_like(lens.losses, np.inf)
    )
    for chart in fitting(shown):
        assert as_text(drawable(chart, replace(shown, lens=nothing), Choices()))


def test_the_lens_answers_as_the_learner_predicts():
    learner = Learner(TWO)
    learner.advance(300)
    assert np.allclose(seen(TWO).lens.answers, learner.predict(learner.dataset.inputs))


def test_a_histogram_is_a_view_like_the_others():
    counts = views.Histogram("layer 1", np.linspace(-1, 1, 32), np.arange(31))
    assert "layer 1" in as_text(views.Histograms((counts,)))
