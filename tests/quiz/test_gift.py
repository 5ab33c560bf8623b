"""GIFT: what goes out comes back, and what others write is read."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.course.schema import Question
from dlterm.quiz.bank import Entry, bank
from dlterm.quiz.gift import as_gift
from dlterm.quiz.gift_reading import read_gift
from dlterm.quiz.grading import grade
from tests.quiz.support import lesson, question


def back(text):
    found, problems = read_gift(text, "x.gift")
    return [msgspec.convert(each, Question) for each in found], problems


def test_every_question_of_the_course_that_has_a_form_comes_back():
    text, left = as_gift(bank())
    found, problems = back(text)
    assert problems == []
    assert len(found) + len(left) == len(bank())
    assert {bank().get(name).kind for name in left} == {"order", "predict", "challenge"}
    for each in found:
        original = bank().get(each.id).question
        assert type(each) is type(original)
        assert (each.prompt, each.explain) == (original.prompt.strip(), original.explain.strip())
        if hasattr(original, "options"):
            assert [(o.text, o.correct) for o in each.options] == [
                (o.text, o.correct) for o in original.options
            ]
            assert [o.why for o in each.options] == [o.why for o in original.options]
        for name in ("answer", "pairs", "extra_right", "accept", "why_wrong"):
            assert getattr(each, name, None) == getattr(original, name, None)


TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() == text and "->" not in text and not text.startswith(("%", "[", "//"))
)


@given(TEXT, TEXT, TEXT, TEXT)
def test_signs_that_mean_something_there_are_kept(prompt, right, wrong, why):
    options = [{"id": "a", "text": right, "correct": True}, {"id": "b", "text": wrong, "why": why}]
    asked = question(prompt=prompt, explain=why, options=options)
    (found,), problems = back(as_gift([Entry(asked, lesson("x"))])[0])
    assert problems == []
    assert (found.prompt, found.explain) == (prompt, why)
    assert [(o.text, o.correct, o.why) for o in found.options] == [(right, True, ""), (wrong, False, why)]


MOODLE = r"""
// question: 1  name: Grants tomb
::Grants tomb::Who is buried in Grant's tomb in New York City? {
=Grant
~No one#Was true for 12 years
~%-50%Napoleon#He was buried in France
}

$CATEGORY: tom/dick/harry

Grant is {~buried =entombed ~living} in Grant's tomb.

The sun rises in the east. {T}

Grant was buried in New York City.{FALSE#Right#Wrong \= so it is}

Two plus two equals {=four =4}

When was Grant born? {#1822:5}

What is pi? {#3.14..3.15#Right####Archimedes knew}

When was he born? {#
=1822:0
=%50%1822:2
=%0%1823:0#A year too late
}

Match them. {
=Canada -> Ottawa
=Italy  -> Rome
= -> Paris
}

What two people are entombed?
{~%50%Grant
~%50%Grant's wife
~%-100%No one}

[html]What is <b>2 &lt; 3</b>?{=true\: yes ~<i>no</i>}

Write about it. {}

You can look at it.
"""


def test_what_moodle_documents_is_read_and_the_rest_told_of_by_line():
    found, problems = back(MOODLE)
    kinds = [each.__struct_config__.tag for each in found]
    assert kinds == ["single", "single", "truefalse", "truefalse", "fill", "numeric", "numeric", "numeric", "match",
                     "multiple", "single"]  # fmt: skip
    lines = MOODLE.split("\n")
    assert [lines[problem.line - 1] for problem in problems] == ["Write about it. {}", "You can look at it."]
    assert ["essay" in problems[0].what, "description" in problems[1].what] == [True, True]
    assert found[0].id == "grants-tomb"
    assert found[0].options[1].why == "Was true for 12 years"
    assert found[1].prompt == "Grant is ____ in Grant's tomb."
    assert grade(found[5], "1827").right
    assert not grade(found[5], "1828").right
    assert grade(found[6], "3.141").right
    assert found[6].explain == "Archimedes knew"
    assert grade(found[7], "1823").whys == ("A year too late",)
    assert found[8].extra_right == ("Paris",)
    assert grade(found[9], ["o1", "o2"]).right
    assert found[10].prompt == "What is 2 < 3?"
    assert found[10].options[0].text == "true: yes"


@given(st.text(st.sampled_from("aT1{}=~#%:\\->\n \ue000[/"), max_size=120))
def test_any_text_is_read_or_told_of(text):
    found, problems = back(text)
    assert len({each.id for each in found}) == len(found)
    assert all(problem.line > 0 for problem in problems)


@pytest.mark.parametrize("text", ["", "\n\n\n", "// only a comment\n"])
def test_nothing_is_nothing(text):
    assert back(text) == ([], [])
