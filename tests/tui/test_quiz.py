"""The quiz in the app: every type by keyboard and by mouse, and what a session can do."""

from __future__ import annotations

import os
import sqlite3

import pytest
from textual.widgets import Input

from dlterm.quiz import bank as bank_module
from dlterm.quiz import opening
from dlterm.quiz.opening import Wish
from dlterm.quiz.scheduling import Rating
from dlterm.quiz.store import Store
from dlterm.settings.config import Config
from dlterm.tui.preferences import Preferences
from dlterm.tui.screens.note import NoteScreen
from dlterm.tui.screens.quiz import QuizScreen
from dlterm.tui.screens.topic import TopicScreen
from dlterm.tui.widgets.answer_rows import AnswerRows
from dlterm.tui.widgets.ways import Ways
from tests.tui.quiz_support import SIZE, Quiz, asked, asked_on, settled, small_bank

ALL = (
    "single", "multiple", "truefalse", "numeric", "fill", "order", "match", "predict", "challenge",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dlterm.tui.trial.measured_path", lambda: None)


@pytest.fixture
def quiz(tmp_path, monkeypatch):
    """The app with a small course: `quiz("single", ...)` has a question of each of these types, and asks them."""

    def make(*kinds, wish=None, start="quiz", preferences=None):
        found = small_bank(*(kinds or ALL))
        for module in (bank_module, opening):
            monkeypatch.setattr(module, "bank", lambda: found)
        chosen = (wish or None) if wish is not None else asked_on(*found.entries)
        return Quiz(tmp_path / "home" / "p.sqlite3", start=start, wish=chosen, preferences=preferences)

    return make


def sign_of(screen, value):
    """The letter that stands before an answer."""
    return next(choice.sign for choice in screen.session.current.choices if choice.value == value)


def line_of(screen, text):
    """Where in the rows a text stands."""
    rows = screen.query_one(AnswerRows)
    lines = rows._laid(rows.content_size.width)
    return next(y for y, (_, line) in enumerate(lines) if text in line.plain)


async def click_row(pilot, text):
    await pilot.click(AnswerRows, offset=(8, line_of(pilot.app.screen, text)))
    await pilot.pause()


async def click_way(pilot, words, within=""):
    """Click on one of the ways on."""
    ways = pilot.app.screen.query_one(f"{within} Ways", Ways)
    at = ways.render().plain.index(words)
    width = ways.content_size.width
    lines = ways.render().wrap(width)
    for y, line in enumerate(lines):
        if words in line.plain:
            await pilot.click(ways, offset=(line.plain.index(words) + ways.styles.padding.left, y))
            return
    raise AssertionError(f"{words} is not in sight, at {at}")


# --- every type by keyboard -----------------------------------------------------------------------------------------


async def test_one_of_several_is_chosen_by_its_letter(quiz):
    app = quiz("single")
    async with app.sitting() as pilot:
        screen = app.screen
        await asked(pilot, sign_of(screen, "yes"), "enter", state="told")
        assert "✓ Right, and sure" in app.text
        assert "So it is." in app.text
        assert "Source: Frank Rosenblatt" in app.text
        assert (app.last["given"], app.last["credit"], app.last["confidence"]) == ('"yes"', 1.0, "sure")


async def test_one_is_chosen_by_the_arrows_and_a_wrong_one_says_why(quiz):
    app = quiz("single")
    async with app.sitting() as pilot:
        screen = app.screen
        at = [choice.value for choice in screen.session.current.choices].index("no")
        await asked(pilot, *["down"] * (at + 1), "tab", state="told")
        assert "✗ Wrong, and not sure" in app.text
        assert "It is not no." in app.text
        assert "It comes again in this session." in app.text
        assert (app.last["given"], app.last["confidence"]) == ('"no"', "unsure")
        assert app.last["misconceptions"] == "no-means-yes"


async def test_nothing_is_answered_by_accident(quiz):
    app = quiz("single", "order", "multiple", "match")
    async with app.app.run_test(size=SIZE) as pilot:
        for _ in range(4):
            await asked(pilot)
            await pilot.press("enter")
            await pilot.pause(0.1)
            assert " first: " in app.text
            await pilot.press("s")
        await pilot.pause(0.1)
        assert app.rows == []


async def test_several_are_ticked_by_letters_and_by_space(quiz):
    app = quiz("multiple")
    async with app.sitting() as pilot:
        screen = app.screen
        values = [choice.value for choice in screen.session.current.choices]
        await pilot.press(sign_of(screen, "a"), sign_of(screen, "c"), sign_of(screen, "c"))
        await asked(
            pilot, *["down"] * ((values.index("b") - values.index("c")) % 4), "space", "enter", state="told"
        )
        assert sorted(eval(app.last["given"])) == ["a", "b"]
        assert app.last["credit"] == 1.0


async def test_what_was_not_ticked_is_told_apart_without_colour(quiz):
    app = quiz("multiple")
    async with app.sitting() as pilot:
        screen = app.screen
        await asked(pilot, sign_of(screen, "a"), sign_of(screen, "d"), "enter", state="told")
        assert "✗ Wrong" in app.text or "◐ Partly right" in app.text
        assert "right too, and not ticked" in app.text
        assert "Not D." in app.text


@pytest.mark.parametrize(("key", "right"), [("f", True), ("t", False)])
async def test_true_or_false(quiz, key, right):
    app = quiz("truefalse")
    async with app.sitting() as pilot:
        await asked(pilot, key, "enter", state="told")
        assert ("✓ Right" in app.text) is right
        assert ("It is false." in app.text) is not right


async def test_a_number_is_typed_digits_and_all(quiz):
    app = quiz("numeric")
    async with app.sitting() as pilot:
        await asked(pilot, *"7,840", "enter", state="told")
        assert "No biases." in app.text
        assert "The answer  7850 ms" in app.text
        assert app.app.current_mode == "quiz"


async def test_what_is_no_number_is_asked_again(quiz):
    app = quiz("numeric")
    async with app.sitting() as pilot:
        await pilot.press(*"many", "enter")
        await pilot.pause(0.2)
        assert "answer with a number, in ms" in app.text
        await asked(pilot, *["backspace"] * 4, *"7850", "tab", state="told")
        assert app.last["confidence"] == "unsure"


async def test_a_word_is_typed_in_any_spelling(quiz):
    app = quiz("fill")
    async with app.sitting() as pilot:
        await asked(pilot, *"Cross Entropy", "enter", state="told")
        assert "✓ Right" in app.text


async def put_in_order(pilot, screen):
    """Carry each thing to its place by keys."""
    for place, item in enumerate(screen.session.current.question.items):
        form = screen.asking.rows.form
        at = [choice.value for choice in form.choices].index(item)
        await pilot.press(form.choices[at].sign, "space", *["up"] * (at - place), "space")


async def test_things_are_carried_to_their_places(quiz):
    app = quiz("order")
    async with app.sitting() as pilot:
        screen = app.screen
        assert "(1)" not in app.text
        await put_in_order(pilot, screen)
        await asked(pilot, "enter", state="told")
        assert "✓ First (1)" in app.text
        assert app.last["credit"] == 1.0


async def test_shift_and_an_arrow_moves_a_thing(quiz):
    app = quiz("order")
    async with app.sitting() as pilot:
        screen = app.screen
        first = screen.asking.rows.form.choices[0]
        await pilot.press("shift+down", "shift+down", "shift+down")
        assert screen.asking.rows.form.choices[-1] == first
        await pilot.press("shift+up")
        assert screen.asking.rows.form.choices[-2] == first


async def test_pairs_are_found_by_letters_and_changed_by_arrows(quiz):
    app = quiz("match")
    async with app.sitting() as pilot:
        screen = app.screen
        await pilot.press(sign_of(screen, "sorting"), sign_of(screen, "text"))
        await pilot.press("up", "right")
        for _ in range(3):
            if screen.asking.rows.form.given[0] == ["CNN", "images"]:
                break
            await pilot.press("right")
        await asked(pilot, "enter", state="told")
        assert app.last["credit"] == 1.0
        assert "→ images" in app.text


async def test_a_prediction_is_run_and_decides(quiz):
    app = quiz("predict")
    async with app.sitting() as pilot:
        screen = app.screen
        await asked(pilot, sign_of(screen, "maybe"), "enter", state="told")
        outcome = screen.feedback.outcome
        assert len(outcome.values) == 3
        assert app.text.count("test accuracy") == 3
        assert screen.feedback.right is (outcome.chosen == "maybe")
        assert app.last["rating"] == Rating.NONE
        assert screen.told.recipe == "xor?hidden=3"


async def test_a_challenge_is_trained_on_its_seeds_and_starred(quiz):
    app = quiz("challenge")
    async with app.sitting() as pilot:
        assert "parameters ≤ 20" in app.text
        assert "☆ parameters ≤ 17" in app.text
        await asked(pilot, *"hidden=4", "enter", state="told")
        assert "✓ Right" in app.text
        assert "✓ seed 0: parameters 17" in app.text
        assert "★  1 of 1 stars" in app.text


@pytest.mark.parametrize("line", ["hidden=many", "spirals?hidden=4"])
async def test_what_is_no_recipe_of_the_challenge_says_why(quiz, line):
    app = quiz("challenge")
    async with app.sitting() as pilot:
        await pilot.press(*line, "enter")
        await pilot.pause(0.2)
        assert "! " in app.text
        assert app.rows == []


# --- every type by mouse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "text"), [("single", "Yes"), ("truefalse", "False")])
async def test_an_answer_is_clicked_and_confirmed_by_a_click(quiz, kind, text):
    app = quiz(kind)
    async with app.sitting() as pilot:
        await click_row(pilot, text)
        await click_way(pilot, "Not sure", "Asking")
        await asked(pilot, state="told")
        assert "✓ Right, and not sure" in app.text
        await click_way(pilot, "How it went", "Told")
        await asked(pilot, state="over")


async def test_several_are_ticked_by_clicks(quiz):
    app = quiz("multiple")
    async with app.sitting() as pilot:
        for text in (" A", " C", " B", " C"):
            await click_row(pilot, text)
        await click_way(pilot, "Sure", "Asking")
        await asked(pilot, state="told")
        assert app.last["credit"] == 1.0


@pytest.mark.parametrize(("kind", "text"), [("numeric", "7850"), ("fill", "log loss")])
async def test_what_is_typed_is_confirmed_by_a_click(quiz, kind, text):
    app = quiz(kind)
    async with app.sitting() as pilot:
        await pilot.click(Input)
        await pilot.press(*text)
        await click_way(pilot, "Sure", "Asking")
        await asked(pilot, state="told")
        assert app.last["credit"] == 1.0


async def test_things_are_dragged_to_their_places(quiz):
    app = quiz("order")
    async with app.sitting() as pilot:
        screen = app.screen
        for place, item in enumerate(("First", "Second", "Third")):
            at = line_of(screen, item)
            if at != place:
                await pilot.mouse_down(AnswerRows, offset=(8, at))
                await pilot.hover(AnswerRows, offset=(8, place))
                await pilot.mouse_up(AnswerRows, offset=(8, place))
        await click_way(pilot, "Sure", "Asking")
        await asked(pilot, state="told")
        assert app.last["credit"] == 1.0


async def test_a_thing_that_was_clicked_goes_where_the_next_click_is(quiz):
    app = quiz("order")
    async with app.sitting() as pilot:
        screen = app.screen
        first = screen.asking.rows.form.choices[0]
        await pilot.click(AnswerRows, offset=(8, 0))
        assert screen.asking.rows.form.held
        await pilot.click(AnswerRows, offset=(8, 2))
        assert screen.asking.rows.form.choices[2] == first
        assert not screen.asking.rows.form.held


async def test_pairs_are_clicked(quiz):
    app = quiz("match")
    async with app.sitting() as pilot:
        for text in ("RNN", " text", "CNN", " images"):
            await click_row(pilot, text)
        await click_way(pilot, "Sure", "Asking")
        await asked(pilot, state="told")
        assert app.last["credit"] == 1.0


async def test_predictions_and_challenges_are_clicked(quiz):
    app = quiz("predict", "challenge")
    async with app.sitting() as pilot:
        await click_row(pilot, "Yes")
        await click_way(pilot, "Sure", "Asking")
        await asked(pilot, state="told")
        await click_way(pilot, "Next question", "Told")
        screen = await asked(pilot)
        screen.asking.line.value = "hidden=4"
        await click_way(pilot, "Train it", "Asking")
        await asked(pilot, state="told")
        assert [row["kind"] for row in app.rows] == ["predict", "challenge"]


# --- what a session can do ------------------------------------------------------------------------------------------


async def test_an_answer_is_on_the_disk_before_it_is_told(quiz):
    app = quiz("truefalse", "single")
    async with app.sitting() as pilot:
        await asked(pilot, "n", state="told")
        with sqlite3.connect(app.path) as other:
            assert other.execute("SELECT count(*) FROM answers").fetchone() == (1,)


async def test_hints_are_a_nudge_then_a_strong_one_then_none(quiz):
    app = quiz("single")
    async with app.sitting() as pilot:
        await pilot.press("h")
        await pilot.pause(0.1)
        assert "A nudge." in app.text
        assert "Stronger hint" in app.text
        await pilot.press("h", "h")
        await pilot.pause(0.1)
        assert "It is yes." in app.text
        assert "no further hint" in app.text
        await asked(pilot, "n", state="told")
        assert "✗ Not known, after 2 hints" in app.text
        assert app.last["hints"] == 2


async def test_a_hint_is_had_while_typing_too_and_the_last_line_says_how(quiz):
    app = quiz("fill")
    async with app.sitting() as pilot:
        screen = app.screen
        await settled(pilot)
        assert "F3 Hint" in app.text
        await pilot.press("h")
        assert screen.asking.line.value == "h"
        await pilot.press("f3")
        await pilot.pause(0.1)
        assert "no further hint" in app.text


async def test_the_palette_offers_what_can_be_done_about_the_question(quiz):
    app = quiz("truefalse")
    async with app.sitting() as pilot:
        screen = app.screen
        commands = {command.title: command for command in app.app.get_system_commands(screen)}
        await commands["I do not know  (n)"].callback()
        await asked(pilot, state="told")
        commands = {command.title: command for command in app.app.get_system_commands(screen)}
        assert {"Next  (⏎)", "Lesson  (l)", "Undo  (z)"} <= commands.keys()


async def test_what_was_wrong_comes_again_and_the_way_so_far_says_how_it_went(quiz):
    app = quiz("truefalse", "truefalse-2")
    async with app.sitting() as pilot:
        await asked(pilot, "n", state="told")
        await asked(pilot, "enter")
        assert "✗ ● ·" in app.text
        assert "2 of 3" in app.text
        await asked(pilot, "f", "enter", state="told")
        await asked(pilot, "enter")
        assert "once more" in app.text
        assert "✗ ✓ ●" in app.text


async def test_the_last_answer_is_taken_back_wherever_one_is(quiz):
    app = quiz("truefalse")
    async with app.sitting() as pilot:
        await asked(pilot, "t", "enter", state="told")
        await asked(pilot, "z")
        assert app.last["undone"] == 1
        await asked(pilot, "f", "enter", state="told")
        await asked(pilot, "enter", state="over")
        await asked(pilot, "z")
        assert [row["undone"] for row in app.rows] == [1, 1]
        await pilot.press("z")
        await pilot.pause(0.2)
        assert any("no answer to take back" in note.message for note in app.app._notifications)


async def test_a_question_is_put_off_to_the_end_and_then_left_out(quiz):
    app = quiz("truefalse", "single")
    async with app.sitting() as pilot:
        screen = app.screen
        first = screen.session.current.question.id
        await pilot.press("s")
        assert screen.session.current.question.id != first
        await pilot.press("s")
        assert screen.session.current.question.id == first
        await asked(pilot, "s", "s", state="over")
        assert "Nothing was answered." in app.text


async def test_a_question_is_flagged_and_the_flag_taken_away(quiz):
    app = quiz("single")
    async with app.sitting() as pilot:
        for flags in ({"single"}, set()):
            await pilot.press("m")
            await pilot.pause(0.3)
            with Store.open(app.path) as store:
                assert store.marks.flags() == flags
            assert ("⚑ flagged" in app.text) is bool(flags)


async def test_a_bad_question_is_reported_in_a_note(quiz, tmp_path):
    app = quiz("single")
    async with app.sitting() as pilot:
        await pilot.press("w")
        await pilot.pause(0.1)
        assert isinstance(app.screen, NoteScreen)
        await pilot.press(*"two are right", "escape")
        await pilot.pause(0.3)
        assert "single\ttwo are right" in (app.path.parent / "reports.txt").read_text()


async def test_a_pause_hides_the_question_and_stops_its_clock(quiz):
    app = quiz("truefalse")
    async with app.sitting() as pilot:
        await pilot.press("p")
        await pilot.pause(0.1)
        assert "Paused." in app.text
        assert "True or false" not in app.text
        app.clock.now = app.clock.now.replace(hour=20)
        await asked(pilot, "p", "f", "enter", state="told")
        assert app.last["seconds"] == 0.0


async def test_a_session_is_stopped_gone_on_with_and_left(quiz):
    app = quiz("truefalse", "single")
    async with app.sitting() as pilot:
        await asked(pilot, "n", state="told")
        await asked(pilot, "escape", state="over")
        assert "0 of 1 right at first" in app.text
        assert "1 not asked." in app.text
        await asked(pilot, "g")
        await asked(pilot, "escape", state="over")
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, QuizScreen)
        assert len(app.rows) == 1


