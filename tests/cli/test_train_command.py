import contextlib
import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from dlterm.training.checkpoint import read_checkpoint
from dlterm.training.learner import Learner, State
from dlterm.training.recipe import Recipe

SUMMARY = {
    "run", "data", "task", "epochs", "steps", "train_loss", "test_loss", "test_accuracy", "parameters",
    "seconds", "examples_per_second", "diverged",
}  # fmt: skip


@pytest.fixture
def train(dlterm, lines, monkeypatch, tmp_path):
    """Train 8 steps an epoch, in a pipe, in an empty directory: exit code, the rows, the summary, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments, data="xor?count=100&hidden=2"):
        code, stdout, stderr = dlterm("train", data, *arguments)
        *rows, summary = lines(stdout) or [None]
        return code, rows, summary, stderr

    return call


def test_a_pipe_gets_one_line_an_epoch_and_the_summary_last(train):
    code, rows, summary, _ = train("--epochs", "3")
    assert code == 0
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert set(summary) >= SUMMARY
    assert (summary["epochs"], summary["steps"], summary["diverged"]) == (3, 24, False)
    assert summary["train_loss"] == rows[-1]["train_loss"]


def test_stdout_is_data_and_stderr_is_narration(train):
    _, _, summary, stderr = train("--epochs", "1")
    assert f"run: {summary['run']}" in stderr


def test_what_was_assumed_of_a_file_is_said(train, tmp_path):
    (tmp_path / "data.csv").write_text("a,kind\n" + "1,x\n2,y\n" * 9)
    _, _, summary, stderr = train("--epochs", "1", data="data.csv")
    assert "kind" in stderr
    assert "classification" in stderr
    assert summary["data"] == "data.csv"


def test_quiet_says_nothing(train):
    code, _, summary, stderr = train("--epochs", "1", "--quiet")
    assert (code, stderr) == (0, "")
    assert summary["epochs"] == 1


def test_every_thins_the_rows(train):
    _, rows, _, _ = train("--epochs", "10", "--every", "4")
    assert [row["epoch"] for row in rows] == [4, 8, 10]


def test_no_epochs_give_the_untrained_network(train):
    code, rows, summary, _ = train("--epochs", "0")
    assert (code, rows, summary["steps"], summary["examples_per_second"]) == (0, [], 0, 0)


def test_the_speed_counts_the_training_examples_of_a_second_of_training(train, slowly):
    slowly(0.001)
    _, _, summary, _ = train("--epochs", "4")
    assert summary["examples_per_second"] == pytest.approx(4 * 75 / summary["seconds"], rel=0.01)


def test_the_run_directory_holds_everything(train):
    _, rows, summary, _ = train("--epochs", "3", "--seed", "7")
    run = Path(summary["run"])
    assert sorted(path.name for path in run.iterdir()) == [
        "checkpoint.safetensors",
        "config.toml",
        "metrics.jsonl",
        "model.safetensors",
        "report.svg",
        "report.txt",
    ]
    assert [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()] == rows
    arrays, state = read_checkpoint(run / "checkpoint.safetensors")
    recipe = Recipe(data="xor", count=100, hidden=(2,), epochs=3, seed=7)
    assert Recipe.of(**state["recipe"]) == recipe
    learner = Learner(recipe)
    learner.restore(State(arrays, state["counters"]))
    assert learner.step == 24
    assert learner.evaluate().test_loss == summary["test_loss"]


def test_the_report_shows_the_run_and_needs_nothing_from_elsewhere(train):
    _, _, summary, _ = train("--epochs", "30")
    text = (Path(summary["run"]) / "report.txt").read_text()
    svg = (Path(summary["run"]) / "report.svg").read_text()
    assert "xor?count=100&hidden=2&epochs=30" in text
    assert "240 steps" in text
    assert svg.startswith("<svg")
    assert "url(http" not in svg


def test_the_report_shows_the_plane_that_was_asked_for(train):
    def first_lines(*options):
        _, _, summary, said = train("--epochs", "3", *options, data="iris")
        return (Path(summary["run"]) / "report.txt").read_text().splitlines()[1:6], said

    plain, _ = first_lines()
    turned, said = first_lines("--axes", "pca")
    assert not any("░" in line for line in plain)
    assert any("░" in line for line in turned)
    assert "PC1 and PC2, with 96% of the variance" in said


def test_no_save_writes_nothing(train, tmp_path):
    _, _, summary, _ = train("--epochs", "1", "--no-save")
    assert summary["run"] is None
    assert list(tmp_path.iterdir()) == []


def test_out_names_the_directory(train, tmp_path):
    _, _, summary, _ = train("--epochs", "1", "--out", "deep/er")
    assert summary["run"] == "deep/er"
    assert (tmp_path / "deep/er/config.toml").exists()


def test_two_runs_in_one_second_do_not_meet(train):
    assert len({train("--epochs", "1")[2]["run"] for _ in range(3)}) == 3


def test_an_existing_run_is_never_overwritten(train, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "precious").write_text("data")
    code, _, summary, stderr = train("--epochs", "1", "--out", "old")
    assert (code, summary) == (73, None)
    assert "old: the directory is not empty" in stderr
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["precious"]


def test_divergence_keeps_the_last_finite_state_and_ends_with_3(train):
    code, _, summary, stderr = train(
        *["--activation", "relu", "--optimizer", "sgd", "--lr", "30"], data="hills"
    )
    steps = summary["steps"]
    arrays, state = read_checkpoint(Path(summary["run"]) / "checkpoint.safetensors")
    assert (code, summary["diverged"]) == (3, True)
    assert f"dlterm: error: diverged at step {steps + 1}: hidden" in stderr
    assert "hint: try a smaller learning rate, such as --lr 3, or --clip 1\n" in stderr
    assert state["counters"]["step"] == steps
    assert all(np.isfinite(array).all() for array in arrays.values())


@pytest.mark.parametrize(("number", "expected"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_the_run_and_saves_it(train, monkeypatch, number, expected):
    begun = time.perf_counter()
    monkeypatch.setattr(Learner, "evaluate", _signalling(getattr(signal, number)))
    code, rows, summary, _ = train("--epochs", "1000000")
    assert code == expected
    assert time.perf_counter() - begun < 10
    assert summary["epochs"] >= rows[-1]["epoch"] > 0
    assert (Path(summary["run"]) / "checkpoint.safetensors").exists()


def _signalling(number):
    """An evaluation that sends this process a signal the first time."""
    evaluate = Learner.evaluate

    def sent_once(self):
        if not vars(self).setdefault("sent", False):
            self.sent = True
            os.kill(os.getpid(), number)
        return evaluate(self)

    return sent_once


def test_a_signal_before_training_begins_ends_at_once_and_leaves_nothing(train, monkeypatch, tmp_path):
    import dlterm.training.learner as module

    monkeypatch.setattr(module, "load", lambda recipe: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        train("--epochs", "1")
    assert ended.value.code == 143
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_swallowed_while_compiling_ends_the_training(train, monkeypatch):
    import dlterm.training.learner as module

    load = module.load

    def swallow(recipe):
        with contextlib.suppress(SystemExit):
            os.kill(os.getpid(), signal.SIGINT)
        return load(recipe)

    monkeypatch.setattr(module, "load", swallow)
    code, rows, summary, _ = train("--epochs", "1000000")
    assert (code, rows, summary["steps"]) == (130, [], 0)


def test_signal_handlers_are_put_back(train):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    train("--epochs", "1")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_nohup_is_respected(train):
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        train("--epochs", "1")
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, previous)


def test_a_reader_who_leaves_costs_nothing_that_was_learned(train, monkeypatch, tmp_path):
    def leave(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("dlterm.cli.displays.JsonLines.show", leave)
    code, _, _, stderr = train("--epochs", "5", "--out", "run", "--quiet")
    assert (code, stderr) == (74, "")
    assert (tmp_path / "run" / "checkpoint.safetensors").exists()


@pytest.mark.parametrize(
    ("data", "options", "line"),
    [
        ("xor?noise=0.1&hidden=4", ["--hidden", "2,2", "--seed", "3"], "xor?noise=0.1&hidden=2,2&seed=3"),
        ("xor-hidden", ["--lr", "0.5"], "xor?noise=0.1&hidden=4&lr=0.5&epochs=200"),
        ("spirals", ["--hidden", ""], "spirals?hidden="),
        ("odd?name%20.csv", [], "odd%3Fname%2520.csv"),
    ],
)
def test_data_may_be_a_recipe_a_preset_a_set_or_a_file(monkeypatch, tmp_path, data, options, line):
    from dlterm.cli.recipe_options import resolve

    monkeypatch.chdir(tmp_path)
    Path("odd?name%20.csv").touch()
    settings = dict(zip([name.strip("-") for name in options[::2]], options[1::2], strict=True))
    assert str(resolve(data, settings)) == line


def test_every_setting_of_a_recipe_is_an_option(dlterm):
    import msgspec

    _, stdout, _ = dlterm("train", "-h")
    for field in msgspec.structs.fields(Recipe):
        assert field.name == "data" or f"--{field.name.replace('_', '-')} " in stdout
        default = field.default
        if field.name != "data" and default not in (None, ()):
            shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
            assert f"[default: {shown}]" in " ".join(stdout.split())
