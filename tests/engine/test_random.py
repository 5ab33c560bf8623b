from __future__ import annotations

import numpy as np
import pytest

from dlterm.engine.random import permutation, random_words, uniform

# Random123's known answers for threefry2x32 of 20 rounds: counter, key, first word of the result.
KNOWN = [
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), 0x6B200159),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), 0x1CB996FC),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), 0xC4923A9C),
]


@pytest.mark.parametrize(("counter", "key", "word"), KNOWN)
def test_words_are_threefrys_known_answers(counter: tuple[int, int], key: tuple[int, int], word: int) -> None:
    assert random_words(*key, counter[1], np.array([counter[0]], np.int64)) == word


def test_words_depend_on_seed_stream_step_and_index() -> None:
    index = np.arange(1000)
    draws = [random_words(*key, index) for key in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))]
    assert len(np.unique(np.concatenate(draws))) > 3990  # of 4000, some meet by chance


def test_uniform_numbers_fill_the_unit_interval_and_never_reach_one() -> None:
    numbers = uniform(3, 1, 4, np.arange(100_000))
    assert numbers.dtype == np.float32
    assert 0 <= numbers.min() < 1e-4
    assert 1 - 1e-4 < numbers.max() < 1
    counts, _ = np.histogram(numbers, 100, (0, 1))
    assert ((counts - 1000) ** 2 / 1000).sum() < 149  # chi-squared with 99 degrees of freedom, 0.1 %


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 1000])
def test_a_permutation_holds_every_number_once(count: int) -> None:
    np.testing.assert_array_equal(np.sort(permutation(7, 3, count)), np.arange(count))


def test_permutations_are_equally_likely() -> None:
    orders = [tuple(permutation(0, epoch, 3).tolist()) for epoch in range(6000)]
    counts = np.array([orders.count(order) for order in set(orders)])
    assert len(counts) == 6
    assert ((counts - 1000) ** 2 / 1000).sum() < 20.5  # chi-squared with 5 degrees of freedom, 0.1 %
