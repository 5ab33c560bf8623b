"""notes.json: what the user has marked and written is kept at once, and never lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dlterm.settings.notes import VERSION, Note, Notes, fault, notes_path
from dlterm.settings.places import Place

if TYPE_CHECKING:
    from pathlib import Path

HERE, THERE = Place("One decision", "Write 1 for yes"), Place("What each part does", "The bias moves")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "notes.json"


def test_what_is_marked_and_written_is_there_for_the_next_one(path: Path) -> None:
    notes = Notes(path)
    assert notes.put("neuron", HERE) == ""
    assert notes.put("neuron", THERE, "  mind the sign\n") == ""
    assert notes.put("layers", HERE) == ""
    found = Notes(path)
    assert [(note.lesson, note.place, note.text) for note in found.all] == [
        ("neuron", HERE, ""),
        ("neuron", THERE, "mind the sign"),
        ("layers", HERE, ""),
    ]
    assert [note.place for note in found.of("neuron")] == [HERE, THERE]


def test_a_note_is_written_anew_in_its_place_and_removed(path: Path) -> None:
    notes = Notes(path)
    notes.put("neuron", HERE, "one")
    notes.put("neuron", THERE)
    notes.put("neuron", HERE, "two")
    assert [note.text for note in Notes(path).all] == ["two", ""]
    notes.remove("neuron", HERE)
    assert [note.place for note in Notes(path).all] == [THERE]


def test_two_sessions_keep_each_others_notes(path: Path) -> None:
    one, other = Notes(path), Notes(path)
    one.put("neuron", HERE)
    other.put("neuron", THERE)
    one.put("layers", HERE)
    assert len(Notes(path).all) == 3


def test_a_damaged_file_is_set_aside_whole_and_said(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"version":1,"own":{"notes":[{"lesson":3}]}}')
    assert fault(path) == f"{path} is damaged"
    notes = Notes(path)
    (kept,) = path.parent.glob("notes.json.damaged-*")
    assert kept.name in notes.notice
    assert notes.put("neuron", HERE) == ""
    assert Notes(path).at("neuron", HERE) is not None


def test_a_newer_file_is_left_as_it_is_and_that_is_said_at_every_note(path: Path) -> None:
    path.parent.mkdir()
    content = b'{"version":%d,"own":{"notes":"in another form"}}' % (VERSION + 1)
    path.write_bytes(content)
    notes = Notes(path)
    assert "notes are not kept this time" in notes.put("neuron", HERE)
    assert notes.at("neuron", HERE) is not None
    assert path.read_bytes() == content


def test_a_full_disk_leaves_the_old_file_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    notes = Notes(path)
    notes.put("neuron", HERE)
    monkeypatch.setattr(os, "fsync", full)
    assert notes.put("neuron", THERE) == f"{path}: No space left on device; the note is not kept"
    monkeypatch.undo()
    assert [note.place for note in Notes(path).all] == [HERE]


def test_without_a_path_notes_last_as_long_as_the_app() -> None:
    notes = Notes()
    assert notes.put("neuron", HERE, "x") == ""
    assert notes.at("neuron", HERE) == Note(lesson="neuron", place=HERE, text="x", made=notes.all[0].made)


def test_the_file_is_where_the_system_keeps_what_is_the_users() -> None:
    assert notes_path().name == "notes.json"
    assert "dlterm" in notes_path().parts
