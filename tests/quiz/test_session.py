"""Sessions: what is asked, what is kept of it, and how it is taken back."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from dlterm.errors import DltermError
from dlterm.quiz.bank import Bank, Entry
from dlterm.quiz.days import clock_day
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.modes import MODES, Situation, mixed
from dlterm.quiz.outcomes import Attempt, Challenged, Predicted
from dlterm.quiz.reports import note
from dlterm.quiz.session import Session, SessionOverError
from tests.quiz.support import lesson, question

LESSONS = ("neuron", "layers", "learning")
HINTS = ["A nudge.", "Nearly all of it."]


def entries():
    for name in LESSONS:
        for k in range(6):
            yield Entry(question(name=f"{name}-{k}", difficulty=1 + k % 3, hints=HINTS), lesson(name))
    yield Entry(question("predict", name="neuron-predict"), lesson("neuron"))
    yield Entry(question("challenge", name="neuron-challenge"), lesson("neuron"))


BANK = Bank({entry.id: entry for entry in entries()})
PREDICTED = Predicted(
    "maybe",
    "test_accuracy",
    {"yes": (0.5,), "no": (0.6,), "maybe": (0.9,)},
    ("maybe",),
    (0.3,),
)


@pytest.fixture
def situation(store, clock):
    def now(**changed):
        return Situation(BANK, store.cards.all(), store.today(clock()), store.scheduler, **changed)

    return now


@pytest.fixture
def begin(store, clock, situation):
    """Begin a session in a mode."""

    def call(mode, n=None, *, seed=0, seconds=None, **changed):
        chosen = MODES[mode].choose(situation(seed=seed, **changed), n)
        return Session(chosen, MODES[mode], store, clock=clock, seed=seed, seconds=seconds)

    return call


def answers(session, clock, *, right=True, confidence=""):
    """Answer all that comes; the ids in their order."""
    asked = []
    while (put := session.current) is not None:
        asked.append(put.question.id)
        clock.on(seconds=10)
        outcome = PREDICTED if put.question.id == "neuron-predict" else None
        if put.question.id == "neuron-challenge":
            outcome = Challenged("circle", (), right, 1, 3)
        good = "maybe" if outcome is PREDICTED else "yes"
        session.answer(good if right else "no", confidence, outcome)
    return asked


def test_a_first_review_begins_some_new_questions_lessons_mixed(begin):
    session = begin("review", new_left=8)
    assert session.total == 8
    assert {entry.id for entry in BANK} >= {turn.entry.id for turn in session._queue}
    assert all(turn.entry.scheduled for turn in session._queue)


def test_lessons_are_mixed_as_far_as_can_be(situation):
    order = [entry.lesson.id for entry in mixed(list(entries()), situation().chance())]
    assert all(one != other for one, other in itertools.pairwise(order))


def test_what_is_known_comes_back_when_it_is_due_and_not_before(begin, clock, store):
    first = answers(begin("review", new_left=5), clock)
    clock.on(days=1)
    assert begin("review", new_left=0).current is None
    clock.on(days=1)
    assert sorted(answers(begin("review", new_left=0), clock)) == sorted(first)


def test_what_was_surely_wrong_comes_back_first(begin, clock):
    session = begin("review", new_left=6)
    burning = session.current.question.id
    session.answer("no", "sure")
    answers(session, clock)
    clock.on(days=30)
    again = begin("review", new_left=3)
    assert again.current.question.id == burning


def test_a_backlog_is_no_more_than_a_day_can_hold(begin, clock):
    answers(begin("review", new_left=15), clock)
    clock.on(days=300)
    assert begin("review", new_left=0, reviews_left=6).total == 6


def test_nothing_is_due_on_vacation(begin):
    assert begin("review", off=True).current is None


def test_what_is_wrong_is_asked_again_after_others_and_does_not_count_twice(begin, clock, store):
    session = begin("lesson", topics=("layers",))
    wrong = session.current.question.id
    feedback = session.answer("no")
    assert (feedback.again, feedback.grade.whys) == (True, ("It is not no.",))
    order = answers(session, clock)
    assert order.index(wrong) == 4
    card = store.cards.get(wrong)
    assert (card.reviews, card.lapses) == (1, 0)
    report = session.report()
    assert (report.right, len(report.first), [each.entry.id for each in report.wrong]) == (5, 6, [wrong])
    assert report.mark == pytest.approx(5 / 6)


def test_not_to_know_is_an_answer(begin, store):
    session = begin("lesson", topics=("layers",))
    name = session.current.question.id
    assert not session.answer(None).right
    assert store.cards.get(name).due <= store.cards.get(name).last + 2


def test_hints_come_one_by_one_and_the_last_costs_the_answer(begin, store):
    session = begin("lesson", topics=("layers",))
    one = session.current.question.id
    assert session.hint() == HINTS[0]
    session.answer("yes")
    other = session.current.question.id
    assert [session.hint(), session.hint(), session.hint()] == [*HINTS, None]
    session.answer("yes")
    rated = {row["question"]: (row["hints"], row["rating"]) for row in store.rows()}
    assert rated == {one: (1, 2), other: (2, 1)}


def test_an_answer_is_taken_back_and_given_anew(begin, store, clock):
    session = begin("lesson", topics=("layers",))
    first = session.current
    session.answer("no", "sure")
    assert session.undo().id == first.question.id
    assert session.current == first
    assert session.undo() is None
    assert store.cards.all() == {}
    assert session.answer("yes").right
    assert session.report().right == 1
    assert session.total == 6


def test_the_last_answer_of_all_can_be_taken_back(begin, clock):
    session = begin("lesson", topics=("layers",))
    answers(session, clock)
    assert session.current is None
    assert session.undo() is not None
    assert session.current is not None


def test_what_is_skipped_comes_at_the_end_and_is_then_left_out(begin, clock):
    session = begin("lesson", topics=("layers",))
    skipped = session.current.question.id
    session.skip()
    for _ in range(5):
        session.answer("yes")
    assert session.current.question.id == skipped
    session.skip()
    assert session.current is None


def test_cramming_leaves_the_schedule_alone(begin, store, clock):
    answers(begin("review", new_left=6), clock)
    before = store.cards.all()
    clock.on(days=20)
    assert len(answers(begin("cram"), clock)) == 18
    assert store.cards.all() == before


def test_an_exam_says_nothing_until_its_end(begin, clock):
    session = begin("exam", 9)
    assert session.hint() is None
    put = session.current
    assert session.answer("no", "sure") is None
    answers(session, clock)
    report = session.report()
    assert (report.right, len(report.first), report.mark) == (8, 9, pytest.approx(8 / 9))
    assert report.wrong[0].entry.id == put.question.id
    assert report.wrong[0].surely_wrong
    assert report.lessons() == {name: (3 - (name == report.wrong[0].entry.lesson.id), 3) for name in LESSONS}


def test_an_exam_ends_with_its_time_and_what_is_left_earns_nothing(begin, clock):
    session = begin("exam", 4, seconds=100)
    session.answer("yes")
    assert session.seconds_left == 100
    clock.on(seconds=101)
    assert (session.current, session.seconds_left) == (None, 0)
    assert session.report().mark == 0.25
    with pytest.raises(SessionOverError):
        session.answer("yes")


def test_a_pretest_is_two_easy_questions_that_do_not_count(begin, store, clock):
    session = begin("pretest", topics=("layers",))
    assert session.total == 2
    answers(session, clock, right=False)
    assert store.cards.all() == {}
    assert session.report().right == 0


def test_placement_stops_where_two_lessons_are_not_known(begin, clock):
    session = begin("placement")
    for _ in range(3):
        session.answer("yes")
    order = answers(session, clock, right=False)
    assert len(order) == 4
    assert session.report().as_json()["start_at"] == "layers"
    assert {feedback.entry.lesson.id for feedback in session.report().given} == set(LESSONS)


def test_who_knows_all_is_placed_behind_it(begin, clock):
    session = begin("placement")
    assert len(answers(session, clock)) == 9
    assert session.report().as_json()["start_at"] is None


def test_predictions_and_challenges_are_graded_by_what_was_run_and_never_scheduled(begin, store):
    session = begin("marathon")
    with pytest.raises(NotAnAnswerError):
        session.answer("x")
    with pytest.raises(ValueError, match="outcome"):
        session.answer("maybe")
    feedback = session.answer("maybe", outcome=PREDICTED)
    assert (feedback.right, feedback.due, feedback.solution) == (True, None, "Maybe")
    assert store.cards.all() == {}
    challenge = begin("topic", topics=("challenge",))
    attempt = Attempt(0, {"parameters": 17.0}, (), (True, False))
    feedback = challenge.answer("circle?hidden=4", outcome=Challenged("circle", (attempt,), True, 1, 2))
    assert feedback.right
    assert feedback.as_json()["outcome"] == ["seed 0: parameters 17; all met"]


def test_a_break_is_not_counted_as_thinking(begin, clock, store):
    session = begin("lesson", topics=("layers",))
    clock.on(seconds=20)
    session.pause()
    clock.on(hours=2)
    session.resume()
    clock.on(seconds=5)
    assert session.answer("yes").seconds == 25
    clock.on(hours=5)
    assert session.answer("yes").seconds == 600


def test_the_same_seed_asks_the_same(begin):
    one, other, third = (begin("exam", 8, seed=seed) for seed in (1, 1, 2))
    assert [turn.entry.id for turn in one._queue] == [turn.entry.id for turn in other._queue]
    assert one.current == other.current
    assert [turn.entry.id for turn in one._queue] != [turn.entry.id for turn in third._queue]


def test_a_session_over_midnight_goes_on(begin, clock, store):
    session = begin("lesson", topics=("layers",))
    clock.now = clock.now.replace(hour=3, minute=59)
    session.answer("yes")
    clock.on(minutes=2)
    session.answer("yes")
    days = [row["day"] for row in store.rows()]
    assert days[1] == days[0] + 1 == clock_day(clock())


def test_feedback_names_the_day_on_which_it_comes_back(begin, clock):
    feedback = begin("lesson", topics=("layers",)).answer("yes")
    assert feedback.due == date(2026, 3, 4)
    assert feedback.as_json()["due"] == "2026-03-04"


def test_a_flag_and_a_note_on_a_bad_question(begin, store, clock):
    session = begin("lesson", topics=("layers",))
    name = session.current.question.id
    session.flag()
    assert store.marks.flags() == {name}
    path = note(store.path, name, "two options are right\n\x1b[2J", clock())
    note(store.path, name, "or none", clock())
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"2026-03-02T19:30:00+01:00\t{name}\ttwo options")
    assert "\x1b" not in lines[0]


def test_an_unknown_topic_is_told_of(begin):
    with pytest.raises(DltermError, match="no questions on"):
        begin("topic", topics=("cooking",))


def test_a_stopped_session_asks_no_more(begin):
    session = begin("lesson", topics=("layers",))
    session.answer("yes")
    session.stop()
    assert session.current is None
    assert len(session.report().left) == 5
