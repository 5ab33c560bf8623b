"""Search: all words, each of which may be only begun; the title before the text."""

from __future__ import annotations

import pytest

from dlterm.course.search import MARKS, Entry, Index, index

ENTRIES = [
    Entry("term", "softmax", "Softmax", "Turns a vector of numbers into shares that add up to one."),
    Entry("term", "logit", "Logit", "What goes into a softmax: a number of any size."),
    Entry("event", "3", "1986 Backpropagation", "Gradients of networks with hidden layers."),
    Entry("help", "runs", "Runs", "Naïve words, and a résumé."),
]


@pytest.fixture
def small():
    return Index(ENTRIES)


def found(small, words):
    return [hit.id for hit in small.search(words)]


def test_a_title_comes_before_a_text(small):
    assert found(small, "softmax") == ["softmax", "logit"]


def test_words_need_only_be_begun(small):
    assert found(small, "hidden lay") == ["3"]
    assert found(small, "hidden vector") == []
    assert found(small, "backp") == ["3"]


def test_endings_and_accents_do_not_matter(small):
    assert found(small, "gradient") == ["3"]
    assert found(small, "naive resume") == ["runs"]


@pytest.mark.parametrize(
    "words", ["", " ", '"', "(", "*", "a OR", "NEAR(", "title:x", "-softmax", "\x00", "'; drop table"]
)
def test_whatever_is_typed_is_words_and_no_language(small, words):
    small.search(words)


def test_the_words_are_marked_in_the_excerpt(small):
    (hit,) = small.search("shares")
    assert f"{MARKS[0]}shares{MARKS[1]}" in hit.excerpt


def test_the_course_is_found():
    kinds = {hit.kind for words in ("gradient", "transistor", "run", "1986") for hit in index().search(words)}
    assert {"term", "event", "help"} <= kinds
    for words in ("softmax", "gradient", "batch", "LSTM"):
        assert index().search(words)[0].title.casefold() == words.casefold()
