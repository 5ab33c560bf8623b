"""Time travel: whatever happened, any moment of it comes back to the bit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.errors import DltermError
from dlterm.training.changes import Become, Begin, Edit
from dlterm.training.line import MOST_CHANGES
from dlterm.training.recipe import Recipe
from dlterm.training.record import OTHERS
from dlterm.training.run import LIMIT, Run
from dlterm.training.surgery import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dlterm.training.surgery import Surgery

RECIPE = Recipe(hidden=(4, 3), count=60)
SMALL = 60_000


def begun(recipe: Recipe = RECIPE, limit: int = LIMIT) -> Run:
    run = Run(limit)
    run.do(Begin(recipe))
    return run


def bits(run: Run) -> tuple[Any, ...]:
    state = run.learner.state()
    arrays = {name: array.tobytes() for name, array in state.arrays.items()}
    return arrays, state.counters, run.learner.recipe, run.learner.surgery


def become(run: Run, surgery: Surgery | None = None, **settings: Any) -> None:
    learner = run.learner
    run.do(Become(learner.recipe.with_(**settings), learner.surgery if surgery is None else surgery))


def travel(run: Run, at: int, chunk: int = 7) -> None:
    run.seek(at)
    while run.replay(chunk):
        pass
    assert run.at == at


EVENTS: dict[str, Any] = {
    "rate": lambda run: become(run, lr=0.02),
    "optimizer": lambda run: become(run, optimizer="momentum"),
    "deeper": lambda run: become(run, hidden=(4, 3, 2)),
    "narrower": lambda run: become(run, hidden=(3,)),
    "activation": lambda run: become(run, activation="relu"),
    "data": lambda run: become(run, data="moons"),
    "regression": lambda run: become(run, data="plane"),
    "seed": lambda run: become(run, seed=5),
    "batch": lambda run: become(run, batch=7),
    "dropout": lambda run: become(run, dropout=0.2),
    "norm": lambda run: become(run, norm="batch"),
    "schedule": lambda run: become(run, schedule="cosine", epochs=30),
    "edit": lambda run: run.do(Edit(("hidden1", 1, 0), -2.0)),
    "freeze": lambda run: become(run, run.learner.surgery.freeze(units=[("hidden1", 0)], on=True)),
    "thaw": lambda run: become(run, NOTHING),
    "knock out": lambda run: become(run, run.learner.surgery.knock_out([("hidden1", 2)], on=True)),
    "undo": lambda run: run.undo(),
    "redo": lambda run: run.redo(),
    "begin": lambda run: run.do(Begin(RECIPE)),
}


def happen(run: Run, events: list[tuple[int, str]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Train and change; the bits at every step that is met, after the last change at it."""
    for steps, name in events:
        run.advance(steps)
        yield run.at, bits(run)
        EVENTS[name](run)
        yield run.at, bits(run)
    run.advance(11)
    yield run.at, bits(run)


@pytest.mark.parametrize("limit", [LIMIT, SMALL, 1])
def test_every_moment_comes_back_to_the_bit_across_every_kind_of_change(limit: int) -> None:
    names = [name for name in EVENTS if name != "narrower"]
    run = begun(limit=limit)
    seen = dict(happen(run, [(13 + k, name) for k, name in enumerate(names)]))
    for at in random.Random(1).sample(sorted(seen), len(seen)):
        travel(run, at)
        assert bits(run) == seen[at]
    assert run.branches() == ["run 1"]


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    events=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(list(EVENTS))), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
    limit=st.sampled_from([LIMIT, SMALL, 1]),
)
def test_every_moment_comes_back_whatever_happened(
    events: list[tuple[int, str]], order: random.Random, limit: int
) -> None:
    run = begun(limit=limit)
    events = [event for event in events if event[1] != "narrower"]
    seen = dict(happen(run, events))
    if len(run.branches()) > 1:  # a beginning that was taken back
        return
    for at in order.sample(sorted(seen), min(6, len(seen))):
        travel(run, at)
        assert bits(run) == seen[at]


def test_a_longer_way_is_gone_from_the_nearest_keyframe_and_a_newer_goal_takes_its_place() -> None:
    run = begun()
    for _ in range(20):
        run.advance(50)
    run.seek(333)
    assert 300 <= run.at <= 333
    assert run.goal == 333
    run.replay(5)
    run.seek(120)
    assert run.at == 100
    while run.replay(1000):
        pass
    assert (run.at, run.goal, run.is_past) == (120, None, True)
    assert run.learner.step == 120
    run.seek(5000)
    assert (run.at, run.goal, run.is_past) == (1000, None, False)


