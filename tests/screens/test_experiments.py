"""Experiments in pictures: see test_lab."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dlterm.drawing import views
from dlterm.experiments.catalogue.xor import Xor
from dlterm.experiments.experiment import Experiment, Moment
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.registry import entries
from dlterm.tui.themes import DARK, LIGHT
from tests.tui.experiment_support import Alone, Climbing
from tests.tui.support import Lab, snapshot

SOME = {"neuron", "gradient-descent", "perceptron", "xor", "overfitting", "moore", "data-growth"}
SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture(autouse=True)
def no_results_and_no_clock(monkeypatch, tmp_path):
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("dlterm.experiments.driving.time", SimpleNamespace(perf_counter=lambda: 0.0))


class Still(Experiment):
    """What XOR says, of pictures that are always the same; it ends at once."""

    id, title, question, chapter, order, lesson, budget = (
        *(Xor.id, Xor.title, Xor.question),
        *(Xor.chapter, Xor.order, Xor.lesson, Xor.budget),
    )
    predictions, confirmed, claim, measures = Xor.predictions, Xor.confirmed, Xor.claim, Xor.measures
    starts, steps = (
        Whole(50, "starts", low=5, high=300),
        Whole(600, "training steps from each", low=50, high=5000),
    )
    rate = Number(0.1, "learning rate (Adam)", low=0.001, high=1.0, live=True)

    lasts = 0.0

    def run(self, seed):
        lab = snapshot()
        field = views.Field(lab.field, lab.domain, lab.points, title="2-4-1")
        curves = lab.curves
        loss = views.Curves(
            (
                views.Series("train", curves.epochs, curves.train_loss, style="train"),
                views.Series("test", curves.epochs, curves.test_loss, style="test"),
            ),
            "epoch",
            "loss",
            title="loss",
        )
        solved = views.Bars(
            ("2-1", "2-2-1", "2-4-1"), np.array([0.0, 54.0, 98.0]), "%", title="starts that learn"
        )
        yield Moment(
            {"field": field, "loss": loss, "solved": solved}, 0.42, "start 21 of 50", linger=self.lasts
        )
        return {"one_layer": 0.75, "two_hidden": 0.54, "four_hidden": 0.98}

    why = Xor.why


class Lasting(Still):
    id = "xor"
    lasts = 3600.0


def _same(snap_compare, monkeypatch, kind, size, theme, key):
    """Whether the page looks as it did: asking, or after this key with its views drawn and its verdict told."""
    page = Alone(monkeypatch, kind)

    async def show(pilot):
        pilot.app.theme = theme
        if not key:
            await page.asked(pilot)
        elif kind is Lasting:
            await page.running(pilot, key)
        else:
            await page.ended(pilot, key)
        await pilot.app.workers.wait_for_complete()

    return snap_compare(page.app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_list(snap_compare, monkeypatch, size, theme):
    monkeypatch.setattr("dlterm.experiments.results._computed_with", lambda name: name)
    some = [entry for entry in entries() if entry.id in SOME]  # so that another experiment changes no picture
    monkeypatch.setattr("dlterm.tui.screens.experiments.entries", lambda: some)
    lab = Lab(start="experiments")

    async def show(pilot):
        pilot.app.theme = theme
        await pilot.pause(0.5)
        await pilot.app.workers.wait_for_complete()
        await pilot.press("down", "down", "down")
        await pilot.pause(0.2)

    assert snap_compare(lab.app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_prediction(snap_compare, monkeypatch, size, theme):
    assert _same(snap_compare, monkeypatch, Still, size, theme, "")


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_run(snap_compare, monkeypatch, size, theme):
    assert _same(snap_compare, monkeypatch, Lasting, size, theme, "2")


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_verdict(snap_compare, monkeypatch, size, theme):
    assert _same(snap_compare, monkeypatch, Still, size, theme, "2")


def test_a_canvas(snap_compare, monkeypatch):
    assert _same(snap_compare, monkeypatch, Climbing, (120, 40), DARK.name, "1")


def test_no_colour(snap_compare, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert _same(snap_compare, monkeypatch, Still, (80, 24), DARK.name, "2")
