from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dlterm.engine.objects import ObjectStore

DAY_SECONDS = 86_400


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_what_is_written_is_read_again_by_the_next_process(cache: Path) -> None:
    ObjectStore.open("a processor").write("tanh", b"machine code")
    store = ObjectStore.open("a processor")
    assert store.read("tanh") == b"machine code"
    assert store.notice == ""
    assert [path.name for path in entries(cache)] == ["tanh.o"]


def test_what_is_not_there_is_none(cache: Path) -> None:
    assert ObjectStore.open("a processor").read("tanh") is None


def test_another_processor_finds_nothing(cache: Path) -> None:
    ObjectStore.open("a processor").write("tanh", b"machine code")
    assert ObjectStore.open("another").read("tanh") is None


@pytest.mark.parametrize("damage", ["emptied", "cut", "one bit", "another file", "grown"])
def test_a_damaged_entry_is_removed_and_said_in_one_line(cache: Path, damage: str) -> None:
    store = ObjectStore.open("a processor")
    store.write("tanh", b"machine code")
    (path,) = entries(cache)
    whole = path.read_bytes()
    damaged = {
        "emptied": b"",
        "cut": whole[:-1],
        "one bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "another file": b"\x7fELF" + bytes(100),
        "grown": whole + b"\0",
    }
    path.write_bytes(damaged[damage])
    assert store.read("tanh") is None
    assert not path.exists()
    assert store.notice == f"a damaged file in {store.directory} was removed; its kernel is compiled again"
    store.write("tanh", b"machine code")
    assert store.read("tanh") == b"machine code"


def test_a_cache_that_cannot_be_written_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLTERM_CACHE_DIR", "/dev/null/x")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = ObjectStore.open("a processor")
    assert store.notice == f"the cache /dev/null/x cannot be written; using {store.directory} this time"
    store.write("tanh", b"machine code")
    assert store.read("tanh") == b"machine code"


def test_without_any_directory_nothing_is_kept_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLTERM_CACHE_DIR", "/dev/null/x")
    monkeypatch.setattr("tempfile.tempdir", "/dev/null/y")
    store = ObjectStore.open("a processor")
    assert store.notice == "the cache /dev/null/x cannot be written; kernels are compiled at every start"
    store.write("tanh", b"machine code")
    assert store.read("tanh") is None


def test_a_directory_that_goes_away_is_no_error(cache: Path) -> None:
    store = ObjectStore.open("a processor")
    assert store.directory is not None
    store.directory.rmdir()
    store.write("tanh", b"machine code")
    assert store.notice.startswith("compiled kernels cannot be kept in ")
    assert store.read("tanh") is None


def test_a_write_that_fails_half_way_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store = ObjectStore.open("a processor")
    monkeypatch.setattr(Path, "replace", full)
    store.write("tanh", b"machine code")
    assert store.notice == f"compiled kernels cannot be kept in {store.directory}: No space left on device"
    assert entries(cache) == []


def test_what_other_versions_left_is_forgotten_after_a_month(cache: Path) -> None:
    recent, old = (ObjectStore.open(processor) for processor in ("recent", "old"))
    for store in (recent, old):
        store.write("tanh", b"machine code")
    assert old.directory is not None
    assert recent.directory is not None
    long_ago = time.time() - 40 * DAY_SECONDS
    os.utime(old.directory, (long_ago, long_ago))
    ObjectStore.open("a processor")
    assert recent.directory.exists()
    assert not old.directory.exists()
