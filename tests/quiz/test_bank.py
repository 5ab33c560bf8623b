"""Questions are found by whatever one would call them."""

from __future__ import annotations

import pytest

from dlterm.errors import DltermError
from dlterm.quiz.bank import Bank, Entry, bank, topics
from tests.quiz.support import lesson, question

BANK = Bank({
    "one": Entry(question(name="one", tags=["relu"]), lesson("neuron")),
    "two": Entry(question("numeric", name="two"), lesson("layers")),
})  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "found"),
    [("neuron", ["one"]), ("Layers", ["two"]), ("basics", ["one", "two"]), ("RELU", ["one"]), ("numeric", ["two"]),
     ("two", ["two"])],
)  # fmt: skip
def test_a_topic_is_a_lesson_a_chapter_a_tag_a_type_or_a_question(topic, found):
    assert [entry.id for entry in BANK.about(topic)] == found


def test_what_has_no_questions_names_what_is_near():
    with pytest.raises(DltermError, match="no questions on") as raised:
        BANK.about("neurons")
    assert "neuron" in raised.value.hint


def test_the_course_has_questions_on_each_lesson_and_what_runs_is_not_scheduled():
    assert len(bank()) >= 75
    assert all(len(bank().lesson(name)) >= 15 for name in bank().lessons)
    assert {entry.kind for entry in bank() if not entry.scheduled} == {"predict", "challenge"}


def test_every_topic_has_the_questions_that_it_says():
    found = topics(BANK)
    assert [(topic.kind, topic.name) for topic in found][:3] == [
        ("lesson", "Neuron"), ("lesson", "Layers"), ("chapter", "Basics"),
    ]  # fmt: skip
    for topic in topics(bank()):
        assert len(bank().about(topic.name)) >= topic.questions