async def test_what_was_wrong_is_practised_once_more_without_moving_the_schedule(quiz):
    app = quiz("truefalse", "single")
    async with app.app.run_test(size=SIZE) as pilot:
        for key in ("n", "n"):
            await asked(pilot)
            await asked(pilot, key, state="told")
            await asked(pilot, "enter")
        await asked(pilot, "escape", state="over")
        screen = await asked(pilot, "x")
        assert (screen.session.mode.name, screen.session.total) == ("cram", 2)


async def test_an_exam_says_nothing_until_its_end_and_has_a_clock(quiz):
    app = quiz("truefalse", "single", wish=asked_on(mode="exam", seconds=600.0))
    async with app.sitting() as pilot:
        assert "10:00 left" in app.text
        for number in (1, 2):
            await pilot.press("h")
            await pilot.pause(0.1)
            assert "hint" not in app.text.lower()  # nor is one offered
            await pilot.press("n")
            await asked(pilot, state="asked" if number == 1 else "over")
        assert "0 of 2 right  0%" in app.text
        assert "Question by question" in app.text
        assert "It is false." in app.text or "The answer" in app.text


async def test_an_exam_ends_when_its_time_is_over(quiz):
    app = quiz("truefalse", "single", wish=asked_on(mode="exam", seconds=600.0))
    async with app.sitting() as pilot:
        app.clock.now = app.clock.now.replace(minute=41)
        await asked(pilot, "n", state="over")
        assert "Nothing was answered." in app.text


