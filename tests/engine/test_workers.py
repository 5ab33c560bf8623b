"""Kernels are shared out so that both workers end soon, and the workers of a first start begin before its kernels."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.engine import workers
from dlterm.engine.objects import ObjectStore
from dlterm.engine.workers import shared_out

if TYPE_CHECKING:
    from pathlib import Path

PARTS = st.dictionaries(st.integers(0, 9), st.integers(1, 1000), min_size=1)


@given(st.dictionaries(st.text(min_size=1), PARTS), st.integers(1, 4))
def test_every_kernel_is_compiled_by_one_worker(kernels: dict[str, dict[int, int]], count: int) -> None:
    shares = shared_out(kernels, count)
    assert len(shares) == count
    assert sorted(name for share in shares for name in share) == sorted(kernels)


def test_kernels_that_have_much_in_common_are_compiled_by_the_same_worker() -> None:
    tiles, sums = {"tiles": 900}, {"sums": 900}
    kernels = {
        "linear": {"linear": 100} | tiles,
        "norm": {"norm": 100} | sums,
        "linear_tanh": {"linear_tanh": 110} | tiles,
        "norm_dx": {"norm_dx": 110} | sums,
    }
    assert {frozenset(share) for share in shared_out(kernels, 2)} == {
        frozenset({"linear", "linear_tanh"}),
        frozenset({"norm", "norm_dx"}),
    }


def test_the_largest_kernel_comes_first_and_the_small_ones_even_out() -> None:
    kernels = {
        "small": {"a": 10},
        "smaller": {"b": 9},
        "large": {"c": 100},
        "half": {"d": 50},
        "rest": {"e": 30},
    }
    assert [list(share) for share in shared_out(kernels, 2)] == [
        ["large"],
        ["half", "rest", "small", "smaller"],
    ]


class Waiting:
    """A worker's process, as far as it is started."""

    def __init__(self, *_: Any, **__: Any) -> None:
        started.append(self)
        self.stdin, self.stdout = io.StringIO(), io.StringIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


started: list[Waiting] = []


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Waiting]:
    """The processes that are started, none of which compiles anything; no kernel is kept."""
    started.clear()
    monkeypatch.setattr(workers.subprocess, "Popen", Waiting)
    monkeypatch.setattr(workers, "_ahead", [])
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("DLTERM_ENGINE", raising=False)
    return started


def test_workers_that_were_started_ahead_are_the_ones_that_compile(
    counted: list[Waiting], tmp_path: Path
) -> None:
    workers.start_ahead()
    assert len(counted) == 2
    workers.compile_beside({"a": {"a": 1}, "b": {"b": 1}}, ObjectStore(tmp_path))
    assert len(counted) == 2
    workers.compile_beside({"c": {"c": 1}}, ObjectStore(tmp_path))
    assert len(counted) == 3


def test_no_worker_is_started_ahead_where_kernels_are_kept(counted: list[Waiting], tmp_path: Path) -> None:
    kept = tmp_path / "kernels" / "another processor" / "tanh-0.o"
    kept.parent.mkdir(parents=True)
    kept.touch()
    workers.start_ahead()
    assert counted == []


def test_no_worker_is_started_ahead_for_the_reference(
    counted: list[Waiting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTERM_ENGINE", "reference")
    workers.start_ahead()
    assert counted == []
