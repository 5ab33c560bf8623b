"""The landscape around a run, surveyed beside its training: the loss over a plane, and the way that was walked on it.

An `Outlook` belongs to the thread that trains. There it hands out copies (a learner that is `apart`, and moments, which
nobody changes); all that takes time is done by a `Surveyor`, on a thread of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dlterm.training.landscape import EXAMPLES, Surveyor, survey
from dlterm.training.snapshot import Landscape, Wish
from dlterm.training.weight_plane import flat, principal_plane, random_plane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlterm.training.learner import Learner, Moment
    from dlterm.training.line import Place
    from dlterm.training.run import Run

_MOST, _FEWEST = 100, 8  # moments of a path
_PATH_BYTES = 8_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Survey:
    """What is surveyed: from which moment, and what for."""

    wish: Wish
    learner: Learner  # the run's own, to be known again; the surveyor has another
    line: str
    place: Place

    def is_of(self, run: Run, wish: Wish) -> bool:
        """Whether it still says something of a run that may have moved on."""
        return self.learner is run.learner and self.wish == wish

    def is_newest(self, run: Run) -> bool:
        return (self.line, self.place) == (run.line.name, run.place)


class Outlook:
    """Follows a run: as soon as a survey is complete and the run has moved on, the next begins."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """`changed` is called on the surveyor's thread when there is something new to see."""
        self._changed = changed
        self._surveyor: Surveyor[tuple[_Survey, Landscape]] = Surveyor(self._take)
        self._wish: Wish | None = None
        self._survey: _Survey | None = None  # under way, or the last
        self._seen: tuple[_Survey, Landscape] | None = None  # written by the surveyor's thread

    def look(self, wish: Wish | None) -> None:
        """Look over a plane from now on, or no more."""
        self._wish = wish

    def of(self, run: Run) -> Landscape | None:
        """The newest landscape of the run, which stands where it did not when it was surveyed; None before the first.

        One of another plane or of the network before a change is shown until there is a picture of the new one.
        """
        wish, seen = self._wish, self._seen
        if wish is None:
            self._survey = self._seen = None
            return None
        if self._is_due(run, wish):
            self._begin(run, wish)
        weights = flat(run.learner.weights())
        if seen is None or len(seen[1].surface.plane.origin) != len(weights):
            return None
        return replace(seen[1], here=seen[1].surface.plane.project(weights[None])[0])

    def close(self, timeout: float = 2.0) -> None:
        """End the surveyor's thread."""
        self._surveyor.close(timeout)

    def _is_due(self, run: Run, wish: Wish) -> bool:
        under_way, seen = self._survey, self._seen
        if under_way is None or not under_way.is_of(run, wish):
            return True
        is_done = seen is not None and seen[0] is under_way and seen[1].surface.known == 1
        return is_done and not under_way.is_newest(run)

    def _begin(self, run: Run, wish: Wish) -> None:
        self._survey = _Survey(wish, run.learner, run.line.name, run.place)
        moments = _thinned(run.path(), run.learner.parameters)
        self._surveyor.begin(_pictures(self._survey, run.learner.apart(EXAMPLES), moments))

    def _take(self, found: tuple[_Survey, Landscape]) -> None:
        """Keep a picture: a coarse one only where there is none of its kind yet, so that none flickers."""
        survey, landscape = found
        before = self._seen
        is_first = before is None or before[0] is survey or not _alike(before[0], survey)
        if self._survey is survey and (is_first or landscape.surface.known == 1):
            self._seen = found
            self._changed()


def _alike(one: _Survey, other: _Survey) -> bool:
    return one.learner is other.learner and one.wish == other.wish


def _pictures(task: _Survey, apart: Learner, moments: list[Moment]) -> Iterator[tuple[_Survey, Landscape]]:
    """The landscape around a learner, from coarse to fine."""
    weights = apart.weights()
    path = np.stack([*(apart.weights_at(moment) for moment in moments), flat(weights).astype(np.float32)])
    if task.wish.directions == "random":
        plane = random_plane(weights, task.wish.seed)
    else:
        plane = principal_plane(weights, path, task.wish.seed)
    places, shown = plane.project(path), plane.shown(path)
    for surface in survey(apart, plane, plane.domain(places)):
        yield task, Landscape(task.wish, surface, places, places[-1], shown)


def _thinned(moments: list[Moment], parameters: int) -> list[Moment]:
    """Evenly 100 of them at most, or 8 MB."""
    most = min(_MOST, max(_FEWEST, _PATH_BYTES // (4 * parameters)))
    if len(moments) <= most:
        return moments
    return [moments[round(place)] for place in np.linspace(0, len(moments) - 1, most)]
