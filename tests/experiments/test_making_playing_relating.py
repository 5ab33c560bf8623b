"""What the experiments on making and relating compute themselves: messages, layouts, clouds that are covered."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.data.karate_club import FRIENDSHIPS, JOINED, LEADERS, MEMBERS, adjacency
from dlterm.experiments.catalogue import gan, graph, vae
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


def test_what_is_told_goes_one_friendship_further_each_round():
    told = LEADERS[0] - 1, LEADERS[1] - 1
    apart = graph.distances(adjacency())[list(told)]
    for rounds, heard in enumerate(graph.spread(told, 3)):
        assert np.abs(heard).max() == 1
        assert (heard[(apart > rounds).all(0)] == 0).all()
        assert (heard[(apart[0] <= rounds) & (apart[1] > rounds)] < 0).all(), "blue, as the first one's side"


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
    half = len(verdict) // 2
    right = half + round(half / gan.EDGE)  # the column of the cloud at the right
    middle = verdict[half - 4 : half + 4, half - 4 : half + 4]
    assert verdict[half - 1 : half + 1, right - 1 : right + 1].mean() > middle.mean() + 0.2


def test_pixels_that_are_black_or_white_have_no_entropy_and_grey_ones_a_bit_each():
    assert vae.entropy(np.array([[[0, 1], [1, 0]]], np.float32)) == pytest.approx(0, abs=1e-9)
    assert vae.entropy(np.full((3, 2, 2), 0.5, np.float32)) == pytest.approx(4 * np.log(2))


@pytest.fixture(scope="module")
def coder():
    """An autoencoder of bars, two of which are told apart by their places alone."""
    images = np.zeros((480, vae.SIDE, vae.SIDE), np.float32)
    images[::2, :, :4], images[1::2, :, 4:] = 1, 1
    made = vae.Autoencoder(images.reshape(480, -1), np.arange(480) % 2, units=16, seed=0)
    made.untrained = made.costs()
    made.advance(300, 0.005)
    return made


def test_an_autoencoder_learns_what_there_is_to_draw_and_pays_for_what_it_tells(coder):
    drawing, told = coder.costs()
    assert drawing < 0.1 * coder.untrained[0]
    assert told > 0.9 * np.log(2)


def test_the_map_has_every_place_where_it_is_drawn(coder):
    picture = vae.mosaic(coder)
    assert picture.shape == (vae.DOWN * (vae.SIDE + 1) - 1, vae.ACROSS * vae.SIDE)
    top_left, bottom_right = coder.draw(np.array([[-vae.EDGE, vae.EDGE], [vae.EDGE, -vae.EDGE]], np.float32))
    np.testing.assert_allclose(picture[: vae.SIDE, : vae.SIDE], top_left, rtol=1e-6)
    np.testing.assert_allclose(picture[-vae.SIDE :, -vae.SIDE :], bottom_right, rtol=1e-6)


def test_new_images_lie_apart_by_what_they_are(coder):
    one, other, *none = coder.places()
    assert len(one.x) == len(other.x)
    assert not any(len(series.x) for series in none)
    middles = [np.array([series.x.mean(), series.y.mean()]) for series in (one, other)]
    assert np.linalg.norm(middles[0] - middles[1]) > 1


def test_one_walks_on_the_map_after_the_run():
    experiment = vae.Vae(epochs=5, units=8)
    run(experiment)
    before = experiment.explore()["here"].images[0]
    experiment.tune(across=2.0, up=-1.0)
    assert np.abs(experiment.explore()["here"].images[0] - before).max() > 0.05
