"""`dlterm notes`: what was marked and written in the course, for elsewhere."""

from __future__ import annotations

import pytest

from dlterm.course.library import lessons
from dlterm.settings.notes import Notes, notes_path
from dlterm.settings.places import Place

HERE = Place("One decision, by hand", "Write 1 for yes and 0 for no.")


@pytest.fixture
def notes(dlterm):
    """The user's, in a directory of this test's own."""
    return Notes(notes_path())


def test_nothing_is_marked_yet(dlterm):
    assert dlterm("notes") == (1, "", "")


def test_notes_are_markdown_by_lesson_and_heading(dlterm, notes):
    notes.put("layers", Place("", "What can neurons do together?"))
    notes.put("neuron", HERE, "mind the bias\nand its sign")
    notes.put("neuron", Place("One decision, by hand", "It is above zero, so you go."))
    code, stdout, _ = dlterm("notes")
    assert code == 0
    neuron, layers = (lessons()[name].head.title for name in ("neuron", "layers"))
    assert stdout == (
        f"# {neuron}\n\n## One decision, by hand\n\n> Write 1 for yes and 0 for no.\n\nmind the bias\nand its sign\n\n"
        f"> It is above zero, so you go.\n\n# {layers}\n\n> What can neurons do together?\n\n"
    )


def test_notes_as_json_are_one_object_a_line(dlterm, lines, notes):
    notes.put("neuron", HERE, "x")
    (found,) = lines(dlterm("notes", "--json")[1])
    assert found == {
        "lesson": "neuron",
        "heading": HERE.heading,
        "text": "x",
        "paragraph": HERE.text,
        "made": notes.all[0].made,
    }


def test_notes_of_a_lesson_that_is_gone_are_not_lost(dlterm, notes):
    notes.put("no-such-lesson", HERE, "x")
    assert dlterm("notes")[1].startswith("# no-such-lesson\n")


def test_a_note_says_nothing_to_the_terminal(dlterm, notes):
    notes.put("neuron", HERE, "a\x1b[31mb")
    assert "\x1b" not in dlterm("notes")[1]


def test_a_damaged_file_is_told_and_left_where_it_is(dlterm, notes):
    notes.put("neuron", HERE)
    notes_path().write_bytes(b"{")
    code, stdout, stderr = dlterm("notes")
    assert (code, stdout) == (65, "")
    assert "is damaged" in stderr
    assert notes_path().read_bytes() == b"{"


def test_the_beginning_of_a_paragraph_ends_with_a_whole_word_and_says_that_there_is_more(dlterm, notes):
    notes.put("neuron", Place("One decision, by hand", ("seven letters " * 20)[:160]))
    assert "seven letters seven …\n" in dlterm("notes")[1]
