"""`dlterm predict` and `dlterm export`: what was trained is used, by name and with its own scaling."""

from __future__ import annotations

import csv
import io
import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from dlterm.training.learner import Learner
from dlterm.training.model_file import Model
from dlterm.training.recipe import Recipe

PEOPLE = ["age,job,income,rich"] + [
    f"{age},{job},{age * 10 + extra},{'yes' if age * 10 + extra > 600 else 'no'}"
    for age in range(20, 90)
    for job, extra in (("baker", 0), ("pilot", 300))
]
REFUSED = {
    "a column that is not there": ("age,job\n1,baker\n", 65, 'no column is named "income"'),
    "a category that training never saw": ("age,job,income\n1,king,3\n", 65, 'stdin:2: "job" is "king"'),
    "a missing value": ("age,job,income\n1,baker,3\n,baker,3\n", 65, 'stdin:3: "age" is missing'),
    "a word for a number": ("age,job,income\n1,baker,much\n", 65, 'stdin:2: "income" is "much"'),
    "nothing": ("", 65, "stdin: empty"),
    "a header alone": ("age,job,income\n", 65, "no example"),
}


@pytest.fixture
def trained(dlterm, monkeypatch, tmp_path):
    """Runs on people.csv: of classes in `run`, of values in `values`."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("\n".join(PEOPLE))
    assert dlterm("train", "people.csv", "--epochs", "60", "--out", "run", "-q")[0] == 0
    assert (
        dlterm("train", "people.csv", "--target", "income", "--epochs", "60", "--out", "values", "-q")[0] == 0
    )
    return dlterm


@pytest.fixture
def piped(trained, monkeypatch):
    """`dlterm predict run -` on this text."""

    def call(text, *arguments):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return trained("predict", "run", "-", *arguments)

    return call


def test_columns_are_found_by_name_in_any_order(piped):
    code, straight, _ = piped("age,job,income\n30,baker,300\n80,pilot,1100\n")
    assert code == 0
    assert piped("income,extra,age,job\n300,x,30,baker\n1100,y,80,pilot\n")[1] == straight
    rows = list(csv.DictReader(io.StringIO(straight)))
    assert [row["prediction"] for row in rows] == ["no", "yes"]
    assert [float(row["p(no)"]) + float(row["p(yes)"]) for row in rows] == pytest.approx([1, 1], abs=1e-5)


def test_predictions_are_those_of_the_learner(trained, lines):
    _, stdout, _ = trained("predict", "run", "people.csv", "--json")
    learner = Learner(Recipe(data="people.csv", epochs=60))
    learner.advance(60 * learner.steps_per_epoch)
    expected = learner.predict(learner.dataset.inputs)
    found = [[row["probabilities"][name] for name in ("no", "yes")] for row in lines(stdout)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("axes", ["age,income", "pca"])
def test_features_are_made_of_new_examples_as_of_those_in_training(trained, lines, axes):
    settings = {"axes": axes, "features": "x1,x2,x1^2,x1x2,sinx2", "hidden": "4,3", "activation": "relu,tanh"}
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    trained("train", "people.csv", *options, "--epochs", "20", "--out", "made", "-q")
    _, stdout, said = trained("predict", "made", "people.csv", "--json")
    learner = Learner(Recipe.of(data="people.csv", epochs=20, **settings))
    learner.advance(20 * learner.steps_per_epoch)
    expected = learner.predict(learner.dataset.inputs)
    found = [[row["probabilities"][name] for name in ("no", "yes")] for row in lines(stdout)]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert "accuracy" in said


def test_an_export_says_what_its_inputs_are_made_of(trained):
    from safetensors import safe_open

    made = ("--axes", "age,income", "--features", "x2,x1x2", "--hidden", "")
    trained("train", "people.csv", *made, "--epochs", "5", "--out", "made", "-q")
    trained("export", "made", "--to", "safetensors", "--out", "net.safetensors")
    with safe_open("net.safetensors", "np") as file:
        about = {
            name: json.loads(file.metadata()[name])
            for name in ("inputs", "directions", "input_mean", "input_std")
        }
        weight, bias = file.get_tensor("output.weight"), file.get_tensor("output.bias")
    example = np.array([[80, 0, 1, 1100]])
    x1, x2 = np.array(about["directions"]) @ ((example - about["input_mean"]) / about["input_std"])[0]
    assert about["inputs"] == ["x2", "x1x2"]
    logit = weight @ [x2, x1 * x2] + bias
    learner = Learner(Recipe.of(data="people.csv", axes="age,income", features="x2,x1x2", hidden=""))
    learner.advance(5 * learner.steps_per_epoch)
    np.testing.assert_allclose(1 / (1 + np.exp(-logit)), learner.predict(example)[0, 1:], atol=1e-6)


def test_a_model_of_before_there_were_axes_and_features_is_read(trained):
    from dlterm.training.checkpoint import pack, unpack

    arrays, state = unpack(Path("run/model.safetensors").read_bytes())
    del state["directions"], state["recipe"]["axes"], state["recipe"]["features"]
    assert state["recipe"]["activation"] == "tanh"
    Path("old.safetensors").write_bytes(pack(arrays, state))
    assert trained("predict", "old.safetensors", "people.csv") == trained("predict", "run", "people.csv")


@pytest.mark.parametrize("directions", [[], [[1, 0, 0, 0]], [[1, 0], [0, 1]]])
def test_a_model_that_does_not_say_what_its_features_are_made_of_is_refused(trained, directions):
    from dlterm.training.checkpoint import pack, unpack

    trained("train", "people.csv", "--features", "x1,x2", "--epochs", "1", "--out", "made", "-q")
    arrays, state = unpack(Path("made/model.safetensors").read_bytes())
    Path("odd.safetensors").write_bytes(pack(arrays, state | {"directions": directions}))
    code, _, said = trained("predict", "odd.safetensors", "people.csv")
    assert code == 65
    assert "what its inputs are made of" in said


def test_a_known_target_gives_scores(trained):
    _, _, said = trained("predict", "run", "people.csv")
    assert "accuracy" in said
    assert "yes: precision" in said
    _, values, said = trained("predict", "values", "people.csv")
    assert "rmse" in said
    assert "r2 0.9" in said
    assert len(values.splitlines()) == len(PEOPLE)


def test_a_set_is_predicted_by_its_name(trained):
    trained("train", "iris", "--epochs", "5", "--out", "flowers", "-q")
    code, stdout, said = trained("predict", "flowers", "iris")
    assert (code, len(stdout.splitlines())) == (0, 151)
    assert "setosa: precision" in said
    assert trained("predict", "flowers", "wine")[0] == 2


@pytest.mark.parametrize(("text", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_predicted_is_named(piped, text, code, said):
    ended, stdout, stderr = piped(text)
    assert (ended, stdout) == (code, "")
    assert said in stderr


def test_gaps_are_filled_as_in_training(trained, monkeypatch):
    Path("gaps.csv").write_text("\n".join([*PEOPLE, ",baker,300,no", "40,,700,yes"]))
    trained("train", "gaps.csv", "--missing", "median", "--epochs", "5", "--out", "filled", "-q")
    code, stdout, _ = trained("predict", "filled", "gaps.csv")
    assert (code, len(stdout.splitlines())) == (0, len(PEOPLE) + 2)
    assert "nan" not in stdout


def test_a_cnn_with_norms_predicts_from_its_file_what_it_predicted_in_training(trained, lines):
    recipe = "digits?model=cnn&channels=4&hidden=8&norm=batch&epochs=2&batch=32"
    _, _summary, _ = trained("train", recipe, "--out", "images", "-q")
    _, _, said = trained("predict", "images", "digits")
    learner = Learner(Recipe.parse(recipe))
    learner.advance(2 * learner.steps_per_epoch)
    right = learner.predict(learner.dataset.inputs).argmax(1) == learner.dataset.targets
    assert f"accuracy {right.mean():.4g}" in said


def test_output_goes_to_a_new_file_only(trained):
    assert trained("predict", "run", "people.csv", "--out", "p.csv")[0] == 0
    assert len(Path("p.csv").read_text().splitlines()) == len(PEOPLE)
    assert trained("predict", "run", "people.csv", "--out", "p.csv")[0] == 73
    assert trained("predict", "run", "people.csv", "--out", "no/p.csv")[0] == 73


PLACES = {
    "nothing": ("nowhere", 66),
    "an empty directory": ("empty", 66),
    "a run that has not ended": ("begun", 66),
    "a file that is no model": ("people.csv", 65),
    "a checkpoint": ("run/checkpoint.safetensors", 65),
    "a damaged model": ("damaged", 65),
    "a newer model": ("newer", 78),
}


@pytest.mark.parametrize(("place", "code"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("command", ["predict", "export"])
def test_what_is_no_model_is_refused(trained, command, place, code):
    from dlterm.training.checkpoint import pack, unpack

    for name in ("empty", "begun", "damaged", "newer"):
        Path(name).mkdir()
    Path("begun/config.toml").touch()
    model = Path("run/model.safetensors").read_bytes()
    Path("damaged/model.safetensors").write_bytes(model[:-1])
    arrays, state = unpack(model)
    Path("newer/model.safetensors").write_bytes(pack(arrays, state | {"version": 99}))
    arguments = ["people.csv"] if command == "predict" else ["--to", "safetensors"]
    ended, stdout, stderr = trained(command, place, *arguments)
    assert (ended, stdout) == (code, "")
    assert 1 <= len(stderr.splitlines()) <= 2


def test_an_export_is_a_safetensors_file_that_says_what_it_is(trained):
    from safetensors import safe_open

    assert trained("export", "run", "--to", "safetensors", "--out", "net.safetensors")[0] == 0
    with safe_open("net.safetensors", "np") as file:
        about = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    assert json.loads(about["features"]) == ["age", "job=baker", "job=pilot", "income"]
    assert json.loads(about["classes"]) == ["no", "yes"]
    x = (np.array([[80, 0, 1, 1100]]) - json.loads(about["input_mean"])) / json.loads(about["input_std"])
    for layer in ("hidden1", "hidden2"):
        x = np.tanh(x @ arrays[f"{layer}.weight"].T + arrays[f"{layer}.bias"])
    assert (x @ arrays["output.weight"].T + arrays["output.bias"]).item() > 0
    assert trained("export", "run", "--to", "safetensors", "--out", "net.safetensors")[0] == 73


def test_an_export_loads_into_pytorch(trained):
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    trained("export", "run", "--to", "safetensors", "--out", "net.safetensors")
    names = ("hidden1", "hidden2", "output")
    sizes = ((4, 8), (8, 8), (8, 1))
    net = torch.nn.ModuleDict({name: torch.nn.Linear(*size) for name, size in zip(names, sizes, strict=True)})
    net.load_state_dict(load_file("net.safetensors"))


@pytest.mark.parametrize("large", [False, True])
def test_an_export_as_source_runs_from_anywhere(trained, large, tmp_path, monkeypatch):
    pytest.importorskip("torch")
    trained(
        "train",
        "people.csv",
        "--hidden",
        "80,80" if large else "3",
        "--epochs",
        "3",
        "--out",
        "runs/net",
        "-q",
    )
    assert trained("export", "runs/net", "--to", "pytorch", "--out", "net.py") == (0, "", "net.py\n")
    assert ("load_file" in Path("net.py").read_text()) == large
    source, expected = Path("net.py").resolve(), Model(Path("runs/net/model.safetensors"))
    monkeypatch.chdir(tmp_path.parent)
    x = np.array([[80, 0, 1, 1100]], np.float32)
    np.testing.assert_allclose(runpy.run_path(str(source))["predict"](x), expected.predict(x), atol=1e-5)


def test_a_source_is_named_after_run_and_format(trained):
    assert trained("export", "run", "--to", "sklearn")[0] == 0
    assert Path("run-sklearn.py").is_file()


def test_what_a_library_has_no_layers_for_is_refused_in_a_line_and_a_hint(trained):
    trained("train", "people.csv", "--activation", "gelu", "--epochs", "3", "--out", "bent", "-q")
    code, stdout, stderr = trained("export", "bent", "--to", "sklearn")
    assert (code, stdout) == (2, "")
    assert stderr.startswith("dlterm: error: there is no scikit-learn source for a network with gelu\n")
    assert not Path("bent-sklearn.py").exists()


def test_only_formats_that_are_there_are_taken(trained):
    code, _, stderr = trained("export", "run", "--to", "onnx")
    assert code == 2
    assert "safetensors" in stderr
