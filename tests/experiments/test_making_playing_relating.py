"""What the experiments on making and relating compute themselves: messages, layouts, clouds that are covered."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.data.karate_club import FRIENDSHIPS, JOINED, LEADERS, MEMBERS, adjacency
from dlterm.experiments.catalogue import gan, graph
from dlterm.experiments.driving import run


def test_the_club_is_zacharys():
    assert len(FRIENDSHIPS) == len({frozenset(pair) for pair in FRIENDSHIPS.tolist()}) == 78
    friends = adjacency()
    assert (friends == friends.T).all()
    degrees = friends.sum(0).astype(int).tolist()
    assert degrees == [
        16,
        9,
        10,
        6,
        3,
        4,
        4,
        4,
        5,
        2,
        3,
        1,
        2,
        5,
        2,
        2,
        2,
        2,
        2,
        3,
        2,
        2,
        2,
        5,
        3,
        3,
        2,
        4,
        3,
        4,
        4,
        6,
        12,
        17,
    ]
    assert np.bincount(JOINED).tolist() == [17, 17]
    assert [JOINED[leader - 1] for leader in LEADERS] == [0, 1]


def test_what_everybody_says_alike_a_round_of_messages_leaves_where_all_have_as_many_friends():
    ring = np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0)
    weights = graph.messages(ring)
    np.testing.assert_allclose(weights @ np.ones(6), 1)
    assert (weights > 0).tolist() == (ring + np.eye(6) > 0).tolist()


def test_friendships_are_counted_along_the_shortest_way():
    chain = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)
    np.testing.assert_array_equal(graph.distances(chain), np.abs(np.subtract.outer(range(4), range(4))))


def test_the_layout_sets_members_as_far_apart_as_their_friendships_and_parts_the_leaders():
    places, apart = graph.layout(adjacency()), graph.distances(adjacency())
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
    others = ~np.eye(MEMBERS, dtype=bool)
    assert np.corrcoef(gaps[others], apart[others])[0, 1] > 0.85
    assert places[LEADERS[0] - 1, 0] < places[LEADERS[1] - 1, 0]


def test_one_round_of_messages_reaches_fewer_than_three():
    assert run(graph.GraphNetwork(rounds=0)).measures["right"] == run(graph.GraphNetwork()).measures["alone"]
    near = run(graph.GraphNetwork(rounds=1)).measures["right"]
    assert (
        run(graph.GraphNetwork(rounds=0)).measures["right"]
        < near
        < run(graph.GraphNetwork()).measures["right"]
    )


def test_a_cloud_counts_as_covered_from_a_fifth_of_its_share_on():
    samples = np.repeat(gan.centres()[:2], [970, 30], axis=0).astype(np.float32)
    assert gan.covered(samples) == 2
    assert gan.covered(samples[:980]) == 1
    assert gan.near(samples) == pytest.approx(1)
    assert gan.near(3 * samples) == 0


def test_the_ring_lies_in_its_eight_clouds():
    data = gan.ring(4000, seed=3)
    assert gan.covered(data) == gan.CLOUDS
    assert gan.near(data) == pytest.approx(1 - np.exp(-4.5), abs=0.01)
    np.testing.assert_array_equal(data, gan.ring(4000, seed=3))


def test_the_detective_believes_what_lies_in_the_clouds_rather_than_in_their_middle():
    game = gan.Game(gan.ring(1024, 0), noise=4, seed=0)
    game.advance(300, forger=0.0, detective=0.003)
    _, verdict = game.look()
    middle = verdict[20:28, 20:28].mean()
    row, column = 24, round((1 + gan.EDGE) / (2 * gan.EDGE) * 48)  # of the cloud at the right
    assert verdict[row - 1 : row + 1, column - 1 : column + 1].mean() > middle + 0.2
