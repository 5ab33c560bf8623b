from __future__ import annotations

from functools import partial

from dlterm.training.early_stopping import EarlyStopping
from dlterm.training.learner import State

LOSSES = [1.0, 0.8, 0.9, 0.7, 0.75, 0.71, 0.7, 0.9]


def state(number: int) -> State:
    return State({}, {"step": number})


def stops(patience: int, losses: list[float | None]) -> tuple[int | None, EarlyStopping]:
    watch = EarlyStopping(patience)
    for epoch, loss in enumerate(losses, start=1):
        if watch.update(epoch, loss, partial(state, epoch)):
            return epoch, watch
    return None, watch


def test_it_stops_after_so_many_epochs_without_a_better_loss_and_knows_the_best() -> None:
    epoch, watch = stops(3, [*LOSSES])
    assert epoch == 7
    assert (watch.best_epoch, watch.best_loss, watch.best) == (4, 0.7, state(4))


def test_a_better_loss_starts_the_count_again() -> None:
    assert stops(4, [*LOSSES])[0] == 8
    assert stops(5, [*LOSSES])[0] is None


def test_without_patience_or_without_held_out_examples_it_never_stops() -> None:
    assert stops(0, [*LOSSES])[0] is None
    assert stops(1, [None] * 5)[0] is None