def test_a_look_at_the_past_changes_nothing_of_the_present() -> None:
    looked, plain = begun(), begun()
    for run in (looked, plain):
        run.advance(100)
    travel(looked, 30)
    travel(looked, 100)
    for run in (looked, plain):
        run.advance(55)
    assert bits(looked) == bits(plain)
    assert looked.branches() == ["run 1"]


def test_training_from_the_past_is_a_branch_and_the_first_line_stays() -> None:
    run = begun()
    run.advance(200)
    end = bits(run)
    run.seek(80)
    become(run, lr=0.5)
    assert run.at == 80
    assert run.branches() == ["run 1", "run 2"]
    run.advance(50)
    assert (run.at, run.line.latest, run.is_past) == (130, 130, False)
    branch = bits(run)
    run.return_to("run 1")
    assert (run.at, bits(run)) == (200, end)
    assert run.branches() == ["run 2", "run 1"]
    run.advance(10)
    assert run.branches() == ["run 2", "run 1"]
    run.return_to("run 2")
    assert bits(run) == branch
    travel(run, 40)
    assert run.learner.recipe.lr == RECIPE.lr


def test_a_branch_without_a_change_goes_the_same_way() -> None:
    run = begun()
    run.advance(200)
    end = bits(run)
    travel(run, 80)
    run.advance(120)
    assert bits(run) == end
    assert run.branches() == ["run 1", "run 2"]


def test_a_branch_remembers_its_own_way_and_not_its_parents() -> None:
    run = begun()
    for _ in range(30):
        run.advance(10)
    travel(run, 95)
    become(run, lr=0.3)
    seen = {}
    for _ in range(20):
        run.advance(7)
        seen[run.at] = bits(run)
    for at, then in seen.items():
        travel(run, at)
        assert bits(run) == then


@pytest.mark.parametrize("changes", [1, 2, 3, 5])
def test_other_changes_after_an_undo_are_travelled_with_in_the_place_of_the_first(changes: int) -> None:
    run = begun()
    run.advance(40)
    for k in range(changes):
        run.do(Edit(("hidden1", 1, 0), 5.0 + k))
    for _ in range(changes):
        assert run.undo()
    assert all(keyframe.place <= run.line.end for keyframe in run.line.keyframes)
    for k in range(changes):
        run.do(Edit(("hidden2", 1, 0), 7.0 + k))
    then = bits(run)
    run.advance(10)
    travel(run, 40)
    assert bits(run) == then


def test_there_are_four_others_at_most_and_the_oldest_goes() -> None:
    run = begun()
    run.advance(100)
    for at in range(10, 80, 10):
        travel(run, at)
        run.advance(100)
    assert len(run.branches()) == OTHERS + 1
    assert run.branches()[-1] == "run 8"
    with pytest.raises(DltermError, match="run 1"):
        run.return_to("run 1")


