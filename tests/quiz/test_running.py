"""What is said to come out is what comes out, and what was measured once is not measured again."""

from __future__ import annotations

import math

import msgspec
import pytest

from dlterm.course.whole import read_whole
from dlterm.errors import DltermError
from dlterm.quiz import measuring
from dlterm.quiz import memory as memories
from dlterm.quiz.experimenting import ExperimentRun
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.measuring import Measured, measure
from dlterm.quiz.memory import Memory
from dlterm.quiz.results import Results
from dlterm.quiz.run_check import check_by_running
from dlterm.quiz.running import (
    NotRunnableError,
    baselines,
    challenger,
    experiment_of,
    reference,
    run_challenge,
    run_prediction,
    runs,
)
from dlterm.training.recipe import Recipe
from tests.quiz.support import CHALLENGE, EXPERIMENT, question

HEAD = '+++\nid = "neuron"\ntitle = "The neuron"\nchapter = "Basics"\nminutes = 5\n+++\n\nText.\n'
PREDICT = """
format_version = 1
lesson = "neuron"
[[question]]
id = "p"
type = "predict"
prompt = "?"
explain = "!"
options = [{ id = "line", text = "none" }, { id = "four", text = "4" }]
[question.experiment]
runner = "train"
seeds = [0, 1]
measure = "test_accuracy"
answer = "argmax"
params = { data = "circle", lr = 0.03, epochs = 40 }
sweep = { hidden = ["", "4"] }
expect = "four"
min_margin = 0.15
"""
TASK = """
[[question]]
id = "c"
type = "challenge"
prompt = "?"
explain = "!"
[question.challenge]
data = "circle"
seeds = [0, 1]
require = ["test_accuracy >= 0.9", "parameters <= 25"]
pass_seeds = 2
stars = ["parameters <= 17", "parameters <= 9"]
reference = "circle?hidden=4&lr=0.03&epochs=60"
"""


@pytest.fixture
def memory(tmp_path):
    (tmp_path / "measured").mkdir()
    return Memory(tmp_path / "measured")


@pytest.fixture
def pack(tmp_path):
    """Write a pack whose questions are changed, and read it."""

    def write(old="", new=""):
        lessons = tmp_path / "pack" / "lessons"
        lessons.mkdir(parents=True, exist_ok=True)
        (lessons / "01-neuron.md").write_text(HEAD)
        (lessons / "01-neuron.quiz.toml").write_text((PREDICT + TASK).replace(old, new))
        return read_whole(tmp_path / "pack", [])

    return write


def predict(**changed):
    return question("predict", experiment={**EXPERIMENT, **changed})


def task(**changed):
    return question("challenge", challenge={**CHALLENGE, **changed}).challenge


FAST = {"params": {"data": "circle", "lr": 0.03, "epochs": 40}}


def test_a_prediction_is_what_the_mean_of_its_seeds_says(memory):
    outcome = run_prediction(predict(**FAST), memory)
    assert outcome.chosen == "maybe"
    assert outcome.winners == ("maybe", "maybe")
    assert min(outcome.margins) > 0.05
    assert set(outcome.values) == {"yes", "no", "maybe"}
    assert outcome.lines()[2].startswith("maybe: test_accuracy ")
    least = run_prediction(predict(**FAST, measure="test_loss", answer="argmin"), memory)
    assert least.chosen == "maybe"


def test_what_was_measured_is_remembered(memory):
    asked = predict(**FAST)
    first = run_prediction(asked, memory)
    assert memory.asked == 6
    assert run_prediction(asked, Memory(memory._directory)) == first
    again = Memory(memory._directory)
    run_prediction(asked, again)
    assert again.asked == 0
    run_prediction(predict(params={**FAST["params"], "epochs": 41}), again)
    assert again.asked == 6


def test_another_engine_measures_anew(memory, monkeypatch):
    recipe = Recipe(data="circle", epochs=1)
    memory.measure(recipe)
    monkeypatch.setattr(memories, "fingerprint", lambda: "another")
    memory.measure(recipe)
    assert memory.asked == 2


def test_a_damaged_memory_measures_anew(memory):
    recipe = Recipe(data="circle", epochs=1)
    found = memory.measure(recipe)
    for path in memory._directory.iterdir():
        path.write_text("{")
    assert memory.measure(recipe).values == found.values
    assert memory.asked == 2


def test_without_a_place_nothing_is_remembered_and_all_is_measured(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "file"))
    memory = Memory.users()
    for _ in range(2):
        memory.measure(Recipe(data="circle", epochs=1))
    assert memory.asked == 2


