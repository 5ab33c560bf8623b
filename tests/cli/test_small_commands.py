import json
import shutil
import subprocess

import pytest

from dlterm.course.content import presets, topics
from dlterm.errors import ExitCode


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(dlterm, name):
    code, stdout, _ = dlterm("completion", name)
    assert code == 0
    assert "_DLTERM_COMPLETE" in stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_accepts_its_script(dlterm):
    _, script, _ = dlterm("completion", "bash")
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_a_shell_is_told_the_sets_and_the_presets(shell):
    asked = {"_DLTERM_COMPLETE": "bash_complete", "COMP_WORDS": "dlterm train xor", "COMP_CWORD": "2"}
    answers = shell(env=asked).stdout.split()
    assert {"plain,xor", "plain,xor-alone", "plain,xor-hidden"} <= set(answers)


def test_a_shell_is_told_the_words_of_a_list(shell):
    line = "dlterm train xor --activation relu,t"
    asked = {"_DLTERM_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": "4"}
    assert shell(env=asked).stdout.split() == ["plain,relu,tanh"]


def test_presets_are_listed_with_what_they_teach(dlterm):
    _, stdout, _ = dlterm("presets")
    assert all(preset.id in stdout for preset in presets())


def test_presets_as_json_are_one_object_a_line(dlterm):
    _, stdout, _ = dlterm("presets", "--json")
    found = [json.loads(line) for line in stdout.splitlines()]
    assert [each["recipe"] for each in found] == [preset.recipe for preset in presets()]


def test_help_lists_its_topics(dlterm):
    assert dlterm("help")[1].split() == list(topics())


@pytest.mark.parametrize("name", topics())
def test_a_topic_is_raw_markdown_in_a_pipe(dlterm, name):
    code, stdout, _ = dlterm("help", name)
    assert code == 0
    assert stdout.startswith("# ")


def test_every_exit_code_is_explained(dlterm):
    _, stdout, _ = dlterm("help", "exit-codes")
    explained = {int(word) for row in stdout.splitlines() if row.startswith("|") for word in _numbers(row)}
    assert explained == set(ExitCode)


def _numbers(row):
    return [word for word in row.split("|")[1].replace(",", " ").split() if word.isdigit()]


def test_a_topic_is_rendered_on_a_terminal(dlterm, monkeypatch, capsys):
    from dlterm.cli import help as help_command

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    help_command._show("# Title\n\n- **strong**\n")
    shown = capsys.readouterr().out
    assert "Title" in shown
    assert "**" not in shown


OPENED = {
    (): ("", None),
    ("lab",): ("lab", None),
    ("lab", "spirals"): ("lab", "spirals"),
    ("lab", "xor-hidden"): ("lab", "xor?noise=0.1&hidden=4&lr=0.03&epochs=200"),
    ("shelf",): ("shelf", None),
    ("home",): ("home", None),
    ("course",): ("course", None),
    ("runs", "--screen"): ("runs", None),
}


@pytest.mark.parametrize(("arguments", "expected"), OPENED.items())
def test_a_screen_opens_on_a_recipe_and_its_exit_code_is_dlterms(dlterm, monkeypatch, arguments, expected):
    opened = []

    def run_app(opening):
        opened.append((opening.mode, opening.recipe and str(opening.recipe)))
        return 7

    monkeypatch.setattr("dlterm.cli.screens.require_terminal", lambda: None)
    monkeypatch.setattr("dlterm.cli.lab.require_terminal", lambda: None)
    monkeypatch.setattr("dlterm.tui.app.run_app", run_app)
    assert dlterm(*arguments)[0] == 7
    assert opened == [expected]


@pytest.mark.parametrize(
    "arguments", [(), ("lab",), ("shelf",), ("course",), ("home",), ("runs", "--screen")]
)
def test_without_a_terminal_a_screen_says_what_to_do(dlterm, arguments):
    code, _, stderr = dlterm(*arguments)
    assert code == 2
    assert "need a terminal" in stderr
    assert "dlterm train spirals" in stderr