async def test_a_training_is_stopped_and_the_question_still_asked(quiz, monkeypatch):
    def endless(question, memory, tick):
        while True:
            tick()

    monkeypatch.setattr("dlterm.tui.trial.run_prediction", endless)
    app = quiz("predict")
    async with app.sitting() as pilot:
        screen = app.screen
        await pilot.press(sign_of(screen, "yes"), "enter")
        await pilot.pause(0.3)
        assert "training 1 of 6" in app.text
        await pilot.press("n", "z", "s")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert "the training was stopped" in app.text
        assert screen.trial is None
        assert app.rows == []
        await asked(pilot, "n", state="told")


async def test_what_cannot_be_run_says_so_and_can_be_skipped(quiz, monkeypatch):
    from dlterm.errors import DltermError

    def broken(question, memory, tick):
        raise DltermError("no such data")

    monkeypatch.setattr("dlterm.tui.trial.run_prediction", broken)
    app = quiz("predict", "truefalse")
    async with app.sitting() as pilot:
        if app.session.entry.kind != "predict":
            await pilot.press("s")
        await pilot.press("a", "enter")
        await pilot.pause(0.4)
        assert "no such data." in app.text
        await pilot.press("s")
        assert app.session.entry.kind == "truefalse"


# --- from a session to elsewhere, and back --------------------------------------------------------------------------


