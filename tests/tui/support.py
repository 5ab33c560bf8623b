"""A session that trains nothing, a snapshot that is always the same, and an app that shows it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from dlterm.training.changes import Begin
from dlterm.training.portrait import Portraitist
from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.snapshot import Curves, Metrics, Points, Snapshot
from dlterm.tui.app import DltermApp
from dlterm.tui.opening import Opening
from dlterm.tui.widgets.footer import Footer
from dlterm.tui.widgets.pane import Pane

MAP = 16


def snapshot(recipe=None, *, number=1, status="running", message="", pixels=48):
    """What a session would tell of a network that has learned a disc a little."""
    recipe = recipe or Recipe()
    random = np.random.default_rng(7)
    sizes = (2, *recipe.hidden, 1)
    weights = tuple(
        random.normal(size=(after, before)).astype(np.float32) for before, after in pairwise(sizes)
    )
    inputs = random.uniform(-5, 5, (120, 2)).astype(np.float32)
    epochs = np.arange(1.0, 61.0)
    train = 0.7 * np.exp(-epochs / 25) + 0.05
    return Snapshot(
        number,
        recipe,
        status,
        message,
        classes=("0", "1"),
        features=("x1", "x2"),
        axes=("x1", "x2"),
        step=60 * 38,
        epoch=60,
        epochs=60.0,
        steps_per_epoch=38,
        at=60 * 38,
        latest=60 * 38,
        branch="run 1",
        examples_per_second=22_000.0,
        parameters=sum(matrix.size + len(matrix) for matrix in weights),
        metrics=Metrics(float(train[-1]), float(train[-1]) + 0.04, 0.934, 0.904),
        curves=Curves(epochs, train, train + 0.04, 1 - train, 0.96 - train),
        points=Points(inputs, (np.hypot(*inputs.T) < 3).astype(np.float32), np.arange(len(inputs)) % 4 == 0),
        domain=(-5.4, 5.4, -5.4, 5.4),
        field=_disc(pixels)[None],
        maps=tuple(
            np.stack([_wave(layer, unit) for unit in range(size)]) for layer, size in enumerate(sizes)
        ),
        weights=weights,
        biases=tuple(random.normal(size=size).astype(np.float32) for size in sizes[1:]),
    )


def seen(recipe, *, steps=300, example=None):
    """What a session tells of a network that it has trained so far and looks at through the lens."""
    run, portraitist = Run(), Portraitist((24, 24))
    run.do(Begin(recipe))
    run.advance(steps)
    portraitist.inspect(True, example)
    return Snapshot(1, recipe, "paused", "", **portraitist.draw(run, moving=False))


class FakeSession:
    """Notes what it is told, and publishes what it is given."""

    def __init__(self, recipe, publish):
        self.recipe = recipe
        self.publish = publish
        self.told = []

    def start(self):
        self.told.append(("start",))
        self.publish(snapshot(self.recipe))

    def stand(self, take):
        self.told.append(("stand",))
        take(None)

    def __getattr__(self, name):
        def told(*values, on=None, **_):
            self.told.append((name, *values) if on is None else (name, *values, on))

        return told


class Lab:
    """The app with a fake session, and short ways to ask it."""

    def __init__(self, recipe=None, *, start="lab", then=None, preferences=None):
        self.sessions = []
        self.app = DltermApp(Opening(start, recipe, then=then), self._make, preferences=preferences)

    def _make(self, recipe, publish):
        self.sessions.append(FakeSession(recipe, publish))
        return self.sessions[-1]

    @property
    def session(self):
        return self.sessions[-1]

    @property
    def told(self):
        """Commands to the session, without those of its start."""
        return [command for command in self.session.told if command[0] not in ("start", "look")][2:]

    @property
    def screen(self):
        return self.app.screen

    def publish(self, **fields):
        newest = self.screen.player.newest
        self.session.publish(replace(newest, number=newest.number + 1, **fields))

    def show(self, snapshot):
        """Publish a snapshot of other things than the one before."""
        self.session.publish(replace(snapshot, number=self.screen.player.newest.number + 1))

    @property
    def text(self):
        """All that is on the screen."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()
        )


async def settled(pilot, *, drawn=True):
    """Wait until pictures are there, and drawn where there is anything to draw."""
    for _ in range(200):
        await pilot.pause(0.02)
        screen = pilot.app.screen
        panes = [pane for pane in screen.query(Pane) if pane.region.overlaps(screen.region)]
        empty = [pane for pane in panes if pane.raster is None or (drawn and pane.raster.frame is None)]
        if not empty:
            break
    assert not empty, f"nothing was ever drawn in {empty}"
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.05)


async def shows(pilot, lab, *words, seconds=10):
    """Wait until all of these words are on the screen: drawn figures, for one, are found out on a thread."""
    for _ in range(int(seconds / 0.02)):
        missing = [each for each in words if each not in lab.text]
        if not missing:
            return
        await pilot.pause(0.02)
    raise AssertionError(f"{missing} did not come:\n{lab.text}")


def footer(app):
    """What the line at the bottom says."""
    return app.screen.query_one(Footer).render().plain


async def click_key(pilot, action):
    """Click an action's key in that line."""
    shown = pilot.app.screen.query_one(Footer)
    columns = {key.id: column for column, key in shown.shown}
    await pilot.click(shown, offset=(columns[action], 0))
    await pilot.pause(0.1)


def _disc(pixels):
    y, x = np.mgrid[5.4 : -5.4 : pixels * 1j, -5.4 : 5.4 : pixels * 1j]
    return np.tanh((3.2 - np.hypot(x, 0.9 * y)) * 0.8).astype(np.float32)


def _wave(layer, unit):
    y, x = np.mgrid[1 : -1 : MAP * 1j, -1 : 1 : MAP * 1j]
    angle = 0.7 * unit + 0.3 * layer
    return np.tanh(2 * (np.cos(angle) * x + np.sin(angle) * y)).astype(np.float32)