@pytest.mark.parametrize("limit", [LIMIT, SMALL, 10_000])
def test_any_run_fits_into_its_memory(limit: int) -> None:
    run = begun(limit=limit)
    least = run.record._fixed
    for step in range(3000):
        run.advance(1)
        assert run.nbytes <= max(limit, least)
        if step % 500 == 250:
            travel(run, run.at // 2)
            run.branch()
    kept = [keyframe.at for keyframe in run.line.keyframes]
    if limit == LIMIT:
        assert len(run.branches()) == OTHERS + 1
        assert len(kept) > 500
    counted = {id(key): key.moment.nbytes for line in run.record.lines for key in line.keyframes}
    assert run.record._bytes == sum(counted.values())


def test_keyframes_are_spread_evenly_over_a_long_run() -> None:
    run = begun(limit=400_000)
    for _ in range(4000):
        run.advance(3)
    ats = np.array([keyframe.at for keyframe in run.line.keyframes])
    assert len(ats) > 40
    assert np.diff(ats).max() <= 12_000 / 20


def test_a_network_larger_than_the_memory_is_replayed_from_its_beginning() -> None:
    run = begun(RECIPE.with_(hidden=(200, 200)), limit=50_000)
    run.advance(3)
    middle = bits(run)
    run.advance(2)
    assert run.line.keyframes == []
    travel(run, 3)
    assert bits(run) == middle


def test_more_changes_than_fit_forget_the_oldest() -> None:
    run = begun()
    run.advance(5)
    for k in range(MOST_CHANGES + 10):
        run.do(Edit(("hidden1", 1, 0), float(k)))
        if k == MOST_CHANGES - 5:
            run.advance(3)
            late = run.at, bits(run)
    run.advance(2)
    assert len(run.line.log) <= MOST_CHANGES
    assert run.nbytes <= LIMIT
    travel(run, 8)
    travel(run, run.line.latest)
    run.seek(0)
    while run.replay(100):
        pass
    assert run.at == run.line.earliest == 5
    assert late[0] == 8
    for _ in range(20):
        assert run.line.name == "run 1"


def test_data_that_were_overwritten_since_are_travelled_with_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    rows = [f"{k % 7},{k % 5},{'ab'[k % 2]}" for k in range(40)]
    path.write_text("x,y,class\n" + "\n".join(rows))
    run = begun(RECIPE.with_(data=str(path)))
    run.advance(20)
    then = bits(run)
    become(run, data="moons")
    run.advance(20)
    path.write_text("x,y,class\n" + "\n".join(rows[::-1]))
    travel(run, 19)
    travel(run, 39)
    run.seek(19)
    while run.replay(1):
        pass
    run.advance(1)
    assert bits(run) == then


# --- undo -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in EVENTS if name not in ("undo", "redo", "thaw")])
def test_undo_restores_every_change_to_the_bit_and_redo_makes_it_again(name: str) -> None:
    run = begun()
    run.advance(40)
    before = bits(run)
    answer = run.learner.predict(run.learner.dataset.inputs).tobytes()
    EVENTS[name](run)
    after = bits(run)
    assert after != before
    for _ in range(2):
        assert run.undo()
        assert bits(run) == before
        assert run.learner.predict(run.learner.dataset.inputs).tobytes() == answer
        assert not run.undo()
        assert run.redo()
        assert bits(run) == after
        assert not run.redo()
    assert run.branches() == ["run 1"]


def test_what_was_taken_back_at_once_leaves_no_trace() -> None:
    run, plain = begun(), begun()
    for each in (run, plain):
        each.advance(40)
    for name in ("edit", "deeper", "knock out", "freeze"):
        EVENTS[name](run)
    for _ in range(4):
        assert run.undo()
    for each in (run, plain):
        each.advance(40)
    assert bits(run) == bits(plain)
    assert len(run.line.log) == 1


def test_a_change_that_was_trained_on_is_taken_back_and_what_was_learned_stays() -> None:
    run = begun()
    EVENTS["rate"](run)
    run.advance(10)
    EVENTS["edit"](run)
    EVENTS["knock out"](run)
    run.advance(30)
    learned = run.learner.weights()["output.weight"]
    assert run.undo()
    assert run.learner.surgery == NOTHING
    assert run.undo()
    assert run.undo()
    assert run.learner.recipe == RECIPE
    assert (run.learner.weights()["output.weight"] == learned).all()
    assert run.at == 40
    assert not run.undo()
    for _ in range(3):
        assert run.redo()
    assert run.learner.recipe.lr == 0.02
    assert run.learner.surgery.knocked_out
    assert run.learner.weight(("hidden1", 1, 0)) == -2.0


def test_a_beginning_anew_is_taken_back_even_after_training() -> None:
    run = begun()
    run.advance(40)
    before = bits(run)
    run.do(Begin(RECIPE.with_(seed=3)))
    run.advance(40)
    assert run.undo()
    assert bits(run) == before
    assert run.branches() == ["run 1", "run 2"]
    assert run.redo()
    assert (run.learner.step, run.learner.recipe.seed) == (0, 3)


def test_undo_in_the_past_takes_back_what_was_done_by_then_and_is_a_branch() -> None:
    run = begun()
    run.advance(10)
    EVENTS["rate"](run)
    run.advance(10)
    EVENTS["optimizer"](run)
    run.advance(10)
    travel(run, 5)
    assert not run.undo()
    assert run.branches() == ["run 1"]
    travel(run, 15)
    assert run.undo()
    assert run.learner.recipe == RECIPE
    assert run.branches() == ["run 1", "run 2"]


def test_a_change_that_fails_leaves_everything_as_it_was() -> None:
    run = begun()
    run.advance(10)
    before = bits(run)
    for change in (
        Become(RECIPE.with_(data="nothing.csv"), NOTHING),
        Begin(RECIPE.with_(data="nothing.csv")),
        Edit(("hidden7", 0, 0), 1.0),
        Edit(("hidden1", 0, 0), float("nan")),
    ):
        with pytest.raises(DltermError):
            run.do(change)
    assert bits(run) == before
    assert len(run.line.log) == 1
    assert not run.undo()


def test_curves_of_an_earlier_data_set_are_there_when_one_goes_back_to_it() -> None:
    run = begun()
    first = run.line.curves(1)
    run.line.era(1).history.add(0.0, run.learner.evaluate())  # type: ignore[union-attr]
    run.advance(10)
    EVENTS["data"](run)
    assert len(run.line.curves().epochs) == 0
    travel(run, 5)
    assert len(run.line.curves(run.place[1]).epochs) == 1
    assert len(first.epochs) == 0


def test_data_that_are_forgotten_and_gone_are_told_and_the_run_stays(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("x,y,class\n" + "\n".join(f"{k % 7},{k % 5},{'ab'[k % 2]}" for k in range(400)))
    run = begun(RECIPE.with_(data=str(path)), limit=4)  # nothing is remembered
    run.advance(10)
    become(run, data="moons")
    run.advance(10)
    path.unlink()
    now = bits(run)
    with pytest.raises(DltermError, match=r"points\.csv"):
        run.seek(5)
    assert (run.at, run.goal) == (20, None)
    assert bits(run) == now
    run.advance(1)
    assert run.branches() == ["run 1"]


def test_an_edit_of_a_network_too_large_for_keyframes_is_taken_back_without_a_replay() -> None:
    run = begun(RECIPE.with_(hidden=(200, 200)), limit=50_000)
    run.advance(3)
    before = bits(run)
    run.do(Edit(("hidden1", 1, 0), 5.0))
    assert run.undo()
    assert bits(run) == before
    assert len(run.line.log) == 3


class Walk:
    """A run, and what it ought to be: of every branch, the bits at every step that was looked at."""

    def __init__(self, limit: int) -> None:
        self.run = begun(limit=limit)
        self.known: dict[str, dict[int, tuple[Any, ...]]] = {"run 1": {}}

    def look(self) -> None:
        """The newest moment is learned; a past one is compared."""
        run = self.run
        if run.goal is not None:
            return
        known = self.known.setdefault(run.line.name, {})
        if run.is_past:
            assert known.get(run.at, bits(run)) == bits(run)
        known[run.at] = bits(run)

    def do(self, what: str, number: int) -> None:
        run, parent, was = self.run, self.run.line.name, set(self.run.branches())
        begun_at = run.goal if run.goal is not None else run.at
        if what == "train":
            run.advance(number % 40 + 1)
        elif what == "seek":
            run.seek(number % (run.line.latest + 1))
        elif what == "replay":
            run.replay(number % 30 + 1)
        elif what == "branch":
            run.branch()
        elif what == "return":
            run.return_to(run.branches()[number % len(run.branches())])
            while run.replay(1000):
                pass
        elif what != "narrower":
            EVENTS[what](run)
        if run.line.name not in was:
            start = min(begun_at, run.at)
            self.known[run.line.name] = {at: b for at, b in self.known[parent].items() if at < start}
        self.known = {name: known for name, known in self.known.items() if name in run.branches()}
        if run.place == run.line.end:  # what an undo has taken out of the log is no more
            self.known.setdefault(run.line.name, {})[run.at] = bits(run)
        else:
            self.look()
        assert len(run.branches()) <= OTHERS + 1
        assert run.line.earliest <= run.at <= run.line.latest
        assert 0 <= run.undoable <= len(run.line.log)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(
    ways=st.lists(
        st.tuples(
            st.sampled_from([*["train", "seek", "replay", "return", "undo", "redo"] * 3, "branch", *EVENTS]),
            st.integers(0, 10_000),
        ),
        min_size=10,
        max_size=60,
    ),
    limit=st.sampled_from([LIMIT, 300_000, SMALL, 1]),
)
def test_a_random_walk_through_time_finds_everything_where_it_was(
    ways: list[tuple[str, int]], limit: int
) -> None:
    walk = Walk(limit)
    for what, number in ways:
        walk.do(what, number)
    for name in walk.run.branches():
        walk.run.return_to(name)
        for at, then in walk.known[name].items():
            if at <= walk.run.line.latest:
                travel(walk.run, at)
                assert bits(walk.run) == then
