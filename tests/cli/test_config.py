"""`dlterm config`: every setting can be seen, explained, set and reset; a wrong one is refused with a way out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dlterm.settings.config import settings
from dlterm.settings.config_file import ConfigFile, config_path


@pytest.fixture(autouse=True)
def path(monkeypatch, tmp_path):
    monkeypatch.setenv("DLTERM_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_every_setting_is_listed_with_its_value_its_default_and_its_help(dlterm, path):
    path.write_text('theme = "light"')
    code, stdout, stderr = dlterm("config")
    header, *rows = (line.split("\t") for line in stdout.splitlines())
    assert (code, header) == (0, ["name", "value", "default", "help"])
    assert [row[0] for row in rows] == list(settings())
    assert rows[0][:3] == ["theme", "light", "dark"]
    assert all(settings()[row[0]].help in row[3] for row in rows)
    assert str(path) in stderr


def test_as_json_a_setting_is_an_object(dlterm, lines, path):
    found = lines(dlterm("config", "--json")[1])
    assert [each["name"] for each in found] == list(settings())
    assert set(found[0]) == {"name", "value", "default", "expected", "help", "file"}
    assert found[0]["file"] == str(path)
    assert lines(dlterm("config", "frame-rate", "--json")[1])[0]["value"] == 30


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("theme", "contrast", "contrast"),
        ("colours", "256", "256"),
        ("frame_rate", "12", "12"),
        ("frame-rate", "12", "12"),
        ("animation", "off", "false"),
        ("restore", "false", "false"),
        ("keys.lab.play", "p,ctrl+g", "p,ctrl+g"),
        ("keys.lab.activation+", "=", "="),
    ],
)
@pytest.mark.parametrize("joined", [True, False])
def test_what_is_set_is_printed_and_reset(dlterm, name, value, printed, joined):
    before = dlterm("config", name)
    assert dlterm("config", *([f"{name}={value}"] if joined else [name, value])) == (0, "", "")
    assert dlterm("config", name) == (0, f"{printed}\n", "")
    assert dlterm("config", "--reset", name) == (0, "", "")
    assert dlterm("config", name) == before
    assert config_path().read_text() == "" or name.startswith("keys")


def test_keys_are_printed_as_they_are_set(dlterm):
    dlterm("config", "keys.lab.step=n")
    dlterm("config", "keys.lab.play=p")
    printed = dlterm("config", "keys")[1]
    assert printed == "keys.lab.play=p\nkeys.lab.step=n\n"
    dlterm("config", "--reset", "keys")
    for line in printed.splitlines():
        assert dlterm("config", line)[0] == 0
    assert ConfigFile.read().config.keys == {"lab.play": "p", "lab.step": "n"}


def test_an_action_without_a_key_of_ones_own_is_no(dlterm):
    assert dlterm("config", "keys.lab.play") == (1, "", "keys.lab.play is not set\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["thme"], 'did you mean "theme"?'),
        (["thme", "dark"], 'did you mean "theme"?'),
        (["theme.dark"], "there is no setting"),
        (["theme", "drak"], "theme: drak is not one of dark, light, contrast, terminal"),
        (["theme="], "theme:  is not one of"),
        (["frame_rate", "100"], "100 is not a whole number from 5 to 60"),
        (["frame_rate", "fast"], "fast is not a whole number"),
        (["animation", "maybe"], "maybe is not one of true, false"),
        (["keys", "p"], "one by one"),
        (["keys.lab.play", "ctrl p"], "keys.lab.play"),
        (["keys.LAB", "p"], "keys.LAB"),
        (["--reset"], "the name of one setting"),
        (["--reset", "theme", "dark"], "the name of one setting"),
        (["theme", "dark", "more"], "unexpected extra argument"),
    ],
)
def test_what_is_no_setting_or_no_value_ends_with_2_and_changes_nothing(dlterm, path, arguments, said):
    code, stdout, stderr = dlterm("config", *arguments)
    assert (code, stdout) == (2, "")
    assert said in stderr
    assert len(stderr.splitlines()) == 2
    assert not path.exists()


@pytest.mark.parametrize("arguments", [[], ["animation"], ["animation", "off"], ["--reset", "animation"]])
def test_a_wrong_file_is_named_with_its_line_and_is_not_written_over(dlterm, path, arguments):
    path.write_text('# mine\ntheme = "lihgt"\n')
    code, stdout, stderr = dlterm("config", *arguments)
    assert (code, stdout) == (78, "")
    assert f"{path}:2: theme: lihgt is not one of dark" in stderr
    assert "hint: correct it, or: dlterm config --reset theme" in stderr
    assert path.read_text() == '# mine\ntheme = "lihgt"\n'


@pytest.mark.parametrize("remedy", [["--reset", "theme"], ["theme", "dark"]])
def test_the_remedy_that_is_named_helps(dlterm, path, remedy):
    path.write_text('theme = "lihgt"\nframe_rate = 20\n')
    assert dlterm("config", *remedy)[0] == 0
    assert path.read_text() == "frame_rate = 20\n"


def test_the_path_is_printed_also_where_the_file_is_wrong(dlterm, path):
    path.write_text("wrong")
    assert dlterm("config", "--path") == (0, f"{path}\n", "")
    assert json.loads(dlterm("config", "--path", "--json")[1]) == {"file": str(path)}


def test_a_place_that_cannot_be_written_is_two_lines(dlterm, monkeypatch):
    monkeypatch.setenv("DLTERM_CONFIG", "/dev/null/x/config.toml")
    code, _, stderr = dlterm("config", "theme", "light")
    assert code == 73
    assert len(stderr.splitlines()) == 2


def test_on_a_terminal_it_is_a_table(dlterm, monkeypatch, capsys):
    from dlterm.cli import config

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    config._list(ConfigFile.read(), as_json=False)
    shown = capsys.readouterr().out
    assert "──" in shown
    assert all(name in shown for name in settings())


def test_a_shell_is_told_names_and_then_words(shell):
    asked = {"_DLTERM_COMPLETE": "bash_complete", "COMP_WORDS": "dlterm config th", "COMP_CWORD": "2"}
    assert shell(env=asked).stdout.split() == ["plain,theme"]
    asked |= {"COMP_WORDS": "dlterm config theme ", "COMP_CWORD": "3"}
    assert shell(env=asked).stdout.split() == [f"plain,{word}" for word in settings()["theme"].choices]


@pytest.mark.parametrize("arguments", [["config"], ["config", "theme", "light"]])
def test_it_imports_nothing_heavy(arguments):
    program = (
        "import sys; from dlterm.cli.main import main; main(sys.argv[1:])\n"
        "sys.exit(bool({'textual', 'numba', 'llvmlite', 'numpy', 'rich'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", program, *arguments]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert Path(config_path()).exists() == (len(arguments) > 1)


def test_a_file_of_presets_is_checked_and_kept_by_its_whole_name(dlterm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert dlterm("config", "presets", "monday.toml")[0] == 66
    Path("monday.toml").write_text('[[preset]]\nid = "a"\ntitle = "A"\nnote = "Look."\nrecipe = "xor"\n')
    assert dlterm("config", "presets", "monday.toml")[0] == 0
    assert ConfigFile.read().config.presets == str(tmp_path / "monday.toml")
    assert dlterm("config", "presets", "--reset")[0] == 0
    assert ConfigFile.read().config.presets == ""
