from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.training.history import LIMIT, History
from dlterm.training.snapshot import Metrics

RECORDS_OF_AN_HOUR = 34 * 3600


def losses(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    smooth = np.exp(-np.arange(count) / (count / 5)) + 0.1
    return smooth * np.exp(rng.normal(0, 0.02, count))


def recorded(values: np.ndarray) -> History:
    history = History()
    for epoch, value in enumerate(values.tolist()):
        history.add(epoch, Metrics(value, -value, train_accuracy=1 - value, test_accuracy=None))
    return history


def test_an_hour_takes_as_much_memory_as_a_minute() -> None:
    hour = recorded(losses(RECORDS_OF_AN_HOUR))
    assert hour.nbytes == History().nbytes < 200_000
    assert LIMIT / 8 < len(hour.curves().epochs) <= LIMIT


def test_an_hours_curve_has_every_peak_as_it_was_measured() -> None:
    values = losses(RECORDS_OF_AN_HOUR)
    for place in (10, 5_000, 77_777, 120_001):
        values[place] = 9.0 + place
        values[place + 3] = place * 1e-9
    curves = recorded(values).curves()
    np.testing.assert_array_equal(curves.train_loss, values[curves.epochs.astype(int)])
    for place in (10, 5_000, 77_777, 120_001):
        assert place in curves.epochs
        assert place + 3 in curves.epochs


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(count=st.integers(1, 9_000), seed=st.integers(0, 9))
def test_between_any_two_kept_rows_nothing_sticks_out(count: int, seed: int) -> None:
    values = losses(count, seed)
    curves = recorded(values).curves()
    places = curves.epochs.astype(int)
    assert (places[0], places[-1]) == (0, count - 1)
    assert (curves.train_loss.min(), curves.train_loss.max()) == (values.min(), values.max())
    for eighth in np.array_split(np.arange(count), 8):
        if len(eighth) > 40:  # longer than the stretches of so few records
            inside = curves.train_loss[(places >= eighth[0] - 600) & (places <= eighth[-1] + 600)]
            assert inside.max() >= values[eighth].max()
            assert inside.min() <= values[eighth].min()


def test_what_is_not_measured_stays_nan() -> None:
    curves = recorded(losses(5_000)).curves()
    assert np.isnan(curves.test_quality).all()
    assert not np.isnan(curves.train_quality).any()


def test_the_same_epoch_again_replaces_its_row() -> None:
    history = History()
    for loss in (3.0, 2.0):
        history.add(1.5, Metrics(loss, None))
    assert history.curves().train_loss.tolist() == [2.0]


def test_a_history_up_to_an_epoch_goes_on_by_itself() -> None:
    history = recorded(losses(3_000))
    early = history.until(1_000.0)
    early.add(1_001.0, Metrics(7.0, None))
    assert early.curves().epochs[-1] == 1_001
    assert early.curves().epochs[-2] <= 1_000
    assert history.curves().epochs[-1] == 2_999
    assert 7.0 not in history.curves().train_loss
