"""Graph networks: told the sides of two, a network works out the others' from who is whose friend.

Kipf and Welling, "Semi-Supervised Classification with Graph Convolutional Networks", ICLR 2017: in each round every
member takes the mean of what it and its friends say, each divided by the roots of both their numbers of friends. A
member is told apart by its number alone. Member 9 is expected on the other side by all who look at the friendships, as
Zachary did: he stayed with the instructor, three weeks before his test for the black belt.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.data.karate_club import CLUBS, FRIENDSHIPS, JOINED, LEADERS, MEMBERS, adjacency
from dlterm.drawing.views import Graph, HeatMap, Table
from dlterm.engine import ops
from dlterm.engine.graph import constant, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float64]

WIDTHS = MEMBERS, 8, 2, 2  # numbers that a member is: before the first round, and after each
_LOOKS, _UNSURE = 60, 8


class GraphNetwork(Experiment):
    """Two networks that are told two members' sides: one passes messages along friendships, the other does not."""

    id = "graph"
    title = "A network on a network"
    question = (
        "A club of 34 splits. Told its friendships and its two leaders' sides: how many sides come out right?"
    )
    chapter = "Making, playing, relating"
    order = 30
    lesson = "architectures"
    predictions = (
        Prediction("half", "About half: two examples are far too few to learn from"),
        Prediction("near", "About 27: the two leaders, and those who are friends with just one of them"),
        Prediction("most", "32 or more: what is told reaches friends, and the friends of friends"),
        Prediction("never", "It cannot be trained at all: a member is nothing but a number"),
    )
    confirmed = "most"
    claim = "With messages along friendships at least 32 of 34 sides are right, without them at most 26"
    measures = (
        Measure("right", "members whose side is right, of 34", at_least=32),
        Measure("alone", "the same without messages", at_most=26),
        Measure("surest_wrong", "how sure it is of the side of a member it gets wrong, at most", "share"),
    )
    budget = 5.0
    sources = ("zachary1977", "kipf2016")

    rounds = Whole(3, "rounds of messages", low=0, high=3)
    told = Choice(
        "leaders",
        "whose sides are told: the leaders', or one's of each club at random",
        ("leaders", "random"),
    )
    steps = Whole(200, "training steps", low=20, high=2000)
    rate = Number(0.003, "learning rate (Adam)", low=0.001, high=0.2, live=True)

    def run(self, seed: int) -> Run:
        told = self._told(seed)
        passing, alone = Club(told, self.rounds, seed), Club(told, 0, seed)
        track, places, heard = Track(), layout(adjacency()), spread(told, self.rounds)

        def advance(steps: int) -> None:
            passing.advance(steps, self.rate)
            alone.advance(steps, self.rate)

        for done in paced(advance, self.steps, _LOOKS):
            sides = passing.answer()
            step, right, without = passing.cursor.step, _right(sides), _right(alone.answer())
            track.put(step, {"with messages": right, "without": without})
            views = _views(places, sides, told, heard, track)
            yield Moment(views, done, f"step {step}: {right} of {MEMBERS} right", linger=0.05)
        wrong = sides.max(1)[sides.argmax(1) != JOINED]
        return {
            "right": right,
            "alone": without,
            "surest_wrong": float(wrong.max(initial=0)),
        }

    def why(self, measures: Measures) -> str:
        return (
            f"{measures['right']:.0f} of 34 with messages, {measures['alone']:.0f} without, where what is told of two "
            f"members says nothing of the others. Each round carries it one friendship further, and three rounds reach "
            f"nearly everyone: friends tend to choose alike, and where one did not, the network errs."
        )

    def _told(self, seed: int) -> tuple[int, int]:
        """The places of one member of each club."""
        if self.told == "leaders":
            return LEADERS[0] - 1, LEADERS[1] - 1
        rng = np.random.default_rng(seed)
        one, other = (int(rng.choice(np.flatnonzero(club == JOINED))) for club in range(len(CLUBS)))
        return one, other