async def test_another_mode_leaves_the_session_as_it_is(quiz):
    app = quiz("fill", "truefalse")
    async with app.sitting() as pilot:
        screen = app.screen
        if screen.session.entry.kind != "fill":
            await pilot.press("s")
            await pilot.pause(0.1)
        await pilot.press(*"cross")
        app.app.go("shelf")
        await settled(pilot)
        assert app.app.current_mode == "shelf"
        await pilot.press("5")
        await settled(pilot)
        assert app.screen is screen
        assert screen.asking.line.value == "cross"


async def test_the_lesson_is_opened_where_it_speaks_of_the_question(tmp_path):
    app = Quiz(tmp_path / "p.sqlite3", wish=asked_on("neuron-bias"))
    async with app.sitting() as pilot:
        await asked(pilot, "n", state="told")
        await pilot.press("l")
        for _ in range(100):
            await pilot.pause(0.05)
            if app.app.current_mode == "course" and app.screen.page.lesson and app.screen.page._has_arrived:
                break
        assert app.screen.page.lesson.head.id == "neuron"
        assert "bias" in app.screen.page.walk.block.text.casefold()
        await asked(pilot, "5", state="told")


async def test_a_challenge_is_built_in_the_lab_and_taken_back(quiz):
    app = quiz("challenge")
    async with app.sitting() as pilot:
        screen = app.screen
        await pilot.press(*"hidden=3", "ctrl+l")
        await settled(pilot)
        assert app.app.current_mode == "lab"
        lab = app.screen
        assert lab.player.recipe.hidden == (3,)
        lab._change(lab.player.recipe.with_(hidden=(4,)))
        await pilot.press("5")
        await settled(pilot)
        assert app.screen is screen
        await asked(pilot, "enter", state="told")
        assert "seed 0: parameters 17" in app.text


