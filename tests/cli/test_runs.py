"""`dlterm runs`: what has been trained is listed, shown, compared and deleted, whatever state it is in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dlterm.training.lock import Lock


@pytest.fixture
def trained(dlterm, monkeypatch, tmp_path):
    """Two runs below runs/, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name, lr in (("one", "0.01"), ("other", "0.02")):
        dlterm("train", "xor?count=100&epochs=3", "--lr", lr, "--out", f"runs/{name}", "--quiet")
    return dlterm


def test_runs_are_listed_the_oldest_first(trained, lines):
    code, stdout, _ = trained("runs", "--json")
    runs = lines(stdout)
    assert code == 0
    assert [run["run"] for run in runs] == ["runs/one", "runs/other"]
    assert {run["status"] for run in runs} == {"finished"}
    assert runs[1]["recipe"]["lr"] == 0.02
    assert runs[0]["last"]["epoch"] == 3
    assert "other" in trained("runs")[1]


def test_a_run_is_shown_with_its_report(trained):
    _, stdout, _ = trained("runs", "other")
    assert "status  finished" in stdout
    assert "precision" in stdout
    assert "24 steps" in stdout


def test_runs_are_compared_by_what_differs(trained):
    _, stdout, _ = trained("runs", "one", "runs/other")
    rows = {line.split()[0]: line.split()[1:] for line in stdout.splitlines() if line.strip()}
    assert rows["lr"] == ["0.01", "0.02"]
    assert "hidden" not in rows


def test_runs_are_deleted_when_asked_for(trained):
    code, _, stderr = trained("runs", "--delete", "one", "--yes")
    assert code == 0
    assert "deleted runs/one" in stderr
    assert [path.name for path in Path("runs").iterdir()] == ["other"]


def test_files_that_dlterm_did_not_write_are_not_deleted(trained):
    Path("runs/one/notes.txt").write_text("precious")
    code, _, stderr = trained("runs", "--delete", "one", "--yes")
    assert code == 0
    assert "runs/one is kept: there are other files in it" in stderr
    assert [path.name for path in Path("runs/one").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "command", [["train", "--resume", "one"], ["predict", "one", "xor"], ["runs", "one"]]
)
def test_a_run_may_be_named_without_its_directory(trained, command):
    assert trained(*command)[0] == 0


@pytest.mark.parametrize(
    "name", ["nothing", "x" * 5000, "", "/dev/null/run", "\x1b[2J", "runs/one/config.toml/x"]
)
@pytest.mark.parametrize(
    "command",
    [["runs", None], ["runs", "--delete", "--yes", None], ["predict", None, "xor"],
     ["export", None, "--to", "safetensors"], ["train", "--resume", None]],
    ids=lambda command: command[0] + command[1][:2] if command[1] else command[0],
)  # fmt: skip
def test_a_run_that_is_not_there_is_66(trained, command, name):
    code, stdout, stderr = trained(*(name if part is None else part for part in command))
    assert (code, stdout) == (66, "")
    assert "no run is here" in stderr
    assert "\x1b" not in stderr


def test_nothing_is_deleted_without_a_word(trained):
    for arguments in (["runs", "--delete", "one"], ["runs", "--delete", "--yes"]):
        assert trained(*arguments)[0] == 2
    assert Path("runs/one").exists()


def test_a_run_in_use_is_not_deleted_and_says_so(trained, lines):
    with Lock(Path("runs/one")):
        assert lines(trained("runs", "--json")[1])[0]["status"] == "running"
        code, _, stderr = trained("runs", "--delete", "one", "--yes")
    assert code == 75
    assert f"in use by process {os.getpid()}" in stderr


def test_what_is_no_run_is_never_deleted(trained):
    Path("precious").mkdir()
    Path("precious/file").touch()
    code, _, stderr = trained("runs", "--delete", "precious", "--yes")
    assert code == 66
    assert "no run is here" in stderr
    assert Path("precious/file").exists()


