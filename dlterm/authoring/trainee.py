"""A lesson's network, trained without a screen to what the lesson shows of it."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from dlterm.quiz.measuring import MOST_SECONDS
from dlterm.training.changes import Begin
from dlterm.training.learner import DivergedError
from dlterm.training.portrait import Portraitist
from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.snapshot import Snapshot

if TYPE_CHECKING:
    from dlterm.course.figures import Lab


def trained(figure: Lab, size: tuple[int, int]) -> Snapshot:
    """Train a figure's recipe to its end, and look at it, with a field of that width and height in pixels.

    Where the recipe does not say how many epochs, it trains for the seconds for which it does so on a screen.
    """
    recipe = Recipe.parse(figure.recipe)
    endless = recipe.epochs == Recipe().epochs
    deadline = time.monotonic() + (figure.seconds if endless else MOST_SECONDS)
    run, painter = Run(), Portraitist(size)
    run.do(Begin(recipe))
    run.note_metrics(run.learner.evaluate())
    with contextlib.suppress(DivergedError):
        for _ in range(recipe.epochs):
            run.advance(run.learner.steps_per_epoch)
            run.note_metrics(run.learner.evaluate())
            if time.monotonic() > deadline:
                break
    return Snapshot(1, recipe, "paused", "", **painter.draw(run, moving=False))