async def test_the_network_of_a_prediction_opens_in_the_lab(quiz):
    app = quiz("predict")
    async with app.sitting() as pilot:
        await asked(pilot, "n", state="told")
        await pilot.press("o")
        await settled(pilot)
        assert app.app.current_mode == "lab"
        assert str(app.screen.player.recipe) == "xor?hidden=3"


async def test_an_experiment_decides_a_prediction_and_is_watched_from_there(quiz):
    app = quiz("predict-experiment")
    async with app.app.run_test(size=SIZE) as pilot:
        screen = await asked(pilot)
        await pilot.press(sign_of(screen, "yes"), "enter")
        await asked(pilot, state="told")
        assert "members on their side 3" in app.text
        assert app.last["credit"] == 0
        await pilot.press("x")
        await settled(pilot)
        assert app.app.current_mode == "experiments"
        trial = app.screen.player.trial
        assert (trial.id, trial.seed, trial.settings) == ("graph", 0, {"steps": "100"})
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is screen


async def test_a_run_says_how_far_it_is(quiz, monkeypatch):
    def endless(question, memory, tick):
        while True:
            tick()

    monkeypatch.setattr("dlterm.tui.trial.run_prediction", endless)
    app = quiz("predict-experiment")
    async with app.app.run_test(size=SIZE) as pilot:
        screen = await asked(pilot)
        await pilot.press(sign_of(screen, "yes"), "enter")
        await pilot.pause(0.3)
        assert "running 1 of 2" in app.text
        assert "Watch it run" not in app.text
        await pilot.press("escape", "n")
        await asked(pilot, state="told")
        await click_way(pilot, "Watch it run", "Told")
        await settled(pilot)
        assert app.screen.player.trial.id == "graph"


