"""Every option of `dlterm train`, with every kind of nonsense: refused in two lines, or harmless; never a traceback."""

from __future__ import annotations

import click
import pytest

from dlterm.cli.train import command

NONSENSE = {
    "a word": "nonsense",
    "nothing": "",
    "a space": " ",
    "negative": "-1",
    "very negative": "-1e308",
    "huge": "9" * 400,
    "too large for any float": "1e999",
    "not a number": "nan",
    "infinite": "inf",
    "commas": ",,,",
    "another script's digits": "٣",
    "underscores": "1_000",
    "hexadecimal": "0x10",
    "an escape sequence": "\x1b]0;title\x07\x1b[2J",
    "another direction": "\u202e1",
    "no text": "\udcff",
    "a very long word": "x" * 100_000,
    "a format": "%s{0}",
}
OPTIONS = {
    option.opts[0]: option
    for option in command.params
    if isinstance(option, click.Option) and not option.is_flag and option.name != "help"
}
TEXTS = {"--target", "--ignore", "--na"}  # of a file; a set has no columns
FILES = {"--out", "--resume", "--config", "--record"}
LISTS = {"--hidden", "--channels", "--axes", "--features"}


@pytest.mark.parametrize("option", sorted(OPTIONS.keys() - TEXTS - FILES))
def test_a_number_or_a_word_is_checked(refused, tmp_path, option):
    for what, value in NONSENSE.items():
        if (option in LISTS and not value.strip(", ")) or (option == "--hidden" and value == ""):
            continue  # a list of nothing
        code, lines = refused("xor", option, value, "--no-save")
        assert code == 2, (option, what, lines)
        assert 1 <= len(lines) <= 2
        assert lines[0].startswith("dlterm: error: ")
        assert len(lines[0]) < 500
        assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("option", sorted(TEXTS))
def test_a_name_of_anything_is_looked_for_and_no_more(run, tmp_path, option):
    (tmp_path / "data.csv").write_text("a,kind\n" + "1,x\n2,y\n" * 9)
    for what, value in NONSENSE.items():
        code, _, said = run("data.csv", option, value, "--epochs", "1", "--no-save", "--quiet")
        assert code in (0, 2, 65), (what, said)
        assert len(said) <= 2
        assert "\x1b" not in "".join(said)


@pytest.mark.parametrize("option", sorted(FILES - {"--out", "--record"}))
def test_a_file_that_is_not_there_is_named(run, option):
    for what, value in NONSENSE.items():
        data = [] if option == "--resume" else ["xor", "--no-save"]
        code, _, said = run(*data, option, value)
        assert code in (66, 2), (what, said)
        assert 1 <= len(said) <= 2
        assert "\x1b" not in "".join(said)


def test_any_name_of_a_run_is_a_directory_or_refused(run, tmp_path):
    (tmp_path / "kept").touch()
    for what, value in NONSENSE.items():
        code, _, said = run("xor?count=20&hidden=&epochs=1", "--out", value)
        assert code in (0, 73), (what, said)
        assert "\x1b" not in "".join(said)
        assert "bug" not in "".join(said)
    assert (tmp_path / "kept").exists()
    assert not (tmp_path / "config.toml").exists()


FLAGS = {
    "an option that is not there": ["xor", "--nothing"],
    "an option cut short that could be two": ["xor", "--e", "3"],
    "an option without its value": ["xor", "--lr"],
    "a flag with a value": ["xor", "--no-save=3"],
    "resuming and a set": ["xor", "--resume", "run"],
    "resuming and another directory": ["--resume", "run", "--out", "other"],
    "resuming and not saving": ["--resume", "run", "--no-save"],
    "resuming and a config": ["--resume", "run", "--config", "c.toml"],
    "nothing at all": [],
    "a set and a half": ["xor", "circle"],
}


@pytest.mark.parametrize("arguments", FLAGS.values(), ids=FLAGS)
def test_what_does_not_go_together_is_refused(refused, arguments):
    code, lines = refused(*arguments)
    assert code == 2
    assert lines[-1] == "hint: see dlterm train -h"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("hidden", "4"),
        ("seed", "3"),
        ("batch", "5"),
        ("optimizer", "sgd"),
        ("test", "0.5"),
        ("schedule", "cosine"),
        ("early-stop", "5"),
        ("model", "linear"),
        ("clip", "1"),
    ],
)
def test_a_setting_that_a_run_keeps_to_its_end_is_refused_when_it_is_resumed(run, setting, value):
    run("xor?hidden=3&epochs=1", "--out", "r")
    code, _, said = run("--resume", "r", f"--{setting}", value)
    assert code == 2
    assert "resumed" in said[0]
    assert said[1].startswith("hint: ")


@pytest.mark.parametrize(("setting", "value"), [("epochs", "-1"), ("lr", "fast"), ("l2", "nan")])
def test_a_setting_that_may_change_must_still_be_one(run, setting, value):
    run("xor?hidden=3&epochs=1", "--out", "r")
    assert run("--resume", "r", f"--{setting}", value)[0] == 2