class Club:
    """A graph network on the club, its members' sides unknown but for two."""

    def __init__(self, told: tuple[int, int], rounds: int, seed: int) -> None:
        x, labels = variable("members", (MEMBERS, MEMBERS)), variable("told", (2,), integer=True)
        friends = constant(messages(adjacency()), "friends")
        chosen = constant(np.eye(MEMBERS)[list(told)], "chosen")
        h = x
        for number, (inputs, outputs) in enumerate(pairwise(WIDTHS), 1):
            h = nn.Linear(inputs, outputs, name=f"round{number}", activation="tanh", seed=seed)(h)
            h = ops.einsum("uv,vf->uf", friends, h) if number <= rounds else h
            h = ops.tanh(h) if number < len(WIDTHS) - 1 else h
        loss = ops.cross_entropy(ops.einsum("sv,vc->sc", chosen, h), labels)
        self._sides = ops.softmax(h)
        self._machine = Machine(
            plan(loss, [self._sides], optimizer="adam", batch=1, prediction_batch=1), seed=seed
        )
        members = np.eye(MEMBERS, dtype=np.float32)[None]
        self._feeds = [Feed(x, members), Feed(labels, JOINED[list(told)][None].astype(np.int64))]
        self.cursor = Cursor()

    def advance(self, steps: int, rate: float) -> None:
        """Train."""
        self._machine.memory.set_hyper(lr=rate)
        self._machine.run("train", self._feeds, self.cursor, steps)

    def answer(self) -> Array:
        """The probabilities of both sides [34, 2]."""
        sides = np.empty((1, MEMBERS, len(CLUBS)), np.float32)
        self._machine.run("predict", self._feeds[:1], Cursor(), 1, fetches=[Fetch(self._sides, sides)])
        return sides[0].astype(np.float64)


def messages(friends: Array) -> Array:
    """How much of each member (columns) reaches each (rows) in a round, itself among its friends."""
    own = friends + np.eye(len(friends))
    roots = np.sqrt(own.sum(0))
    weights: Array = own / np.outer(roots, roots)
    return weights


def layout(friends: Array, rounds: int = 100) -> Array:
    """Places [members, 2] about as far apart as there are friendships between them.

    By stress majorisation: Gansner, Koren and North, "Graph Drawing by Stress Majorization", 2004. It begins with the
    two slowest eigenvectors of the graph, of which the first parts the club.
    """
    apart = distances(friends)
    weights = np.where(apart == 0, 0, 1 / np.maximum(apart, 1) ** 2)
    laplacian = np.diag(weights.sum(0)) - weights
    places: Array = np.linalg.eigh(np.diag(friends.sum(0)) - friends)[1][:, 1:3] * len(friends)
    places *= np.where(places[0] > 0, -1, 1)  # an eigenvector's sign is free: the first member is at the left
    inverse = np.linalg.pinv(laplacian)
    for _ in range(rounds):
        gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
        pulls = -weights * apart / np.maximum(gaps, 1e-9)
        places = inverse @ ((pulls - np.diag(pulls.sum(0))) @ places)
    return places


def distances(friends: Array) -> Array:
    """How many friendships lead from each to each, at the least [members, members]."""
    steps = np.where(friends > 0, 1.0, np.inf)
    np.fill_diagonal(steps, 0)
    for via in range(len(friends)):
        steps = np.minimum(steps, steps[:, via, None] + steps[None, via])
    return steps


def _right(sides: Array) -> int:
    return int((sides.argmax(1) == JOINED).sum())


def spread(told: tuple[int, int], rounds: int) -> Array:
    """How much more, -1 to 1, each member has heard of the second that is told: [rounds + 1, members]."""
    heard = np.eye(MEMBERS)[:, list(told)]
    weights = messages(adjacency())
    rows = []
    for _ in range(rounds + 1):
        lead = heard[:, 1] - heard[:, 0]
        rows.append(lead / np.abs(lead).max())
        heard = weights @ heard
    return np.array(rows)


def _views(places: Array, sides: Array, told: tuple[int, int], heard: Array, track: Track) -> dict[str, View]:
    said = sides.argmax(1)
    wrong = said != JOINED
    labels = tuple(f"{n + 1}?" if wrong[n] else str(n + 1) if n in told else "" for n in range(MEMBERS))
    unsure = np.argsort(sides.max(1), kind="stable")[:_UNSURE]
    rows = tuple((int(n) + 1, CLUBS[said[n]], f"{sides[n].max():.0%}", CLUBS[JOINED[n]]) for n in unsure)
    rounds = ("told", *(f"round {k}" for k in range(1, len(heard))))
    digits = tuple(str(member)[-1] for member in range(1, MEMBERS + 1))  # there is room for the last alone
    return {
        "club": Graph(
            places, FRIENDSHIPS, said, labels, title="friends, and the sides it gives them; ? is wrong"
        ),
        "right": track.curves("step", "members right", title="sides that are right, of 34"),
        "heard": HeatMap(heard, rounds, digits, title="of which of the two each member has heard more"),
        "unsure": Table(("member", "it says", "how sure", "joined"), rows, title="of whom it is least sure"),
    }