async def test_a_lesson_leads_to_its_questions(tmp_path):
    app = Quiz(tmp_path / "p.sqlite3", start="course")
    async with app.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await asked(pilot, "q")
        assert screen.session.mode.name == "lesson"
        assert screen.session.entry.lesson.id == "what-is-deep-learning"


# --- the quiz's page ------------------------------------------------------------------------------------------------


async def listed(pilot):
    for _ in range(200):
        await pilot.pause(0.02)
        if isinstance(pilot.app.screen, QuizScreen) and pilot.app.screen._known is not None:
            break
    await pilot.pause(0.05)
    return pilot.app.screen


async def test_the_page_says_what_is_due_and_lists_every_lesson(quiz):
    app = quiz("single", "multiple", "truefalse", wish=False)
    async with app.app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "3 new" in app.text
        assert "Neuron" in app.text
        assert "0/2" in app.text
        screen = await asked(pilot, "enter")
        assert (screen.session.mode.name, screen.session.total) == ("review", 3)


async def test_after_a_session_the_page_says_what_is_left(quiz):
    app = quiz("single", "truefalse", wish=False)
    async with app.app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await asked(pilot, "enter")
        await asked(pilot, "n", state="told")
        await asked(pilot, "escape", state="over")
        app.screen.app.screen_stack[0]._known = None
        await pilot.press("enter")
        await listed(pilot)
        assert "1 new" in app.text
        assert "2 new" not in app.text


