"""Cards for Anki: one a question, the same one each time."""

from __future__ import annotations

import json
import sqlite3
import zipfile

import pytest

from dlterm.course.shelf import sources
from dlterm.quiz.anki import as_text, notes, write_package
from dlterm.quiz.bank import Entry, bank
from tests.quiz.support import OF_ITS_TYPE, lesson, question


def test_every_question_but_challenges_has_a_card_with_its_answer():
    made = list(notes(bank(), sources()))
    assert len(made) == sum(entry.kind != "challenge" for entry in bank())
    assert len({note.id for note in made}) == len(made)
    assert all(note.back.startswith("<b>") and not note.back.startswith("<b></b>") for note in made)


def test_the_text_is_a_line_a_note_with_the_columns_that_it_names():
    entries = [
        Entry(question(kind, name=f"q-{kind}", prompt='"<b>"\n\tx # y'), lesson("neuron"))
        for kind in OF_ITS_TYPE
    ]
    head, rows = [], []
    for line in as_text(entries, {}).splitlines():
        (head if line.startswith("#") else rows).append(line)
    assert "#separator:Tab" in head
    assert len(rows) == len(OF_ITS_TYPE) - 1
    for row in rows:
        name, deck, front, _, tags = row.split("\t")
        assert name.startswith("dlterm-q-")
        assert deck == "dlterm::Neuron"
        assert "&lt;b&gt;" in front
        assert tags.split()[:2] == ["dlterm", "neuron"]


def test_the_same_cards_come_out_each_time_whatever_is_edited():
    first = {note.id: note.front for note in notes(bank(), sources())}
    assert first == {note.id: note.front for note in notes(bank(), sources())}


def test_a_package_has_the_notes_and_keeps_their_ids(tmp_path):
    pytest.importorskip("genanki")
    found = []
    for prompt in ("Before?", "After?"):
        entry = Entry(question(prompt=prompt), lesson("neuron"))
        path = tmp_path / f"{prompt[:-1]}.apkg"
        assert write_package([entry], {}, path) == 1
        with zipfile.ZipFile(path) as archive:
            archive.extract("collection.anki2", tmp_path)
        connection = sqlite3.connect(tmp_path / "collection.anki2")
        guid, fields = connection.execute("SELECT guid, flds FROM notes").fetchone()
        decks = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
        connection.close()
        assert prompt in fields
        assert "dlterm::Neuron" in {deck["name"] for deck in decks.values()}
        found.append((guid, sorted(decks)))
    assert found[0] == found[1]


def test_without_genanki_it_says_what_to_install(tmp_path, monkeypatch):
    import sys

    from dlterm.errors import DltermError

    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(DltermError, match="needs genanki") as raised:
        write_package([], {}, tmp_path / "x.apkg")
    assert "dlterm[anki]" in raised.value.hint
