"""A run whose process dies, or whose disk fails, at any single call: the old state or the new is there, never none."""

from __future__ import annotations

import errno
import os
import shutil
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest

from dlterm.errors import DltermError
from dlterm.training.checkpoint import pack
from dlterm.training.recipe import Recipe
from dlterm.training.run_directory import CONFIG, RunDirectory
from tests.faults.injector import Injector, die, fail_with

NOW = datetime(2026, 11, 21, tzinfo=UTC)
STEPS = 3


def live(path, saved):
    """A run with a few checkpoints and all that is written at its end; `saved` hears of every checkpoint."""
    with RunDirectory.create(path, Recipe(), created=NOW) as run:
        for step in range(1, STEPS + 1):
            run.add_metrics({"epoch": step})
            run.write_checkpoint({"w": np.full(100, step, np.float32)}, {"step": step})
            saved(step)
        run.write_model(pack({"w": np.zeros(3, np.float32)}, {}))
        run.write_report("text", "<svg/>")


def calls(path):
    """The names of the calls in a life without accidents."""
    injector = Injector()
    with injector.at_work():
        live(path, lambda _: None)
    shutil.rmtree(path)
    return injector.names


def check(path, saved):
    """What an accident has left can be gone on with, from the last checkpoint that was acknowledged, or the next."""
    if not (path / CONFIG).exists():
        assert saved == 0
        live(path, lambda _: None)
        return
    said = []
    with RunDirectory.reopen(path) as run:
        checkpoint = run.read_last_checkpoint(said.append)
        step = 0 if checkpoint is None else checkpoint[1]["step"]
        assert step in (saved, saved + 1)
        if checkpoint is not None:
            assert (checkpoint[0]["w"] == step).all()
        assert [row["epoch"] for row in run.cut_metrics(step)] == [*range(1, step + 1)]
        assert not list(path.glob(".*.tmp"))
    assert said == []
    for name in ("report.txt", "report.svg"):
        assert not (path / name).exists() or (path / name).read_text() in ("text", "<svg/>")


def in_a_child(work):
    """Do the work in a forked process, killed or not; what it has written to the pipe it is given."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of forks beside threads: the child runs no kernels
        process = os.fork()
    if process == 0:
        try:
            work(writer)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(process, 0)
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read()


@pytest.mark.parametrize("when", ["before", "halfway", "after"])
def test_a_process_that_dies_at_any_call_leaves_a_run_to_go_on_with(tmp_path, when):
    path = tmp_path / "run"
    write = os.write
    names = calls(path)
    assert len(names) > 60
    for number, name in enumerate(names):
        if when == "halfway" and name != "write":
            continue

        def work(pipe, number=number):
            with Injector(number, die(when=when)).at_work():
                live(path, lambda step: write(pipe, bytes([step])))

        saved = in_a_child(work)
        check(path, max(saved, default=0))
        shutil.rmtree(path)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT], ids=errno.errorcode.get)
def test_a_disk_that_fails_at_any_call_is_told_and_costs_nothing_that_was_saved(tmp_path, error):
    path = tmp_path / "run"
    for number, name in enumerate(calls(path)):
        saved = [0]
        try:
            with Injector(number, fail_with(error)).at_work():
                live(path, saved.append)
        except DltermError as told:
            assert told.exit_code in (73, 74), name
            assert os.strerror(error) in told.message
            assert str(path) in told.message
        check(path, saved[-1])
        shutil.rmtree(path)
