"""`dlterm quiz`: answered line by line, from a terminal, a pipe or a script."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from dlterm.quiz.bank import bank
from dlterm.quiz.grading import solution


@pytest.fixture
def quiz(dlterm, monkeypatch):
    """Ask, with lines for answers: exit code, stdout, stderr."""

    def call(*arguments, said=()):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in said)))
        return dlterm("quiz", *arguments)

    return call


@pytest.fixture
def events(quiz, lines):
    """The same with --json: the events, by their kind."""

    def call(*arguments, said=()):
        code, stdout, _ = quiz(*arguments, "--json", said=said)
        assert code == 0
        return lines(stdout)

    return call


def of(events, kind):
    return [event for event in events if event["event"] == kind]


def test_answers_are_read_from_a_pipe_and_feedback_follows_each(quiz):
    code, stdout, stderr = quiz("neuron-bias", "--seed", "1", "--plain", said=["zz", "a!", "a!", "a!", "a!"])
    assert (code, stderr) == (0, "")
    assert stdout.count("Question 1 of 1. The neuron. One answer is right.") == 1
    assert "Not an answer: answer with a letter, a to d." in stdout
    assert "Right." in stdout or "Wrong." in stdout
    question = bank().get("neuron-bias").question
    assert question.explain in stdout
    assert "right at first" in stdout
    assert not any(sign in stdout for sign in "\x1b│─█")


def test_a_wrong_answer_says_why_and_comes_again(events):
    question = bank().get("neuron-bias").question
    asked = of(events("neuron-bias", "--seed", "3"), "question")[0]
    wrong = next(
        choice["sign"] for choice in asked["choices"]
        if any(option.text == choice["text"] and not option.correct for option in question.options)
    )  # fmt: skip
    found = events("neuron-bias", "--seed", "3", said=[f"{wrong}!", "?", "?", "?"])
    first = of(found, "answer")[0]
    assert (first["right"], first["confidence"], first["again"]) == (False, "sure", True)
    assert first["why"][0] in {option.why for option in question.options}
    assert first["solution"] == solution(question)
    assert len(of(found, "answer")) == 4
    assert of(found, "report")[0]["surely_wrong"] == 1


def test_what_is_answered_is_kept_and_comes_back_later(events):
    asked = events("--n", "3", "--seed", "1", said=["?"] * 3)
    assert len(of(asked, "answer")) == 3
    assert all(answer["due"] for answer in of(asked, "answer"))
    again = events("--seed", "1", "--n", "20")
    seen = {answer["question"] for answer in of(asked, "answer")}
    assert of(again, "question")[0]["id"] not in seen
    listed = {row["id"]: row["due"] for row in events_of_list(events)}
    assert {name for name, due in listed.items() if due} == seen


def events_of_list(events):
    return events("--list")


def test_the_same_seed_asks_the_same_in_the_same_order(events, quiz, monkeypatch, tmp_path):
    one = events("neuron", "--seed", "5", said=["/skip"] * 3)
    other = events("neuron", "--seed", "5", said=["/skip"] * 3)
    assert one == other
    assert len(of(one, "question")) == 4


def test_every_type_can_be_answered_in_a_line(events):
    lines = {
        "single": "a", "multiple": "a b", "truefalse": "true", "numeric": "1,5", "fill": "word", "order": "",
        "match": "", "predict": "b", "challenge": "hidden=2&epochs=1",
    }  # fmt: skip
    for kind, line in lines.items():
        entry = next(entry for entry in bank() if entry.kind == kind and entry.lesson.id != "overfitting")
        parts = getattr(entry.question, "items", getattr(entry.question, "pairs", ()))
        found = events(entry.id, "--mode", "topic", said=["abcdefgh"[: len(parts)] or line])
        assert len(of(found, "answer")) == 1, (kind, found)
        if kind in ("predict", "challenge"):
            assert of(found, "answer")[0]["outcome"]


def test_a_challenge_that_is_changed_is_asked_again(quiz):
    name = next(entry.id for entry in bank() if entry.kind == "challenge")
    stdout = quiz(name, said=["count=9", "spirals?hidden=9", "colour=1"])[1]
    assert stdout.count("Not an answer: ") == 3
    assert "Required, with 2 of 3 seeds" in stdout


def test_commands_help_hint_undo_flag_and_report(quiz, tmp_path):
    said = [
        "/help",
        "/hint",
        "/h",
        "/undo",
        "/flag",
        "/report",
        "/report two are right",
        "?",
        "/undo",
        "?",
        "/quit",
    ]
    code, stdout, _ = quiz("neuron-bias", "--seed", "1", said=said)
    assert code == 0
    for part in ("/skip", "Hint: It is added", "no further hint", "no answer to take back", "Flagged", "Say what",
                 "Noted in", "is taken back"):  # fmt: skip
        assert part in stdout
    notes = (tmp_path / "data" / "dlterm" / "reports.txt").read_text()
    assert notes.endswith("\tneuron-bias\ttwo are right\n")


def test_an_exam_says_nothing_until_its_end(events):
    found = events("--mode", "exam", "--n", "4", "--seed", "2", said=["?", "?", "?", "?"])
    kinds = [event["event"] for event in found]
    assert kinds == ["question", "kept"] * 4 + ["answer"] * 4 + ["report"]
    assert of(found, "report")[0]["mark"] == 0


@pytest.mark.parametrize("mode", ["cram", "placement", "pretest", "marathon", "lesson"])
def test_every_mode_asks(events, mode):
    topic = ("neuron",) if mode in ("pretest", "lesson") else ()
    found = events(*topic, "--mode", mode, "--seed", "1", said=["?"])
    assert of(found, "question")
    assert of(found, "report")[0]["mode"] == mode


def test_what_is_wrongly_asked_for_is_told(quiz):
    assert quiz("cooking")[0] == 66
    assert quiz("--mode", "pretest")[0] == 2
    assert quiz("--n", "0")[0] == 2


@pytest.mark.parametrize(
    ("topic", "mode", "why"),
    [
        ("numeric", "marathon", "asks only predictions: there are none on numeric."),
        ("challenge", "cram", "there are only predictions and challenges on challenge."),
        ("predict", "exam", "asks only what is answered without a run: there are only predictions"),
    ],
)
def test_where_a_mode_has_nothing_to_ask_it_is_said_why_and_what_asks(quiz, topic, mode, why):
    code, stdout, _ = quiz(topic, "--mode", mode)
    assert code == 0
    assert stdout.startswith(f"The mode {mode} asks only ")
    assert why in stdout
    assert f"dlterm quiz {topic}, or Topic in the app, asks what there is." in stdout


def test_the_list_has_every_question_and_a_topic_narrows_it(quiz, lines):
    code, stdout, _ = quiz("--list")
    assert code == 0
    assert len(stdout.splitlines()) == len(bank())
    rows = lines(quiz("neuron", "--list", "--json")[1])
    assert {row["lesson"] for row in rows} == {"neuron"}
    assert {"id", "type", "difficulty", "prompt", "due"} <= rows[0].keys()


def test_input_that_is_closed_or_no_text_ends_or_is_asked_again(shell):
    assert shell("quiz", "neuron", "--n", "1", stdin=subprocess.DEVNULL).returncode == 0
    found = shell(
        "quiz", "neuron-bias", "--seed", "1", input="\udcff\udcfe\n\x1b[2J\n?\n", errors="surrogateescape"
    )
    assert found.returncode == 0
    assert "\x1b" not in found.stdout


def test_a_damaged_store_is_told_of_on_stderr(shell, tmp_path):
    shell("quiz", "neuron-bias", input="?\n")
    store = tmp_path / "data" / "dlterm" / "progress.sqlite3"
    store.write_bytes(store.read_bytes()[:5000])
    found = shell("quiz", "neuron-bias", "--json", input="")
    assert found.returncode == 0
    assert "is damaged" in found.stderr
    assert "restored from the backup" in found.stderr
    assert json.loads(found.stdout.splitlines()[0])["event"] == "question"


def test_a_newer_store_ends_with_78(shell, tmp_path):
    shell("quiz", "neuron-bias", input="?\n")
    with sqlite3.connect(tmp_path / "data" / "dlterm" / "progress.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    found = shell("quiz", "neuron-bias", input="?\n")
    assert found.returncode == 78
    assert "newer dlterm" in found.stderr


def test_a_session_needs_neither_textual_nor_numpy(tmp_path, monkeypatch):
    monkeypatch.setenv("DLTERM_PROGRESS", str(tmp_path / "p.sqlite3"))
    program = (
        "import sys; from dlterm.cli.main import main; main(['quiz', 'neuron-bias', '--seed', '1'])\n"
        "sys.exit(bool({'textual', 'numba', 'numpy', 'rich'} & sys.modules.keys()))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], input=b"a\na\na\na\n", capture_output=True, check=False
    )
    assert found.returncode == 0, found.stderr


def test_questions_go_to_anki_and_gift_and_come_back(dlterm, tmp_path):
    gift = tmp_path / "x.gift"
    code, _, stderr = dlterm("content", "export", "neuron", "--to", "gift", "--out", str(gift))
    assert code == 0
    assert "left out, having no form in GIFT: " in stderr
    assert dlterm("content", "export", "neuron", "--to", "gift", "--out", str(gift))[0] == 73
    code, stdout, stderr = dlterm("content", "import", str(gift), "--lesson", "neuron")
    assert code == 0
    assert stdout.startswith('format_version = 1\nlesson = "neuron"\n')
    assert ", 0 left out" in stderr
    code, stdout, _ = dlterm("content", "export", "--to", "anki")
    assert code == 0
    assert stdout.startswith("#separator:Tab\n")
    assert dlterm("content", "export", "--to", "apkg")[0] == 2
    assert dlterm("content", "export", "neuron", "--to", "apkg", "--out", str(tmp_path / "x.apkg"))[0] == 0


def test_what_is_no_gift_is_refused(dlterm, tmp_path):
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    assert dlterm("content", "import", str(tmp_path / "x"), "--lesson", "a")[0] == 65
    (tmp_path / "x").write_text("An essay {}\n")
    code, _, stderr = dlterm("content", "import", str(tmp_path / "x"), "--lesson", "a")
    assert code == 65
    assert "x:1: an essay" in stderr
    assert dlterm("content", "import", str(tmp_path / "none"), "--lesson", "a")[0] == 66


def test_gift_is_read_from_standard_input(dlterm, monkeypatch, tmp_path):
    def piped(text):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return dlterm("content", "import", "-", "--lesson", "neuron")

    gift = dlterm("content", "export", "neuron", "--to", "gift")[1]
    (tmp_path / "x.gift").write_text(gift, encoding="utf-8")
    from_file = dlterm("content", "import", str(tmp_path / "x.gift"), "--lesson", "neuron")
    assert piped(gift) == from_file
    code, _, stderr = piped("An essay {}\n")
    assert code == 65
    assert "stdin:1: an essay" in stderr


def test_topics_are_completed(shell):
    variables = {"_DLTERM_COMPLETE": "bash_complete", "COMP_WORDS": "dlterm quiz neu", "COMP_CWORD": "2"}
    assert "plain,neuron" in shell(env=variables).stdout.split()


class Slow(io.StringIO):
    """Lines that each take so many seconds to be typed."""

    def __init__(self, lines, seconds):
        super().__init__("".join(f"{line}\n" for line in lines))
        self.now, self.seconds = datetime(2026, 5, 4, 12, tzinfo=UTC), seconds

    def readline(self, *size):
        self.now += timedelta(seconds=self.seconds)
        return super().readline(*size)


@pytest.mark.parametrize("late", ["t", "/undo", "/flag"])
def test_what_comes_after_the_time_of_an_exam_is_over_counts_for_nothing(dlterm, monkeypatch, late):
    lines = Slow(["t", late, late], seconds=40)
    monkeypatch.setattr("sys.stdin", lines)
    monkeypatch.setattr("dlterm.cli.quiz.local_time", lambda: lines.now)
    arguments = ("truefalse", "--mode", "exam", "--n", "3", "--minutes", "1", "--seed", "2", "--plain")
    code, stdout, stderr = dlterm("quiz", *arguments)
    assert (code, stderr) == (0, "")
    assert stdout.count("Kept.") == 1
    assert "The time is over." in stdout
    assert "of 3 right, a mark of" in stdout
    assert "2 not asked." in stdout
