"""A line is read as its writer meant."""

from __future__ import annotations

import pytest

from dlterm.quiz.asking import Asked, Choice
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.typed import read
from tests.quiz.support import question

SWAPPED = (Choice("a", "B", "one"), Choice("b", "A", "other"), Choice("c", "Neither", "third"))


def test_a_letter_is_a_sign_before_it_is_a_text():
    asked = Asked(question(), 0, SWAPPED)
    assert [read(asked, line) for line in ("a", "B", " c) ", "neither")] == ["one", "other", "third", "third"]


@pytest.mark.parametrize("line", ["ac", "a c", "a, c", "A and C", "a;c", "ca"])
def test_several_letters_in_any_way(line):
    assert sorted(read(Asked(question("multiple"), 0, SWAPPED), line)) == ["one", "third"]


@pytest.mark.parametrize("line", ["1b 2a", "1B, 2A", "2a 1b", "1-b 2-a", "1 = b; 2 = a", "b a", "ba"])
def test_pairs_in_any_way(line):
    lefts = (Choice("1", "CNN", "CNN"), Choice("2", "RNN", "RNN"))
    assert read(Asked(question("match"), 0, SWAPPED, lefts), line) == [["CNN", "other"], ["RNN", "one"]]


@pytest.mark.parametrize("line", ["1b", "1b 2z", "1b 2a 3c", "1b 1a", "bac", "x", "1b 2a please"])
def test_pairs_that_are_none_are_asked_again(line):
    lefts = (Choice("1", "CNN", "CNN"), Choice("2", "RNN", "RNN"))
    with pytest.raises(NotAnAnswerError):
        read(Asked(question("match"), 0, SWAPPED, lefts), line)


@pytest.mark.parametrize(("line", "truth"), [("T", True), ("yes", True), ("False.", False), ("n", False)])
def test_true_and_false_in_any_way(line, truth):
    assert read(Asked(question("truefalse"), 0), line) is truth