def test_training_that_diverges_is_the_worst():
    measured = measure(Recipe.parse("plane?hidden=8,8&activation=relu&optimizer=sgd&lr=30&epochs=50"))
    assert measured.ended == "diverged"
    assert measured.value("test_loss") == measured.value("test_rmse") == math.inf
    assert Measured({"test_accuracy": None}, 1.0).value("test_accuracy") == 0


def test_two_that_diverge_do_not_win_by_any_margin(memory):
    params = {"data": "plane", "hidden": "8,8", "activation": "relu", "optimizer": "sgd", "epochs": 20}
    sweep = {"lr": [30.0, 40.0, 50.0]}
    outcome = run_prediction(
        predict(params=params, sweep=sweep, measure="test_loss", answer="argmin"), memory
    )
    assert outcome.margins == (0, 0)


def test_training_that_takes_too_long_is_ended_and_not_remembered(memory, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_SECONDS", 0.05)
    recipe = Recipe.parse("circle?epochs=100000000")
    assert memory.measure(recipe).ended == "too slow"
    assert not memory.holds(recipe)
    outcome = run_challenge(task(), recipe, memory)
    assert not outcome.passed
    assert outcome.attempts[0].missed[0] == "training took too long"
    with pytest.raises(NotRunnableError, match="more than a minute"):
        run_prediction(predict(params={"data": "circle", "epochs": 10**8}), memory)


def test_early_stopping_is_done_as_in_training(memory):
    found = memory.measure(
        Recipe.parse("moons?noise=0.8&count=200&hidden=32&lr=0.02&early_stop=30&epochs=1000")
    )
    longer = memory.measure(Recipe.parse("moons?noise=0.8&count=200&hidden=32&lr=0.02&epochs=1000"))
    assert found.value("epochs") < 500
    assert found.value("test_loss") < longer.value("test_loss")


def test_training_can_be_interrupted_at_any_tick(memory):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.measure(Recipe.parse("circle?epochs=100000"), stop)


@pytest.mark.parametrize(
    "changed",
    [{"runner": "rocket"}, {"params": {"data": "../secret.csv"}}, {"params": {"colour": 3}}, {"measure": "joy"},
     {"measure": "test_rmse"}, {"sweep": {}}, {"sweep": {"hidden": ["1"]}}],
)  # fmt: skip
def test_an_experiment_that_means_nothing_is_told_of(changed, memory):
    with pytest.raises(NotRunnableError):
        run_prediction(predict(**{**FAST, **changed}), memory)


CATALOGUED = {"runner": "experiment", "id": "graph", "params": {}, "sweep": {}, "measure": "members"}


def test_options_may_be_measures_of_one_run_of_an_experiment(memory):
    asked = predict(**CATALOGUED, measures=["alone", "surest_wrong", "right"])
    assert [str(run) for run in runs(asked)] == ["experiment:graph", "experiment:graph?seed=1"]
    outcome = run_prediction(asked, memory)
    assert memory.asked == 2
    assert (outcome.chosen, outcome.winners) == ("maybe", ("maybe", "maybe"))
    assert min(outcome.margins) > 5
    assert outcome.lines()[2].startswith("maybe: members 3")
    assert run_prediction(asked, memory) == outcome
    assert memory.asked == 2


def test_options_may_be_a_knob_of_an_experiment_at_several_places(memory):
    asked = predict(**{**CATALOGUED, "sweep": {"rounds": [0, 1, 3]}, "measure": "right", "seeds": [0]})
    outcome = run_prediction(asked, memory)
    assert memory.asked == 3
    assert outcome.chosen == "maybe"
    assert str(experiment_of(asked)) == "experiment:graph?rounds=3"


def test_options_may_be_measures_of_one_training(memory):
    asked = predict(**{**FAST, "sweep": {}}, measures=["train_loss", "test_loss", "parameters"])
    assert run_prediction(asked, memory).chosen == "maybe"
    assert memory.asked == 2


@pytest.mark.parametrize(
    "changed",
    [{"id": "rocket"}, {"params": {"colour": 3}}, {"params": {"rounds": 99}}, {"measures": ["joy", "right", "alone"]},
     {"measures": ["right"]}, {"id": "tabular", "params": {"table": "/etc/passwd"}}],
)  # fmt: skip
def test_a_run_that_means_nothing_is_told_of(changed, memory):
    asked = predict(**{**CATALOGUED, "measures": ["alone", "right", "surest_wrong"], **changed})
    with pytest.raises((NotRunnableError, DltermError)):
        run_prediction(asked, memory)


def test_a_run_that_diverges_is_the_worst(memory, monkeypatch):
    from dlterm.experiments.registry import find
    from dlterm.training.learner import DivergedError

    def diverges(self, seed):
        raise DivergedError(1, "loss")
        yield

    monkeypatch.setattr(find("graph"), "run", diverges)
    measured = memory.measure(ExperimentRun("graph"))
    assert measured.ended == "diverged"
    assert measured.value("right") == math.inf


def test_a_question_leads_to_the_experiment_that_it_links():
    assert str(experiment_of(question(links=["lab:xor", "experiment:xor"]))) == "experiment:xor"
    assert experiment_of(question()) is None


def test_a_challenge_is_passed_with_enough_seeds_and_earns_stars(memory):
    goal = task(
        require=["test_accuracy >= 0.9", "parameters <= 25"], stars=["parameters <= 17", "parameters <= 5"]
    )
    outcome = run_challenge(goal, challenger(goal, "hidden=4&lr=0.03&epochs=60"), memory)
    assert (outcome.passed, outcome.stars, outcome.of_stars) == (True, 1, 2)
    outcome = run_challenge(goal, challenger(goal, "hidden=8&lr=0.03&epochs=60"), memory)
    assert (outcome.passed, outcome.stars) == (False, 0)
    assert outcome.attempts[0].missed == ("parameters <= 25",)
    assert "missed: parameters <= 25" in outcome.lines()[0]


@pytest.mark.parametrize(
    "text",
    ["hidden=4&lr=0.03", "?hidden=4&lr=0.03", "circle?hidden=4&lr=0.03", " circle?noise=0.5&hidden=4&lr=0.03&seed=9 "],
)  # fmt: skip
def test_an_answer_is_a_recipe_with_or_without_the_data(text):
    recipe = challenger(task(data="circle?noise=0.5"), text)
    assert (recipe.data, recipe.noise, recipe.hidden, recipe.lr) == ("circle", 0.5, (4,), 0.03)


@pytest.mark.parametrize(
    "text",
    ["spirals", "noise=0", "count=9000", "test=0.01", "hidden=x", "colour=3", "circle.csv", "hidden=2&classes=3",
     "a\ud800"],
)  # fmt: skip
def test_an_answer_that_changes_the_challenge_is_asked_again(text):
    with pytest.raises(NotAnAnswerError):
        challenger(task(data="circle?noise=0.5"), text)


def test_what_the_lab_opens_with_may_be_changed():
    goal = task(data="breast-cancer?axes=mean_radius,mean_texture&hidden=")
    assert challenger(goal, "axes=worst_area,worst_smoothness").axes == ("worst_area", "worst_smoothness")
    assert challenger(goal, "lr=0.1").hidden == ()


def test_what_a_challenge_opens_with_must_not_pass():
    names = dict(baselines(task()))
    assert names["the lab's own settings"] == Recipe(data="circle")
    assert names["the reference without training"].epochs == 0
    assert reference(task()).hidden == (4,)
    with pytest.raises(NotRunnableError, match="reference"):
        reference(task(reference="spirals"))


def test_a_pack_that_says_what_is_so_has_no_problems(pack, memory):
    told = []
    assert check_by_running(pack(), Results(memory), told.append) == []
    assert told == ["running p", "running c"]
    assert check_by_running(pack(), Results(memory), told.append) == []
    assert len(told) == 2
    asked = memory.asked
    assert check_by_running(pack("min_margin = 0.15", "min_margin = 0.2"), Results(memory), told.append) == []
    assert (memory.asked, len(told)) == (asked, 2)
    check_by_running(pack("epochs = 40", "epochs = 41"), Results(memory), told.append)
    assert told[2:] == ["running p"]


WRONG = {
    "another wins": ('expect = "four"', 'expect = "line"', "wins, not"),
    "a margin too small": ("min_margin = 0.15", "min_margin = 0.95", "at least 0.95 was stated"),
    "no such runner": ('runner = "train"', 'runner = "rocket"', "no runner"),
    "a reference that fails": ("hidden=4&lr=0.03&epochs=60", "hidden=1&epochs=1", "reference does not pass"),
    "a challenge that is none": ('"test_accuracy >= 0.9", "parameters <= 25"', '"test_loss >= 0"', "settings pass"),
    "a file for data": ('data = "circle"\nseeds', 'data = "/etc/passwd"\nseeds', "reference"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_so_is_told_of_with_its_line(name, pack, memory):
    old, new, said = WRONG[name]
    problems = check_by_running(pack(old, new), Results(memory))
    assert problems
    assert any(said in problem.what for problem in problems)
    assert all(problem.file == "lessons/01-neuron.quiz.toml" and problem.line > 0 for problem in problems)


def test_a_prediction_with_another_number_of_options_is_none():
    assert len(runs(predict())) == 6
    with pytest.raises(NotRunnableError):
        runs(msgspec.structs.replace(predict(), options=predict().options[:2]))
