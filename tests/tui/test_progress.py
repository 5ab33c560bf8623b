"""Progress in the app: what `dlterm progress` prints, drawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.containers import VerticalScroll

from dlterm.drawing.draw import draw
from dlterm.quiz import views
from dlterm.quiz.bank import bank
from dlterm.quiz.scheduling import Rating
from dlterm.quiz.statistics import statistics
from dlterm.quiz.store import Answer, Store
from dlterm.settings.config import Config
from dlterm.tui.preferences import Preferences
from tests.tui.quiz_support import Clock, Quiz, asked, settled


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "p.sqlite3"


def learn(path, days=40):
    """Answers on many days, of which one in four is wrong, and was sure."""
    clock, entries = Clock(), [entry for entry in bank() if entry.scheduled][:60]
    with Store.open(path) as store:
        for day in range(days):
            now = clock.now - timedelta(days=days - 1 - day)
            for number in range(day % 7):
                entry = entries[(7 * day + 11 * number) % len(entries)]
                right = (day + number) % 4 > 0
                answer = Answer(
                    question=entry.id, lesson=entry.lesson.id, kind=entry.kind, mode="review", session="s",
                    given="a", credit=float(right), rating=Rating.GOOD if right else Rating.AGAIN,
                    confidence="unsure" if right else "sure", seconds=20.0,
                    misconceptions=() if right else ("bias-scales",),
                )  # fmt: skip
                store.record(answer, now)
        if days:
            store.marks.flag(entries[0].id, clock.now)


async def shown(pilot):
    for _ in range(200):
        await pilot.pause(0.02)
        if getattr(pilot.app.screen, "found", None) is not None:
            break
    await settled(pilot)


async def test_it_says_and_draws_what_the_command_prints(path):
    learn(path)
    app = Quiz(path, start="progress")
    async with app.app.run_test(size=(120, 100)) as pilot:
        await shown(pilot)
        for said in (
            "115 answers on 34 days", "Today 4 answered", "Days in a row", "flagged", "Mon", "What deep learning is",
            "mastered", "known", "wanted", "sure (", "unsure (", "Coming back", "tomorrow", "bias scales",
        ):  # fmt: skip
            assert said in app.text, said


async def test_before_the_first_answer_it_says_how_to_begin(path):
    app = Quiz(path, start="progress")
    async with app.app.run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        assert "Nothing is answered yet." in app.text
        await pilot.press("enter")
        screen = await asked(pilot)
        assert screen.session.mode.name == "review"


async def test_a_small_terminal_scrolls_through_all_of_it(path):
    learn(path)
    app = Quiz(path, start="progress")
    async with app.app.run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        assert "Misconceptions" not in app.text
        await pilot.press("end")
        await settled(pilot)
        assert "Misconceptions" in app.text
        assert app.screen.query_one("#panes", VerticalScroll).scroll_y > 40


async def test_days_in_a_row_are_not_counted_where_they_are_not_wanted(path):
    learn(path)
    app = Quiz(path, start="progress", preferences=Preferences(Config(streak=False)))
    async with app.app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        assert "Days in a row" not in app.text


async def test_what_was_answered_meanwhile_is_there_when_one_comes_back(path):
    learn(path, days=8)
    app = Quiz(path, start="progress")
    async with app.app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        assert "21 answers" in app.text
        await pilot.press("enter")
        await asked(pilot)
        await pilot.press("n")
        await asked(pilot, state="told")
        app.app.screen.app.go("progress")
        for _ in range(100):
            await pilot.pause(0.02)
            if "22 answers" in app.text:
                break
        assert "22 answers" in app.text


async def test_a_store_that_cannot_be_read_is_told(path):
    path.parent.mkdir()
    path.mkdir()
    app = Quiz(path, start="progress")
    async with app.app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        assert "is not kept" in app.text


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (300, 60)])
@pytest.mark.parametrize("days", [0, 1, 400])
def test_every_view_can_be_drawn_of_any_past_at_any_size(path, days, size):
    learn(path, days=min(days, 60))
    with Store.open(path) as store:
        found = statistics(store, bank(), Config(), Clock().now)
    for view in (
        views.calendar(found, 53), views.mastery(found), views.retention(found, 90), views.confidence(found),
        views.coming(found), views.misconceptions(found),
    ):  # fmt: skip
        frame = draw(view, *size)
        assert {len(row) for row in frame.glyphs} == {size[0]}
        assert len(frame.glyphs) == size[1]
