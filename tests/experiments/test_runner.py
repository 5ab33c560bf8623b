from __future__ import annotations

import queue

import pytest

from dlterm.engine import native
from dlterm.experiments.catalogue.neuron import Neuron
from dlterm.experiments.experiment import Moment
from dlterm.experiments.runner import Runner
from tests.experiments.support import Counting

ENDLESS = 1_000_000


class Screen:
    """Collects what a runner publishes."""

    def __init__(self):
        self.states = queue.Queue()

    def next(self):
        return self.states.get(timeout=10)

    def until(self, status):
        while (state := self.next()).status != status:
            pass
        return state

    @property
    def quiet(self):
        return self.states.empty()


@pytest.fixture
def start():
    runners = []

    def begin(experiment, **how):
        screen = Screen()
        runner = Runner(experiment, 3, screen.states.put, **how)
        runners.append(runner)
        runner.start()
        return runner, screen

    yield begin
    for runner in runners:
        runner.close(10)


def test_a_run_is_shown_moment_by_moment_and_then_its_result(start):
    _, screen = start(Counting())
    states = [screen.next() for _ in range(6)]
    assert [state.number for state in states] == [1, 2, 3, 4, 5, 6]
    assert [state.moment.news for state in states] == ["1", "2", "3", "4", "5", "5"]
    assert [state.status for state in states] == ["running"] * 5 + ["finished"]
    assert states[-1].result.measures == {"count": 5, "seed": 3}


def test_it_waits_steps_and_goes_on(start):
    runner, screen = start(Counting(steps=4), playing=False)
    assert screen.next().status == "paused"
    runner.step()
    assert screen.next().moment.news == "1"
    assert screen.next().status == "paused"
    assert screen.quiet
    runner.play()
    assert screen.until("finished").result.holds


def test_a_live_knob_turns_while_it_runs(start):
    runner, screen = start(Counting(steps=2), playing=False)
    runner.step()
    runner.tune(stride=2.0)
    runner.step()
    runner.play()
    assert screen.until("finished").result.changed == {"steps": 2, "stride": 2.0}


def test_what_has_ended_is_explored_with_its_live_knobs(start):
    runner, screen = start(Neuron())
    runner.pause()  # it lingers otherwise
    for _ in range(5):
        runner.step()
        while (state := screen.next()).status == "paused":
            pass
    assert state.status == "finished"
    assert "answer: sigmoid(0.5) = 0.6225" in lines(screen.next())
    runner.tune(bias=-0.5)
    explored = screen.next()
    assert "answer: sigmoid(0.1) = 0.525" in lines(explored)
    assert explored.result.holds, "what was measured stays"


def lines(state):
    return [line.text for line in state.moment.views["sum"].lines]


def test_nothing_is_heard_of_a_run_that_was_cancelled(start):
    before = Counting.closed
    runner, screen = start(Counting(steps=ENDLESS))
    screen.next()
    runner.close(10)
    while not screen.quiet:
        assert screen.next().status == "running"
    assert Counting.closed == before + 1


def test_a_moment_that_lingers_does_not_hold_up_a_cancel(start):
    class Lingering(Counting):
        def run(self, seed):
            yield Moment({}, 0.5, linger=3600)
            return {}

    runner, screen = start(Lingering())
    screen.next()
    runner.close(10)
    assert not runner._thread.is_alive()


def test_a_bug_is_told_and_freezes_nothing(start, monkeypatch):
    monkeypatch.setattr("threading.excepthook", lambda _: None)

    class Broken(Counting):
        def run(self, seed):
            yield Moment({}, 0.5)
            raise ZeroDivisionError("nothing left")

    _, screen = start(Broken())
    assert screen.until("failed").message == "ZeroDivisionError: nothing left"


def test_kernels_that_are_compiled_are_told(start, monkeypatch):
    def compile_beside(names, store, progress):
        progress(0, len(names), names[0])

    monkeypatch.setattr(native, "compile_beside", compile_beside)

    class Compiling(Counting):
        def run(self, seed):
            native._listener.get()(0, 2, "linear")
            yield Moment({}, 1.0)
            return {"count": 3, "seed": seed}

    _, screen = start(Compiling())
    assert screen.next().message == "compiling kernel 1 of 2 (first time only) linear"
    assert screen.next().message == ""
