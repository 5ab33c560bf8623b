"""Answers while they are made: what keys and clicks do to a form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.quiz.asking import ask
from dlterm.quiz.feedback import Feedback, judged
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.tui.answering import form_of
from tests.quiz.support import lesson, question
from tests.tui.quiz_support import KINDS, entries

FORMS = ("single", "multiple", "truefalse", "order", "match", "predict")
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["move", "shift", "turn"]), st.sampled_from([-1, 1])),
        st.tuples(st.just("tick")),
        st.tuples(st.just("write"), st.sampled_from("abcdetfz")),
        st.tuples(st.just("choose"), st.integers(0, 1)),
    ),
    max_size=30,
)


@given(kind=st.sampled_from(FORMS), seed=st.integers(0, 50), deeds=DEEDS)
def test_whatever_is_done_a_form_gives_an_answer_or_says_what_is_missing(kind, seed, deeds):
    asked = ask(question(kind), seed)
    form = form_of(asked)
    for name, *values in deeds:
        getattr(form, name)(*values)
        assert all(row.mark is not None for row in form.rows())
        assert -1 <= form.cursor < form.spots
    try:
        found = form.given
    except NotAnAnswerError as error:
        assert "first" in str(error)
        found = None
    if kind != "predict":
        grade, solution = judged(asked.question, found, None)
        (entry,) = entries(kind)
        told = Feedback(type(entry)(asked.question, lesson("neuron")), found, grade, solution)
        assert grade.right is (all(row.look != "wrong" for row in form.told(told)) and grade.credit == 1)
        assert {row.mark for row in form.told(told)} <= set("✓✗◌·")


@pytest.mark.parametrize("kind", ["numeric", "fill", "challenge"])
def test_what_is_typed_has_no_rows(kind):
    form = form_of(ask(question(kind), 1))
    assert (list(form.rows()), form.spots) == ([], 0)
    assert kind in KINDS


def test_a_partner_that_another_has_is_taken_from_it():
    form = form_of(ask(question("match"), 1))
    form.choose(form.spots)
    form.choose(0)
    form.choose(form.spots)
    assert form.partners == {0: 0}
    form.choose(1)
    form.choose(form.spots)
    assert form.partners == {1: 0}
