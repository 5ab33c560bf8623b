"""`dlterm race` without a screen: a table of how all came out."""

from __future__ import annotations

import json
import sys

import pytest

from dlterm.errors import ExitCode


def test_in_a_pipe_a_table_of_everybody_is_printed(dlterm):
    code, out, err = dlterm(
        "race", "moons?noise=0.5", "--with", "lr=0.001", "--with", "lr=0.1", "--epochs", "5"
    )
    head, *rows = [line.split("\t") for line in out.splitlines()]
    assert code == ExitCode.DONE
    assert head[1:4] == ["contestant", "test accuracy", "train accuracy"]
    assert [row[1] for row in rows] == ["lr=0.001", "lr=0.1"]
    assert [row[6] for row in rows] == ["5", "5"]
    assert [row[0] for row in rows].count("▲") == 1
    assert "2 contestants, 5 epochs" in err


def test_as_json_each_contestant_is_a_line(dlterm, lines):
    code, out, _ = dlterm(
        "race", "hills", "--with", "", "--with", "tree", "--epochs", "3", "--json", "--headless"
    )
    network, tree = lines(out)
    assert code == ExitCode.DONE
    assert (network["name"], network["with"], network["model"], network["epochs"]) == (
        "network",
        "",
        "network",
        3,
    )
    assert (tree["name"], tree["model"], tree["status"], tree["size_of"]) == (
        "decision tree",
        "tree",
        "trained",
        "nodes",
    )
    assert {network["leads"], tree["leads"]} == {True, False}
    assert tree["test_rmse"] > 0
    assert tree["seconds"] > 0


def test_the_same_race_comes_out_the_same(dlterm, lines):
    def told():
        _, out, _ = dlterm(
            "race", "xor?noise=0.3", "--with", "lr=0.01", "--with", "svm", "--epochs", "7", "--json"
        )
        return [{name: value for name, value in row.items() if name != "seconds"} for row in lines(out)]

    assert told() == told()


def test_without_contestants_three_learning_rates_race(dlterm, lines):
    _, out, _ = dlterm("race", "moons?lr=0.03", "--epochs", "1", "--json")
    assert [row["with"] for row in lines(out)] == ["lr=0.01", "lr=0.03", "lr=0.09"]


def test_one_that_diverges_is_told_and_the_race_is_run_to_its_end(dlterm, lines):
    code, out, _ = dlterm(
        "race",
        "hills?activation=relu",
        "--with",
        "",
        "--with",
        "lr=1000 optimizer=sgd",
        "--epochs",
        "4",
        "--json",
    )
    network, other = lines(out)
    assert code == ExitCode.DONE
    assert (network["status"], network["epochs"]) == ("training", 4)
    assert other["status"] == "diverged"
    assert "not finite" in other["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--with", "lr=0.1"], "1 contestant; a race has 2 to 4"),
        (["--with", "lr=0.1", "--with", "svn"], "logistic, svm, knn, tree, forest"),
        (["--with", "lr=0.1", "--with", "seed=3"], "differ in their data"),
    ],
)
def test_what_cannot_race_is_refused_in_a_line_or_two(dlterm, arguments, said):
    code, out, err = dlterm("race", "moons", *arguments)
    assert (code, out) == (ExitCode.USAGE, "")
    assert said in err
    assert "hint: " in err
    assert len(err.splitlines()) <= 3


def test_without_scikit_learn_it_says_what_to_install(dlterm, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    code, _, err = dlterm("race", "moons", "--with", "", "--with", "svm")
    assert code == ExitCode.CONFIGURATION
    assert "pip install scikit-learn" in err


def test_a_race_in_a_pipe_loads_no_screen(shell):
    code = (
        "import sys\nfrom dlterm.cli.main import main\n"
        "main(['race', 'moons', '--epochs', '1', '--json'])\n"
        "print([name for name in ('textual', 'numba') if name in sys.modules], file=sys.stderr)\n"
    )
    assert shell("race", "moons", "--epochs", "1", "--json").returncode == 0
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 3
