"""`dlterm read`: the course in the shell, whole and light."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from dlterm.course.lesson import Lesson
from dlterm.course.library import lessons
from dlterm.course.schema import LessonHead
from dlterm.experiments.registry import entries

HEAD = LessonHead(id="waves", title="Waves", chapter="Own", minutes=9)


@pytest.fixture
def one(monkeypatch):
    """Have the course be one lesson of this text."""

    def put(markdown):
        monkeypatch.setattr(
            "dlterm.cli.read.lessons", lambda: {"waves": Lesson(HEAD, markdown, "lessons/w.md", 6)}
        )

    return put


def test_every_lesson_is_read_without_marks_of_ours(dlterm):
    for name, lesson in lessons().items():
        code, stdout, stderr = dlterm("read", name)
        assert (code, stderr) == (0, "")
        assert stdout.startswith(f"# {lesson.head.title}\n")
        assert not re.search(r"\]\((term|lesson|table|lab|experiment):", stdout)
        cited = set(re.findall(r"\[\^([a-z0-9-]+)\](?!:)", stdout))
        assert cited <= set(re.findall(r"^\[\^([a-z0-9-]+)\]:", stdout, re.MULTILINE))


def test_lessons_are_listed_and_an_unknown_one_is_told_of(dlterm, lines):
    listed = dlterm("read")[1].splitlines()
    assert [line.split()[0] for line in listed] == list(lessons())
    assert [head["id"] for head in lines(dlterm("read", "--json")[1])] == list(lessons())
    code, _, stderr = dlterm("read", "neurone")
    assert (code, "did you mean neuron?" in stderr) == (66, True)
    assert "did you mean transfer-learning?" in dlterm("read", "transfer")[2]
    assert "dlterm read lists the lessons" in dlterm("read", "xylophone")[2]


def test_a_lesson_begins_with_what_one_is_able_to_do_after_it_and_what_comes_before(dlterm):
    layers, read = lessons()["layers"].head, dlterm("read", "layers")[1]
    assert all(f"- {able}\n" in read for able in layers.able)
    assert "To be read before: The neuron (`dlterm read neuron`)." in read
    assert "\nSome questions about it: `dlterm quiz layers --n 5`\n" in read


def test_words_are_found_in_lessons(dlterm, lines):
    code, stdout, _ = dlterm("read", "--search", "vanishing gradient")
    assert code == 0
    assert {line.split()[0] for line in stdout.splitlines()} <= set(lessons())
    hits = lines(dlterm("read", "--search", "perceptron", "--json")[1])
    assert "history-1" in {hit["id"] for hit in hits}
    assert dlterm("read", "--search", "xylophone")[:2] == (1, "")
    assert "analysed in 1991. The" in dlterm("read", "--search", "vanishing gradient")[1]


FIGURES = {
    "a column that is not there": (
        'table\ntable = "chips"\ncolumns = ["colour"]\ncaption = "c"', "chips has no column colour"),
    "a table that is not there": ('chart\ntable = "nope"\ncaption = "c"', 'there is no table "nope"'),
    "a figure of other fields": ('lab\nrecipe = "xor"\nspeed = 3\ncaption = "c"', "speed"),
    "a fence that is never closed": (None, "never closed"),
}  # fmt: skip


@pytest.mark.parametrize(("figure", "what"), FIGURES.values(), ids=FIGURES)
def test_a_figure_that_cannot_be_drawn_is_one_line_with_its_place(one, dlterm, figure, what):
    one("Before.\n\n" + ("```lab\n" if figure is None else f"```{figure}\n```\n"))
    code, stdout, stderr = dlterm("read", "waves")
    assert (code, stdout) == (78, "")
    assert stderr.startswith("dlterm: error: lessons/w.md:9: figure: ")
    assert what in stderr
    assert "bug" not in stderr


def test_a_link_whose_words_wrap_is_read_as_words(one, dlterm):
    one("The [loss\nfunction](term:loss) falls.\n")
    assert "The loss\nfunction falls." in dlterm("read", "waves")[1]


def test_an_experiment_is_told_with_its_claim_and_the_command_that_runs_it(one, dlterm):
    one('```experiment\nid = "xor"\ncaption = "How often does each learn it?"\n```\n')
    _, stdout, _ = dlterm("read", "waves")
    entry = next(each for each in entries() if each.id == "xor")
    for said in (entry.title, entry.question, entry.claim, "dlterm run xor", "How often does each learn it?"):
        assert said in stdout


@pytest.mark.parametrize("arguments", [["neuron"], [], ["--search", "loss"]])
def test_reading_needs_neither_textual_nor_numba(arguments, tmp_path):
    program = (
        f"import sys; from dlterm.cli.main import main; main(['read', *{arguments}])\n"
        "sys.exit(bool({'textual', 'numba', 'sklearn', 'spellchecker'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0