async def test_an_exam_is_as_long_as_it_is_set(quiz):
    preferences = Preferences(Config(exam_questions=1, exam_minutes=5))
    app = quiz("single", "truefalse", wish=False, preferences=preferences)
    async with app.app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot)
        assert "1 question in 5 minutes" in app.text
        app.app.change("exam_minutes", 0)
        await listed(pilot)
        screen._list()
        assert "1 question, a mark at the end" in app.text
        app.app.change("exam_minutes", 45)
        screen.entries.highlighted = 2
        await pilot.pause()
        session = (await asked(pilot, "enter")).session
        assert (session.mode.name, session.total) == ("exam", 1)
        assert "45:00 left" in app.text


@pytest.mark.parametrize(
    ("place", "keys", "mode"),
    [
        ("exam", ["enter"], "exam"),
        ("cram", ["enter"], "cram"),
        ("marathon", ["enter"], "marathon"),
        ("placement", ["enter"], "placement"),
        ("lesson:neuron", ["enter"], "lesson"),
        ("lesson:neuron", ["g"], "pretest"),
    ],
)
async def test_every_way_to_be_asked_is_on_the_page(quiz, place, keys, mode):
    app = quiz(wish=False)
    async with app.app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot)
        entries = screen.entries
        ids = [entries.get_option_at_index(k).id for k in range(entries.option_count)]
        entries.highlighted = ids.index(place)
        screen = await asked(pilot, *keys)
        assert screen.session.mode.name == mode


async def test_a_topic_is_searched(quiz):
    app = quiz(wish=False)
    async with app.app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("slash")
        await pilot.pause(0.1)
        assert isinstance(app.screen, TopicScreen)
        await pilot.press(*"match")
        await pilot.pause(0.1)
        screen = await asked(pilot, "enter")
        assert (screen.session.mode.name, screen.session.entry.kind) == ("topic", "match")


