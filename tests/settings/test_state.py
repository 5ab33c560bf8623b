"""state.json: what is remembered comes back; what cannot be read is neither lost nor an obstacle."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.settings.places import Place
from dlterm.settings.state import VERSION, Memory, Reading, State, fault, state_path

PLACES = st.builds(Place, heading=st.text(max_size=20), text=st.text(max_size=20))
READINGS = st.builds(Reading, place=PLACES, share=st.floats(0, 1))
STATES = st.builds(
    State,
    screen=st.text(max_size=20),
    recipe=st.text(max_size=80),
    reading=st.dictionaries(st.text(max_size=20), READINGS, max_size=8),
)
GOOD = b'{"version":1,"state":{"screen":"lab"}}'
DAMAGED = {
    "empty": b"",
    "cut": GOOD[:-1],
    "zeros": bytes(100),
    "no JSON": b"screen = lab",
    "another thing": b"[1, 2]",
    "no version": b'{"state":{"screen":"lab"}}',
    "no state": b'{"version":1}',
    "version 0": b'{"version":0,"state":{}}',
    "a word for a version": b'{"version":"1","state":{}}',
    "a wrong type": b'{"version":1,"state":{"reading":{"a":"first"}}}',
    "more than all of it": b'{"version":1,"state":{"reading":{"a":{"share":1.5}}}}',
    "not UTF-8": b'{"version":1,"state":{"screen":"l\xffb"}}',
    "deep nesting": b'{"version":1,"state":' + b"[" * 100_000,
    "more after it": GOOD + GOOD,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("state.json.damaged-*"))


def test_a_first_session_remembers_nothing_and_says_nothing(path: Path) -> None:
    memory = Memory.open(path)
    assert (memory.state, memory.notice) == (State(), "")
    assert not path.exists()


@given(STATES)
def test_what_is_saved_comes_back(tmp_path_factory: pytest.TempPathFactory, state: State) -> None:
    path = tmp_path_factory.getbasetemp() / "round trip" / "state.json"
    memory = Memory.open(path)
    memory.change(**msgspec.structs.asdict(state))
    assert memory.save() == ""
    memory = Memory.open(path)
    assert (memory.state, memory.notice) == (state, "")


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside_whole_and_said(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert fault(path) == f"{path} is damaged"
    assert path.read_bytes() == content  # a look changes nothing
    memory = Memory.open(path)
    (kept,) = aside(path)
    assert kept.read_bytes() == content
    assert memory.notice == f"{path} is damaged; it is kept as {kept.name}, and a new one begun"
    memory.change(screen="home")
    assert memory.save() == ""
    assert Memory.open(path).state == State(screen="home")


def test_every_damaged_file_is_kept(path: Path) -> None:
    for number in range(5):
        path.write_bytes(b"%d" % number)
        Memory.open(path)
    assert {kept.read_bytes() for kept in aside(path)} == {b"0", b"1", b"2", b"3", b"4"}


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_no_flipped_bit_keeps_the_app_from_opening(
    tmp_path_factory: pytest.TempPathFactory, byte: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "flipped.json"
    content = bytearray(GOOD)
    content[byte] ^= 1 << bit
    path.write_bytes(content)
    memory = Memory.open(path)
    assert memory.notice.isprintable()


def test_an_older_file_is_taken_up(path: Path) -> None:
    path.write_bytes(b'{"version":1,"state":{"screen":"course","places":{"neuron":12}}}')
    assert Memory.open(path).state == State(screen="course")


def test_what_was_seen_of_a_lesson_is_never_less_and_the_last_one_read_is_last(path: Path) -> None:
    memory = Memory.open(path)
    memory.read_on("neuron", Place("a", "b"), 0.7)
    memory.read_on("layers", Place(), 2.0)
    memory.read_on("neuron", Place("c", "d"), 0.2)
    assert list(memory.state.reading.items()) == [
        ("layers", Reading(Place(), 1.0)),
        ("neuron", Reading(Place("c", "d"), 0.7)),
    ]
    assert memory.state.reading["layers"].is_done


def test_a_newer_file_is_left_alone(path: Path) -> None:
    content = b'{"version":%d,"state":{"screens":["a"]},"more":{}}' % (VERSION + 1)
    path.write_bytes(content)
    memory = Memory.open(path)
    assert memory.notice == f"{path} is of a newer dlterm; nothing is remembered this time"
    assert fault(path) == f"{path} is of a newer dlterm"
    memory.change(screen="lab")
    assert memory.state.screen == "lab"
    assert memory.save() == ""
    assert path.read_bytes() == content
    assert aside(path) == []


def test_what_it_does_not_know_is_no_damage(path: Path) -> None:
    path.write_bytes(b'{"version":1,"state":{"screen":"lab","colour":3},"more":1}')
    assert Memory.open(path).state == State(screen="lab")


def test_where_nothing_can_be_written_the_session_goes_on_and_says_so() -> None:
    memory = Memory.open(Path("/dev/null/x/state.json"))
    memory.change(screen="lab")
    notice = memory.save()
    assert notice == "/dev/null/x/state.json: Not a directory; this session is not remembered"
    assert memory.state.screen == "lab"


def test_a_name_that_is_no_text_is_no_crash(path: Path) -> None:
    memory = Memory.open(path)
    memory.change(screen="\udcff")
    assert memory.save().endswith("this session is not remembered")


def test_a_directory_in_its_place_is_set_aside(path: Path) -> None:
    path.mkdir()
    memory = Memory.open(path)
    assert "is not a file" in memory.notice
    memory.change(screen="lab")
    assert memory.save() == ""


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert "is not a file" in fault(path)


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")]
)
def test_a_damaged_file_that_cannot_be_moved_is_not_written_over(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(*_: object) -> None:
        raise error

    path.write_bytes(b"damaged")
    monkeypatch.setattr(Path, "rename", fail)
    memory = Memory.open(path)
    assert memory.notice == f"{path} is damaged; nothing is remembered this time"
    memory.change(screen="lab")
    memory.save()
    assert path.read_bytes() == b"damaged"


def test_a_full_disk_leaves_the_old_file_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path.write_bytes(GOOD)
    memory = Memory.open(path)
    memory.change(screen="home")
    monkeypatch.setattr(os, "fsync", full)
    assert memory.save() == f"{path}: No space left on device; this session is not remembered"
    assert path.read_bytes() == GOOD
    assert list(path.parent.iterdir()) == [path]


def test_a_session_that_changes_nothing_writes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(GOOD)
    memory = Memory.open(path)
    monkeypatch.setattr("dlterm.atomic.write_atomically", None)  # to call it would fail
    memory.change(screen="lab")
    assert memory.save() == ""


def test_the_file_is_where_the_system_keeps_state(monkeypatch: pytest.MonkeyPatch) -> None:
    assert state_path().name == "state.json"
    assert "dlterm" in state_path().parts
