"""`dlterm progress`: what was learned, and the file it is kept in."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest


@pytest.fixture
def learned(dlterm, monkeypatch):
    """Some answers: how `dlterm` is called afterwards."""
    for seed in ("1", "2"):
        monkeypatch.setattr("sys.stdin", io.StringIO("?\n" * 5))
        assert dlterm("quiz", "--n", "4", "--seed", seed, "--json")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return dlterm


def answers(dlterm):
    return json.loads(dlterm("progress", "--json")[1])["total"]["answers"]


def test_progress_is_told_in_lines_and_as_json(learned):
    code, stdout, stderr = learned("progress")
    assert (code, stderr) == (0, "")
    assert "10 answers on 1 day, " in stdout
    assert "What deep learning is" in stdout
    assert "  Machine learning or deep learning  " in stdout
    assert "  History I: the first neurons, 1943 to 1969  " in stdout
    assert max(map(len, stdout.splitlines())) <= 80
    assert "█" not in stdout
    assert answers(learned) == 10


def test_what_is_flagged_is_listed_before_anything_is_answered(dlterm, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("/flag\n"))
    assert "Flagged: dlterm progress lists it." in dlterm("quiz", "neuron-bias", "--plain")[1]
    assert dlterm("progress")[1].endswith("\nFlagged: neuron-bias\n")


def test_nothing_yet(dlterm):
    assert dlterm("progress")[1] == "Nothing is answered yet: dlterm quiz begins.\n"


def test_an_export_is_imported_elsewhere(learned, tmp_path, monkeypatch):
    assert learned("progress", "export", str(tmp_path / "a.jsonl"))[0] == 0
    assert learned("progress", "export", str(tmp_path / "a.jsonl"))[0] == 73
    assert learned("progress", "export")[1] == (tmp_path / "a.jsonl").read_text()
    monkeypatch.setenv("DLTERM_PROGRESS", str(tmp_path / "elsewhere" / "p.sqlite3"))
    assert answers(learned) == 0
    assert "10 answers taken over" in learned("progress", "import", str(tmp_path / "a.jsonl"))[2]
    assert "0 answers taken over" in learned("progress", "import", str(tmp_path / "a.jsonl"))[2]
    assert answers(learned) == 10
    monkeypatch.setattr("sys.stdin", io.StringIO((tmp_path / "a.jsonl").read_text()))
    assert "0 answers taken over" in learned("progress", "import", "-")[2]


def test_a_bad_import_names_file_and_line(learned, tmp_path):
    (tmp_path / "bad.jsonl").write_text("{}\n")
    code, _, stderr = learned("progress", "import", str(tmp_path / "bad.jsonl"))
    assert code == 65
    assert "bad.jsonl:1: " in stderr
    assert learned("progress", "import", str(tmp_path / "none"))[0] == 66


def test_reset_keeps_a_backup_and_restore_brings_it_back(learned):
    assert learned("progress", "reset")[0] == 2
    assert "10 answers forgotten" in learned("progress", "reset", "--yes")[2]
    assert answers(learned) == 0
    code, stdout, _ = learned("progress", "restore", "--list")
    assert code == 0
    assert stdout.count("progress-") >= 1
    code, _, stderr = learned("progress", "restore", stdout.splitlines()[0].split()[-1], "--yes")
    assert code == 0
    assert "10 answers, where there were 0" in stderr
    assert answers(learned) == 10


def test_reset_of_a_lesson_leaves_the_others(learned):
    learned("progress", "reset", "what-is-deep-learning", "--yes")
    found = json.loads(learned("progress", "--json")[1])
    assert found["lessons"][0]["seen"] == 0
    assert learned("progress", "reset", "cooking", "--yes")[0] == 66


def test_restoring_what_is_no_backup_changes_nothing(learned, tmp_path):
    (tmp_path / "x").write_text("no database")
    assert learned("progress", "restore", str(tmp_path / "x"), "--yes")[0] == 65
    assert learned("progress", "restore", str(tmp_path / "none"), "--yes")[0] == 66
    assert answers(learned) == 10


def test_without_a_backup_there_is_nothing_to_restore(dlterm):
    assert dlterm("progress", "restore", "--yes")[0] == 66


def test_a_backup_prints_where_it_is(learned, tmp_path):
    code, stdout, _ = learned("progress", "backup")
    assert code == 0
    assert Path(stdout.strip()).is_file()
    assert Path(stdout.strip()).parent == tmp_path / "data" / "dlterm" / "backups"


def test_check_finds_cards_that_are_wrong_and_mends_them(learned, tmp_path):
    import sqlite3

    assert learned("progress", "check")[0] == 0
    with sqlite3.connect(tmp_path / "data" / "dlterm" / "progress.sqlite3") as connection:
        connection.execute("UPDATE cards SET due = 1")
    connection.close()
    code, stdout, _ = learned("progress", "check")
    assert code == 1
    assert "not what the answers say" in stdout
    assert learned("progress", "check", "--mend")[0] == 0
    found = json.loads(learned("progress", "check", "--json")[1])
    assert (found["problems"], found["answers"]) == ([], 10)


def test_vacations_are_taken_listed_and_ended(dlterm, monkeypatch):
    assert dlterm("progress", "vacation", "2026-07-01", "2026-07-14")[1] == "2026-07-01 2026-07-14\n"
    assert dlterm("progress", "vacation")[1] == "2026-07-01 2026-07-14\n"
    assert dlterm("progress", "vacation", "2026-07-05", "2026-07-01")[0] == 2
    assert dlterm("progress", "vacation", "1900-01-01", "2999-01-01")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "your vacation" in dlterm("quiz")[1]
    dlterm("progress", "vacation", "--end")
    assert "your vacation" not in dlterm("quiz")[1]
