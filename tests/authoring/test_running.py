"""What a figure or a preset says of a recipe is what comes out, and what was trained once is not trained again."""

from __future__ import annotations

import pytest

from dlterm.authoring.running import run_faults
from dlterm.course.whole import read_whole
from dlterm.quiz import measuring
from dlterm.quiz.memory import Memory
from dlterm.quiz.results import Results
from tests.authoring.conftest import HEAD

LESSON = "lessons/01-waves.md"
FIGURE = '```lab\nrecipe = "{}"\n{}caption = "C."\n```\n'
FAST = "circle?hidden=4&lr=0.03&epochs=40"
WILD = "plane?hidden=8,8&activation=relu&optimizer=sgd&lr=30&epochs=20"


@pytest.fixture
def run(pack, tmp_path):
    """Run a lesson with this body, and a preset: its problems, and what had to be trained."""
    (tmp_path / "measured").mkdir()

    def run(body="", preset=""):
        told = []
        root = pack(files={LESSON: HEAD + body, **({"presets.toml": preset} if preset else {})})
        results = Results(Memory(tmp_path / "measured"))
        return list(run_faults(read_whole(root, []), results, told.append)), told

    return run


def figure(recipe, *expect):
    listed = ", ".join(f'"{each}"' for each in expect)
    return FIGURE.format(recipe, f"expect = [{listed}]\n" if expect else "")


def test_what_comes_out_as_it_is_said_is_no_problem_and_is_remembered(run):
    body = figure(FAST, "test_accuracy >= 0.8", "parameters == 17") + f"[Try](lab:{FAST}).\n"
    assert run(body) == ([], [f"running {FAST}"])
    assert run(body) == ([], [])
    assert run(body.replace("0.8", "0.7")) == ([], [])
    assert run(body.replace("epochs=40", "epochs=41"))[1] == [f"running {FAST[:-2]}41"]


def test_what_comes_out_otherwise_is_told_with_seed_and_figure(run):
    problems, _ = run("Text.\n\n" + figure(FAST, "test_accuracy <= 0.6"))
    assert len(problems) == 3
    assert [(problem.file, problem.line) for problem in problems] == [(LESSON, 10)] * 3
    assert problems[2].what.startswith(f"{FAST} with seed 2: test_accuracy is ")
    assert "test_accuracy <= 0.6 is expected" in problems[2].mend


def test_a_recipes_own_seed_counts_too(run):
    problems, _ = run(figure(f"{FAST}&seed=7", "test_accuracy <= 0.6"))
    assert [problem.what.split("with seed ")[1][0] for problem in problems] == list("0127")


def test_what_diverges_is_told_unless_it_is_meant_to(run):
    (problem,), _ = run(f"[Try](lab:{WILD}).\n")
    assert problem.what == f"{WILD} with seed 0: diverges"
    preset = f'[[preset]]\nid = "a"\ntitle = "T"\nnote = "N"\nrecipe = "{WILD}"\nexpect = ["diverges"]\n'
    assert run(f"[Try](lab:{WILD}).\n", preset)[0] == []
    problems, _ = run(figure(FAST, "diverges"))
    assert [problem.what.rpartition(": ")[2] for problem in problems] == ["trains to its end"] * 3


def test_a_measure_that_there_is_none_of_is_told(run):
    problems, _ = run(figure(FAST, "joy >= 1"))
    assert "joy" in problems[0].what


def test_what_is_no_recipe_is_left_to_the_review(run):
    assert run("[Try](lab:/etc/passwd).\n") == ([], [])


def test_where_a_recipe_does_not_say_how_long_a_while_is_enough(run):
    assert run("[Try](lab:xor?hidden=4)\n") == ([], ["running xor?hidden=4"])


def test_what_trains_for_longer_than_a_minute_is_no_problem_where_nothing_is_expected(run, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_SECONDS", 0.02)
    slow = "circle?hidden=4&epochs=1000000"
    assert run(f"[Try](lab:{slow}).\n")[0] == []
    problems, _ = run(figure(slow, "test_accuracy >= 0"))
    assert problems[0].what == f"{slow} with seed 0: takes more than a minute"
