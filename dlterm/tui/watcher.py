"""The watcher: a run of another process, for one screen. It knows no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.training.watching import Watching

if TYPE_CHECKING:
    from dlterm.training.recipe import Recipe
    from dlterm.training.run_info import RunInfo
    from dlterm.training.snapshot import Snapshot
    from dlterm.training.watching import Watched

_CLOSING_SECONDS = 0.5


class Watcher:
    """Keeps the newest that is known of a run; while `held`, what was shown last.

    Of what trains in another process nothing can be changed from here: a watcher has no such methods.
    """

    def __init__(self, run: RunInfo, recipe: Recipe) -> None:
        self.run = run
        self.held = False
        self._recipe = recipe
        self._latest: Watched | None = None
        self._shown: Watched | None = None
        self._inspected: tuple[bool, int | None] = (False, None)
        self._watching = Watching(run.path, recipe, self._take)

    @property
    def watched(self) -> Watched | None:
        """What is to be shown; None before the run was looked at."""
        if not self.held or self._shown is None:
            self._shown = self._latest
        return self._shown

    @property
    def newest(self) -> Snapshot | None:
        """The snapshot that is to be shown."""
        watched = self.watched
        return watched.snapshot if watched else None

    @property
    def recipe(self) -> Recipe:
        """What is trained; a run that goes on may have another than before."""
        newest = self.newest
        return newest.recipe if newest else self._recipe

    def start(self) -> None:
        """Look at the run from now on."""
        self._watching.start()

    def look(self, width: int, height: int) -> None:
        """Set how fine the next fields are, in pixels."""
        self._watching.look(width, height)

    def inspect(self, on: bool, example: int | None) -> None:
        """Have the next snapshots seen through the lens, with one example by its number, or no more."""
        if (on, example) != self._inspected:
            self._inspected = on, example
            self._watching.inspect(on, example)

    def rest(self, *, resting: bool) -> None:
        """Look no more for as long as nobody does."""
        self._watching.rest(resting=resting)

    def close(self) -> None:
        """Look no more."""
        self._watching.close(timeout=_CLOSING_SECONDS)

    def _take(self, watched: Watched) -> None:
        self._latest = watched  # on the watching thread: one assignment