async def test_a_lesson_is_clicked(quiz):
    app = quiz(wish=False)
    async with app.app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot)
        entries = screen.entries
        ids = [entries.get_option_at_index(k).id for k in range(entries.option_count)]
        y = ids.index("lesson:layers") + 1  # the heading of the lessons has two lines
        await pilot.click(entries, offset=(10, y + entries.styles.padding.top))
        screen = await asked(pilot)
        assert screen.session.entry.lesson.id == "layers"


async def test_where_nothing_is_due_the_page_says_so(quiz):
    app = quiz("predict", wish=Wish())
    async with app.app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "Nothing more is due today." in app.text
        assert isinstance(app.screen, QuizScreen)


# --- a store that cannot be used ------------------------------------------------------------------------------------


async def test_a_damaged_store_is_told_in_a_line_and_the_quiz_goes_on(quiz):
    app = quiz("truefalse")
    app.path.parent.mkdir()
    app.path.write_bytes(b"no database at all")
    async with app.sitting() as pilot:
        assert any("damaged" in note.message for note in app.app._notifications)
        await asked(pilot, "f", "enter", state="told")
        assert app.last["credit"] == 1.0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_where_nothing_can_be_written_the_quiz_goes_on_and_says_that_nothing_is_kept(quiz):
    app = quiz("truefalse")
    app.path.parent.mkdir()
    app.path.parent.chmod(0o500)
    async with app.sitting() as pilot:
        assert "Not kept: " in app.text
        await asked(pilot, "f", "enter", state="told")
    app.path.parent.chmod(0o700)
    assert not app.path.exists()


async def test_a_store_of_another_program_is_left_and_the_quiz_goes_on(quiz):
    app = quiz("truefalse")
    app.path.parent.mkdir()
    with sqlite3.connect(app.path) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = app.path.read_bytes()
    async with app.sitting(size=(80, 24)) as pilot:
        said = " ".join(app.text.split())
        assert (
            f"Not kept: …/{app.path.parent.name}/{app.path.name} belongs to another program: it is left"
            in said
        )
        assert "DLTERM_PROGRESS names another file" in said
        await asked(pilot, "f", "enter", state="told")
    assert app.path.read_bytes() == before


async def test_an_answer_that_cannot_be_kept_is_still_asked(quiz, monkeypatch):
    app = quiz("truefalse")
    async with app.sitting() as pilot:
        screen = app.screen
        aside = app.path.with_name("aside")
        app.path.rename(aside)
        await pilot.press("f", "enter")
        await pilot.pause(0.5)
        assert screen.state == "asked"
        assert "Not kept: " in app.text
        aside.rename(app.path)
        await asked(pilot, "enter", state="told")
        assert len(app.rows) == 1


# --- smaller things -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_what_is_said_of_an_answer_is_in_sight_at_any_size(quiz, size):
    app = quiz("multiple")
    async with app.app.run_test(size=size) as pilot:
        await asked(pilot)
        await asked(pilot, "n", state="told")
        await pilot.pause(0.2)
        assert "✗ Not known" in app.text


async def test_a_card_beside_is_of_the_lesson_of_the_question(tmp_path):
    app = Quiz(tmp_path / "p.sqlite3", wish=asked_on("neuron-bias"))
    async with app.app.run_test(size=(120, 40)) as pilot:
        await asked(pilot)
        await pilot.press("i")
        await pilot.pause(0.1)
        assert app.app.beside.place == "lesson:neuron"
        assert "How can one sum and one bend" in app.text


async def test_home_says_what_is_due(quiz):
    app = quiz("single", "truefalse", "multiple", start="home", wish=False)
    with Store.open(app.path):
        pass
    async with app.app.run_test(size=(120, 40)) as pilot:
        for _ in range(100):
            await pilot.pause(0.05)
            if "3 new" in app.text:
                break
        assert "3 new" in app.text
