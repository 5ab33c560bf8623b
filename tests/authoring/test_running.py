"""What a figure or a preset says of a recipe is what comes out, and what was trained once is not trained again."""

from __future__ import annotations

import pytest

from dlterm.authoring.running import run_faults
from dlterm.course.whole import read_whole
from dlterm.errors import DltermError
from dlterm.quiz import measuring
from dlterm.quiz.memory import Memory
from dlterm.quiz.results import RESULTS, Results
from tests.authoring.conftest import HEAD, PROSE, QUIZ

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


# --- dlterm content check --run -------------------------------------------------------------------------------------


QUESTION = """
[[question]]
id = "waves-predict"
type = "predict"
prompt = "?"
explain = "!"
options = [{ id = "alone", text = "Without messages" }, { id = "told", text = "With them" }]
[question.experiment]
runner = "experiment"
id = "graph"
seeds = [0]
params = { steps = 100 }
measure = "members"
measures = ["alone", "right"]
answer = "argmax"
expect = "told"
min_margin = 5
"""


@pytest.fixture
def checked(pack, dlterm, tmp_path, monkeypatch):
    """Check a lesson with a link and a question, in the way that is asked for, on a machine that remembers nothing."""

    def check(*how, body=f"[Try](lab:{FAST}).\n", question=QUESTION):
        caches = tmp_path / f"cache-{len(list(tmp_path.glob('cache-*')))}"
        caches.mkdir()
        monkeypatch.setattr("dlterm.quiz.memory.measured_path", lambda: caches)
        root = pack(files={LESSON: HEAD + PROSE + body, LESSON.replace(".md", ".quiz.toml"): QUIZ + question})
        code, stdout, stderr = dlterm("content", "check", str(root), *how)
        assert stdout == ""
        return code, [line for line in stderr.splitlines() if not line.startswith(("compiling", "spelling"))]

    return check


def test_a_pack_says_what_came_out_of_it_and_only_what_changed_is_run_elsewhere(checked, tmp_path):
    written = "results.toml is written anew: it belongs to the pack, and says what came out"
    assert checked("--run") == (0, [f"running {FAST}", "running waves-predict", written, "no problems"])
    kept = (tmp_path / "pack" / RESULTS).read_text()
    assert '"experiment:graph?steps=100" = { seed = [0], alone = [' in kept
    assert checked("--run") == (0, ["no problems"])
    changed = {"question": QUESTION.replace("steps = 100", "steps = 90")}
    assert checked("--run", **changed) == (0, ["running waves-predict", written, "no problems"])
    assert checked("--run") == (0, ["running waves-predict", written, "no problems"])
    assert (tmp_path / "pack" / RESULTS).read_text() == kept
    assert checked("--run", "--fresh")[1] == [f"running {FAST}", "running waves-predict", "no problems"]


def test_a_check_without_running_says_what_is_not_kept_and_writes_nothing(checked, tmp_path):
    assert checked() == (0, ["no problems"])
    assert not (tmp_path / "pack" / RESULTS).exists()
    checked("--run")
    kept = (tmp_path / "pack" / RESULTS).read_text()
    assert checked() == (0, ["no problems"])
    code, said = checked(body=f"[Try](lab:{FAST}0).\n")
    assert (code, said[-1]) == (0, "no problems")
    assert said[0] == "results.toml does not say what comes out of 1 of its items as they are; --run does"
    assert (tmp_path / "pack" / RESULTS).read_text() == kept


def test_results_that_were_damaged_are_told_of_and_run_anew(checked, tmp_path):
    checked("--run")
    path = tmp_path / "pack" / RESULTS
    kept = path.read_bytes()
    path.write_bytes(b"\xff" + kept)
    assert checked("--run")[1][0] == "results.toml: not UTF-8; all is run anew"
    assert path.read_bytes() == kept


def test_where_nobody_may_write_what_came_out_is_told_all_the_same(checked, tmp_path, monkeypatch):
    def refused(path, content):
        raise DltermError(f"{path.name}: Read-only file system")

    monkeypatch.setattr("dlterm.atomic.write_atomically", refused)
    code, said = checked("--run")
    assert (code, said[-2:]) == (0, ["not kept: results.toml: Read-only file system", "no problems"])


def test_a_run_that_comes_out_otherwise_is_a_problem_kept_or_not(pack, dlterm, monkeypatch):
    monkeypatch.setattr("dlterm.quiz.memory.measured_path", lambda: None)
    wrong = QUESTION.replace('expect = "told"', 'expect = "alone"')
    root = pack(files={LESSON: HEAD + PROSE, LESSON.replace(".md", ".quiz.toml"): QUIZ + wrong})
    for _ in range(2):
        code, stdout, _ = dlterm("content", "check", str(root), "--run")
        assert code == 1
        assert 'question waves-predict: with seed 0, "told" wins, not "alone"' in stdout
