from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dlterm.cli.schedule import recorded_epochs


def test_up_to_a_thousand_epochs_are_all_recorded():
    assert list(recorded_epochs(3)) == [1, 2, 3]
    assert len(recorded_epochs(1000)) == 1000


@given(st.integers(1001, 100_000_000))
def test_longer_runs_are_thinned_to_a_thousand_evenly_spaced_rows(epochs):
    recorded = list(recorded_epochs(epochs))
    gaps = {later - earlier for earlier, later in pairwise(recorded)}
    assert len(recorded) == 1000
    assert (recorded[0], recorded[-1]) == (1, epochs)
    assert max(gaps) - min(gaps) <= 1


@given(st.integers(0, 5000), st.integers(1, 6000))
def test_every_overrides_the_thinning_and_the_last_epoch_is_always_there(epochs, every):
    recorded = list(recorded_epochs(epochs, every))
    assert recorded[:-1] == list(range(every, epochs, every))[: len(recorded) - 1]
    assert not epochs or recorded[-1] == epochs


def test_no_epochs_no_rows():
    assert list(recorded_epochs(0)) == []
