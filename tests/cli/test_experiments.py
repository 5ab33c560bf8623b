from __future__ import annotations

import io
import json
import signal
from dataclasses import replace

import pytest
from rich.console import Console

from dlterm.cli import live_experiment
from dlterm.cli import run as run_command
from dlterm.cli.experiment_page import verdict
from dlterm.experiments.driving import run
from dlterm.experiments.registry import entries
from tests.experiments.support import Counting

FIELDS = ["experiment", "seed", "measures", "verdict", "budget_seconds", "seconds"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def counting(monkeypatch):
    """Make the one experiment that there is one that counts."""
    monkeypatch.setattr(
        run_command, "_chosen", lambda _, settings: [Counting.of(run_command._texts(settings))]
    )
    monkeypatch.setattr("dlterm.experiments.results._computed_with", lambda _: "counting")


def test_the_list_has_every_experiment(dlterm):
    code, out, _ = dlterm("experiments", "--json")
    listed = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["experiment"] for line in listed] == [entry.id for entry in entries()]
    assert listed[0].keys() >= {"title", "question", "chapter", "lesson", "budget_seconds", "runs", "held"}


def test_the_exit_code_is_the_verdict(dlterm, counting):
    code, out, _ = dlterm("run", "counting", "--seed", "2", "--json")
    found = json.loads(out)
    assert (code, list(found), found["verdict"], found["measures"]) == (
        0,
        FIELDS,
        "holds",
        {"count": 5, "seed": 2},
    )
    code, out, _ = dlterm("run", "counting", "--set", "steps=2", "--json")
    assert (code, json.loads(out)["verdict"]) == (1, "fails")


def test_without_json_the_views_the_measures_and_the_reason_are_printed(dlterm, counting):
    code, out, _ = dlterm("run", "counting", "--headless", "--set", "steps=4")
    assert code == 0
    for said in ("Counting", "How far?", "at least 3", "The claim holds. it got to 4", "steps 4"):
        assert said in out


def test_what_came_out_is_in_the_list_afterwards(dlterm):
    dlterm("run", "xor", "--json", "--seed", "1", "--quiet")
    _, out, _ = dlterm("experiments", "--json")
    assert {"runs": 1, "held": 1}.items() <= next(
        line for line in map(json.loads, out.splitlines()) if line["experiment"] == "xor"
    ).items()
    _, out, _ = dlterm("experiments")
    assert "xor " in out
    assert "holds" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "name one experiment, or give --all"),
        (("run", "xor", "--all"), "name one experiment, or give --all"),
        (("run", "--all", "--set", "a=1"), "--set is for one experiment"),
        (("run", "xor", "--set", "starts"), '--set starts: "=" is missing'),
        (("run", "xor", "--set", "starts=x"), 'starts is "x"'),
        (("run", "xor", "--seed", "-1"), "-1"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_line(dlterm, arguments, said):
    code, out, error = dlterm(*arguments)
    assert (code, out) == (2, "")
    assert said in error


def test_an_experiment_that_is_not_there(dlterm):
    assert dlterm("run", "xro")[0] == 66


def test_a_signal_ends_it_between_two_moments(dlterm, counting, monkeypatch):
    class Interrupted(Counting):
        def run(self, seed):
            moments = super().run(seed)
            yield next(moments)
            signal.raise_signal(signal.SIGTERM)
            yield next(moments)
            raise AssertionError("it went on")

    monkeypatch.setattr(run_command, "_chosen", lambda *_: [Interrupted()])
    assert dlterm("run", "counting", "--json")[:2] == (143, "")


def test_a_terminal_sees_it_move(dlterm, counting, monkeypatch):
    drawn = []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr(live_experiment.Live, "update", lambda self, picture, refresh: drawn.append(picture))
    monkeypatch.setattr(live_experiment, "_LEAST_INTERVAL", 0.0)
    monkeypatch.setattr(live_experiment, "_SHARE", 1e9)
    code, out, _ = dlterm("run", "counting")
    assert code == 0
    assert len(drawn) == 5
    assert "The claim holds" in out


def test_a_value_from_outside_cannot_speak_to_the_terminal():
    console = Console(file=io.StringIO(), width=200)
    result = run(Counting())
    console.print(verdict(Counting(), replace(result, changed={"mood": "\x1b[2Jcalm"})))
    assert "\x1b[2J" not in console.file.getvalue()
    assert "calm" in console.file.getvalue()
