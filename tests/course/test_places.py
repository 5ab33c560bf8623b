"""Blocks of a lesson, and places in it: a place is found again in a lesson that was edited meanwhile."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dlterm.course.blocks import Run, blocks
from dlterm.course.lesson import Lesson
from dlterm.course.library import lessons
from dlterm.course.places import best, find, find_words, likest, place_of
from dlterm.course.schema import LessonHead
from dlterm.settings.places import Place

HEAD = LessonHead(id="a", title="A", chapter="Basics", minutes=3)
TEXT = """\
Before all headings **stands** this.

## Steps

1. Take a [weight](term:weight), which was said first in a paper [^rosenblatt1958].
2. Multiply.
   - by what `comes` in

> **Check this.** It is often said.
>
> It is not so.

    z = w x

## Ends

```flow
boxes = ["one", "two"]
caption = "Two boxes."
```

| name | year |
| --- | --- |
| Perceptron | 1958 |

The same words stand here.
"""


def read(text=TEXT):
    return blocks(Lesson(HEAD, text, "lessons/01-a.md", 0))


def test_a_lesson_is_cut_into_what_is_read_one_after_the_other():
    assert [(block.kind, block.heading) for block in read()] == [
        ("paragraph", ""),
        ("heading", "Steps"),
        ("item", "Steps"),
        ("item", "Steps"),
        ("item", "Steps"),
        ("quote", "Steps"),
        ("code", "Steps"),
        ("heading", "Ends"),
        ("figure", "Ends"),
        ("table", "Ends"),
        ("paragraph", "Ends"),
    ]


def test_words_keep_their_looks_and_links():
    found = read()
    assert found[0].runs == (Run("Before all headings "), Run("stands", ("strong",)), Run(" this."))
    assert [(block.sign, block.level) for block in found[2:5]] == [("1.", 1), ("2.", 1), ("•", 2)]
    assert Run("weight", (), "term:weight") in found[2].runs
    assert "".join(run.text for run in found[2].runs if run.link == "source:rosenblatt1958") == "[1]"
    assert found[5].text == "Check this. It is often said.\n\nIt is not so."
    assert found[6].text == "z = w x"
    assert found[9].rows == (("name", "year"), ("Perceptron", "1958"))


def test_links_come_as_they_were_written():
    (block,) = read("See [squares](lab:circle?features=x1^2,x2^2&hidden=) and [it](<term:a'b c)>).\n")
    assert [run.link for run in block.runs if run.link] == [
        "lab:circle?features=x1^2,x2^2&hidden=",
        "term:a'b c)",
    ]


def test_the_tables_that_markdown_is_parsed_with_are_full_before_any_thread_reads_them():
    script = """
import dlterm.course.blocks
from mdurl import _decode, _encode
print({len(table) for module in (_encode.encode_cache, _decode.decode_cache) for table in module.values()})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{128}"


def test_every_place_of_the_course_leads_to_its_block():
    for lesson in lessons().values():
        found = blocks(lesson)
        assert [find(place_of(block), found) for block in found] == list(range(len(found)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A new beginning.\n\n" + TEXT, "The same words stand here."),
        (
            TEXT.replace("The same words stand here", "Nearly the same words stand here now"),
            "Nearly the same",
        ),
        (TEXT.replace("## Ends", "## The end of it"), "The same words"),
        (TEXT.replace("The same words stand here.", ""), "Ends"),
    ],
    ids=["something before it", "edited", "the heading renamed", "gone"],
)
def test_a_place_is_found_again_after_an_edit(text, says):
    place = place_of(read()[-1])
    edited = read(text)
    assert edited[find(place, edited)].text.startswith(says)


def test_a_place_whose_heading_is_gone_too_is_found_nowhere():
    assert find(Place("No such", "words at all that anybody wrote"), read()) is None
    assert find(Place(), read()) == 0


def test_of_two_equal_paragraphs_the_one_below_its_heading_is_meant():
    found = read("## One\n\nSame.\n\n## Two\n\nSame.\n")
    assert [find(place_of(block), found) for block in found] == [0, 1, 2, 3]


def test_words_are_found_by_their_beginnings_whatever_the_case_and_accents():
    found = read("It was Schönberg.\n\nA perceptron learns.\n\nPerceptrons do not.\n")
    assert find_words("PERCEP", found) == [1, 2]
    assert find_words("schonb", found) == [0]
    assert find_words("perceptron lea", found) == [1]
    assert find_words(" .,", found) == []
    assert best("perceptrons learn", found) == 1
    assert best("nowhere", found) is None


@pytest.mark.parametrize(
    ("lesson", "about", "says"),
    [
        (
            "neuron",
            "What does the bias of a neuron do? It shifts the point where the neuron begins to answer",
            "bias",
        ),
        (
            "how-networks-learn",
            "Which learning rate ends with the lowest loss? Every step overshoots.",
            "rate",
        ),
        ("overfitting", "Why does early stopping help against overfitting?", "stop"),
    ],
)
def test_what_a_question_is_about_is_found_in_its_lesson(lesson, about, says):
    found = blocks(lessons()[lesson])
    assert says in found[likest(about, found)].text.casefold()


def test_what_a_lesson_has_no_word_of_is_nowhere_in_it():
    assert likest("zephyr", read()) is None
    assert likest("anything", ()) is None
