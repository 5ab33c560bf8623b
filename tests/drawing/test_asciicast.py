"""Recordings: what is in the file is what the format asks for, and can be played from any moment on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlterm.drawing.asciicast import Asciicast

if TYPE_CHECKING:
    from pathlib import Path


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_a_recording_has_a_header_and_its_events_in_order(tmp_path: Path) -> None:
    now = iter([10.0, 10.0, 10.5, 11.25, 12.1234567])
    path = tmp_path / "lab.cast"
    with Asciicast(path, 80, 24, title="Löss", idle_limit=2, clock=lambda: next(now)) as cast:
        cast.output("\x1b[2J\x1b[H▀ hello\r\n")
        cast.resize(120, 40)
        cast.marker("an epoch")
        cast.output("é")
    header, *events = lines(path)
    assert header.pop("timestamp") > 1_600_000_000
    assert header == {
        "version": 2,
        "width": 80,
        "height": 24,
        "title": "Löss",
        "idle_time_limit": 2,
        "env": {"TERM": "xterm-256color"},
    }
    assert events == [
        [0.0, "o", "\x1b[2J\x1b[H▀ hello\r\n"],
        [0.5, "r", "120x40"],
        [1.25, "m", "an epoch"],
        [2.123457, "o", "é"],
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters()), max_size=8))
def test_any_text_comes_back_as_it_was(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "any.cast"
    path.unlink(missing_ok=True)
    with Asciicast(path, 1, 1) as cast:
        for text in texts:
            cast.output(text)
    raw = path.read_bytes().decode("utf-8").split("\n")[1:-1]
    assert [json.loads(line)[2] for line in raw] == [t.encode("utf-8", "replace").decode() for t in texts]


def test_what_is_recorded_is_there_before_the_end(tmp_path: Path) -> None:
    cast = Asciicast(tmp_path / "a.cast", 80, 24)
    cast.output("x")
    assert len(lines(tmp_path / "a.cast")) == 2
    cast.close()
    cast.close()


def test_a_recording_is_bounded_and_stays_whole(tmp_path: Path) -> None:
    with Asciicast(tmp_path / "a.cast", 80, 24, most_bytes=2000) as cast:
        assert not cast.full
        for _ in range(100):
            cast.output("x" * 100)
        assert cast.full
    assert (tmp_path / "a.cast").stat().st_size <= 2000
    assert len(lines(tmp_path / "a.cast")) > 10


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.cast").write_text("mine")
    with pytest.raises(FileExistsError):
        Asciicast(tmp_path / "a.cast", 80, 24)
    assert (tmp_path / "a.cast").read_text() == "mine"
