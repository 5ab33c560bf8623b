"""`dlterm train --record`: the live picture as an asciicast, whatever is shown meanwhile."""

from __future__ import annotations

import json

import pyte
import pytest


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def train(dlterm):
    return lambda *options: dlterm("train", "moons?hidden=3&epochs=5", "--no-save", *options)


def test_the_picture_is_recorded_and_stdout_is_what_it_was(tmp_path, train):
    code, out, _ = train("--record", "a.cast", "--json")
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 6
    header, *events = [json.loads(line) for line in (tmp_path / "a.cast").read_text().splitlines()]
    assert header["version"] == 2
    assert header["title"] == "moons?hidden=3&epochs=5"
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for _, kind, data in events:
        assert kind == "o"
        stream.feed(data)
    shown = "\n".join(screen.display)
    assert "moons?hidden=3&epochs=5" in shown
    assert "examples/s" in shown
    assert "▀" in shown


def test_a_file_that_is_there_is_refused_before_anything_is_trained(tmp_path, train):
    (tmp_path / "a.cast").write_text("mine")
    code, _, err = train("--record", "a.cast")
    assert code == 2
    assert "there is such a file" in err
    assert (tmp_path / "a.cast").read_text() == "mine"


def test_a_file_that_cannot_be_made_is_told(train):
    code, _, err = train("--record", "nowhere/a.cast")
    assert code == 73
    assert "nowhere/a.cast" in err