BROKEN = {
    "config.toml": [b"", b"\xff", b"[recipe]\nlr = 'x'", b"[recipe]\ndata = 'x'\n"],
    "metrics.jsonl": [b"", b"\xff\n", b"3\n", b'{"epoch": "x"}\n', b'{"epoch": 1', b"[" * 100_000],
    "checkpoint.safetensors": [b"", b"\x00" * 8, b"\xff" * 8, b'\x02\0\0\0\0\0\0\0{"'],
}


@pytest.mark.parametrize(
    ("file", "content"),
    [(file, content) for file, contents in BROKEN.items() for content in contents],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_a_broken_run_does_not_hide_the_others(trained, lines, file, content):
    (Path("runs/one") / file).write_bytes(content)
    code, stdout, stderr = trained("runs", "--json")
    assert (code, stderr) == (0, "")
    assert len(lines(stdout)) == 2
    assert trained("runs")[0] == 0
    assert trained("runs", "one", "other")[0] == 0
    assert trained("runs", "one")[0] in (0, 65)


def test_an_interrupted_run_says_so(trained, lines):
    Path("runs/one/checkpoint.safetensors").unlink()
    assert lines(trained("runs", "--json")[1])[0]["status"] == "interrupted"


def test_no_runs_are_no_error(dlterm, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, stdout, stderr = dlterm("runs")
    assert (code, stdout) == (0, "")
    assert "no runs in runs; dlterm train makes one" in stderr


def test_escape_sequences_in_a_run_do_not_reach_the_terminal(trained):
    config = Path("runs/one/config.toml")
    config.write_text(config.read_text().replace('data = "xor"', 'data = "\\u001b]0;title\\u0007.csv"'))
    for arguments in (["runs"], ["runs", "one"], ["runs", "one", "other"], ["runs", "--json"]):
        assert "\x1b" not in trained(*arguments)[1]


CONFIGS = {
    "not TOML": ("lr", 78, "not TOML"),
    "an unknown setting": ("rate = 3", 78, 'there is no setting "rate"'),
    "a setting near a known one": ("epoch = 3", 78, 'did you mean "epochs"?'),
    "a value that none takes": ("lr = -1", 78, "lr"),
    "a recipe that is no table": ("recipe = 3", 78, "recipe is no table"),
    "depth": ("a = " + "[" * 5000, 78, "not TOML"),
}


@pytest.mark.parametrize(("text", "code", "said"), CONFIGS.values(), ids=CONFIGS)
def test_a_config_that_cannot_be_used_says_why(dlterm, tmp_path, text, code, said):
    (tmp_path / "c.toml").write_text(text)
    ended, _, stderr = dlterm("train", "xor", "--config", str(tmp_path / "c.toml"))
    assert ended == code
    assert said in stderr
    assert "c.toml" in stderr


def test_a_config_is_read_and_options_win(dlterm, lines, tmp_path):
    (tmp_path / "c.toml").write_text(
        'data = "xor"\ncount = 100\nhidden = [3]\nepochs = 2\nearly-stop = 9\nlr = 1\n'
    )
    _, stdout, _ = dlterm("train", "--config", str(tmp_path / "c.toml"), "--lr", "0.5", "--no-save", "-q")
    assert lines(stdout)[-1]["recipe"] == "xor?count=100&hidden=3&lr=0.5&early_stop=9&epochs=2"


def test_what_data_says_itself_wins_over_the_config(dlterm, lines, tmp_path):
    (tmp_path / "c.toml").write_text("count = 100\nepochs = 2\nlr = 1")
    config = ("--config", str(tmp_path / "c.toml"), "--no-save", "-q")
    _, stdout, _ = dlterm("train", "xor?lr=0.5", *config)
    assert lines(stdout)[-1]["recipe"] == "xor?count=100&lr=0.5&epochs=2"


def test_the_config_of_a_run_trains_the_same_again(trained, lines):
    _, stdout, _ = trained("train", "--config", "runs/one/config.toml", "--out", "again", "-q")
    assert (
        lines(stdout)[-1]["test_loss"]
        == json.loads(Path("runs/one/metrics.jsonl").read_text().splitlines()[-1])["test_loss"]
    )
    assert Path("again/model.safetensors").read_bytes() == Path("runs/one/model.safetensors").read_bytes()
