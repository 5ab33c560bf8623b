"""Makes learners, new ones and such as have gone through a change."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from dlterm.training.changes import Become, Begin, Edit
from dlterm.training.learner import Learner, data_of
from dlterm.training.surgery import NOTHING

if TYPE_CHECKING:
    from dlterm.data.dataset import Dataset
    from dlterm.engine.workers import Progress
    from dlterm.training.changes import Change
    from dlterm.training.recipe import Recipe
    from dlterm.training.surgery import Surgery

_LIVE = ("lr", "momentum", "l1", "l2")  # numbers in memory: a change of them builds no learner


class Maker:
    """Makes learners, and remembers data sets: a file that is read again may have changed.

    `limit` is in bytes; beyond it the sets that were not used for the longest time are forgotten.
    """

    def __init__(self, limit: int, progress: Progress | None = None) -> None:
        self._limit = limit
        self._progress = progress
        self._known: OrderedDict[tuple[object, ...], Dataset] = OrderedDict()

    def begin(self, recipe: Recipe, surgery: Surgery = NOTHING) -> Learner:
        """A new learner. Raises DltermError."""
        learner = Learner(recipe, self._known.get(data_of(recipe)), surgery=surgery, progress=self._progress)
        return self._remember(learner)

    def after(self, learner: Learner | None, change: Change) -> Learner:
        """The learner after a change: itself, or one in its place. Raises DltermError, ValueError."""
        match change:
            case Edit(weight, value):
                assert learner is not None
                learner.edit(weight, value)
                return learner
            case Begin(recipe, surgery, moment):
                new = self.stand_in(learner, recipe, surgery) if moment else self.begin(recipe, surgery)
                if moment:
                    new.go_to(moment)
                return new
            case Become(recipe, surgery):
                assert learner is not None
                return self._become(learner, recipe, surgery)

    def stand_in(self, learner: Learner | None, recipe: Recipe, surgery: Surgery) -> Learner:
        """A learner of that recipe and surgery, at whatever moment: the given one, if it can be tuned to it."""
        if learner is None or learner.surgery != surgery or not _is_tuned(learner.recipe, recipe):
            return self.begin(recipe, surgery)
        return _tuned(learner, recipe)

    def _become(self, learner: Learner, recipe: Recipe, surgery: Surgery) -> Learner:
        if not _is_tuned(learner.recipe, recipe):
            learner = learner.changed(recipe, self._known.get(data_of(recipe)), progress=self._progress)
            self._remember(learner)
        elif learner.recipe != recipe:
            learner = _tuned(learner, recipe)
        fitting = surgery.fitting(learner.network)
        return learner if learner.surgery == fitting else learner.operated(fitting, progress=self._progress)

    def _remember(self, learner: Learner) -> Learner:
        key = data_of(learner.recipe)
        self._known[key] = learner.dataset
        self._known.move_to_end(key)
        while len(self._known) > 1 and self.nbytes > self._limit:
            self._known.popitem(last=False)
        return learner

    @property
    def nbytes(self) -> int:
        """The bytes of the data sets beside the one in use."""
        *others, _ = self._known.values()
        return sum(each.inputs.nbytes + each.targets.nbytes for each in others)


def restarts(before: Learner | None, after: Learner) -> bool:
    """Whether a change began the counting of steps anew."""
    return before is None or after.step < before.step


def _is_tuned(one: Recipe, other: Recipe) -> bool:
    return one.with_(**{name: getattr(other, name) for name in _LIVE}) == other


def _tuned(learner: Learner, recipe: Recipe) -> Learner:
    learner.tune(**{name: getattr(recipe, name) for name in _LIVE})
    return learner
