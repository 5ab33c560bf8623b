"""The quiz in pictures: see test_lab."""

from __future__ import annotations

import pytest

from dlterm.quiz import bank as bank_module
from dlterm.quiz import opening
from dlterm.quiz.opening import Wish
from dlterm.tui.themes import DARK, LIGHT
from tests.tui.quiz_support import Quiz, asked, asked_on, settled, small_bank
from tests.tui.test_progress import learn, shown
from tests.tui.test_quiz import listed

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture(autouse=True)
def nothing_measured(monkeypatch):
    monkeypatch.setattr("dlterm.tui.trial.measured_path", lambda: None)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "p.sqlite3"


def still(pilot):
    pilot.app.screen.query_one("Line").cursor_blink = False


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("mode", ["quiz", "progress"])
def test_a_mode(snap_compare, path, mode, size, theme):
    learn(path)

    async def show(pilot):
        pilot.app.theme = theme
        if mode == "progress":
            await shown(pilot)
        else:
            await listed(pilot)

    assert snap_compare(Quiz(path, start=mode).app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_a_wrong_answer(snap_compare, path, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await asked(pilot)
        await pilot.press("a", "enter")
        await asked(pilot, state="told")
        await settled(pilot)

    assert snap_compare(Quiz(path, wish=asked_on("neuron-bias")).app, terminal_size=size, run_before=show)


KINDS = {
    "multiple": ["a", "b"],
    "truefalse": ["t"],
    "numeric": [*"42"],
    "order": ["space", "down"],
    "match": ["b"],
    "predict": ["c", "h"],
    "challenge": [*"hidden=4"],
}
ONES = {
    "multiple": "dl-when-features", "truefalse": "neuron-zero-inputs", "numeric": "neuron-weighted-sum",
    "order": "neuron-activations-order", "match": "neuron-parts-match", "predict": "learn-predict-optimiser",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_question(snap_compare, path, monkeypatch, kind):
    if kind not in ONES or ONES[kind] not in bank_module.bank().entries:
        found = small_bank(kind)
        for module in (bank_module, opening):
            monkeypatch.setattr(module, "bank", lambda: found)
    name = ONES.get(kind, kind) if ONES.get(kind) in bank_module.bank().entries else kind

    async def show(pilot):
        await asked(pilot)
        still(pilot)
        await pilot.press(*KINDS[kind])
        await settled(pilot)

    assert snap_compare(Quiz(path, wish=asked_on(name)).app, terminal_size=(100, 30), run_before=show)


def test_how_it_went(snap_compare, path):
    async def show(pilot):
        for keys in (["n"], ["a", "enter"], ["n"]):
            await asked(pilot)
            await pilot.press(*keys)
            await asked(pilot, state="told")
            await pilot.press("enter")
        await asked(pilot)
        await pilot.press("escape")
        await asked(pilot, state="over")
        await settled(pilot)

    wish = Wish("topic", ("single",), count=5, seed=3)
    assert snap_compare(Quiz(path, wish=wish).app, terminal_size=(120, 40), run_before=show)


def test_no_colour(snap_compare, path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def show(pilot):
        await asked(pilot)
        await pilot.press("a", "enter")
        await asked(pilot, state="told")
        await settled(pilot)

    assert snap_compare(Quiz(path, wish=asked_on("neuron-bias")).app, terminal_size=(80, 24), run_before=show)
