"""The player: what is trained, how fast, and whether, for one screen. It knows no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.training.pace import PACES
from dlterm.training.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.training.pace import Pace
    from dlterm.training.recipe import Recipe
    from dlterm.training.session import Publish
    from dlterm.training.snapshot import Snapshot

    MakeSession = Callable[[Recipe, Publish], Session]

_FIRST_PACE = 4  # slow enough to see it learn
_CLOSING_SECONDS = 0.5  # a chunk of training takes 8 ms
_SEEDS = 2**32
_STOPPED = {"diverged", "failed"}


class Player:
    """Sends a session commands and keeps its newest snapshot; `recipe` is the one source of the settings.

    `playing` is the user's wish: training that has stopped by itself goes on with it after a reset or a change.
    """

    def __init__(self, recipe: Recipe, make_session: MakeSession = Session) -> None:
        self.recipe = recipe
        self.newest: Snapshot | None = None
        self.playing = True
        self._pace = _FIRST_PACE
        self._inspected: tuple[bool, int | None] = (False, None)
        self._session = make_session(recipe, self._publish)

    @property
    def pace(self) -> Pace:
        """How fast it trains."""
        return PACES[self._pace]

    @property
    def status(self) -> str:
        """What the session does, as in `Snapshot.status`."""
        return self.newest.status if self.newest else "loading"

    def start(self) -> None:
        """Load the data, and play."""
        self._session.start()
        self._session.pace(self.pace)
        self._session.play()

    def toggle(self) -> None:
        """Train, or pause."""
        self.playing = not self.playing
        (self._session.play if self.playing else self._session.pause)()

    def rest(self, *, resting: bool) -> None:
        """Stop for as long as nobody looks, and go on then; the user's wish stays."""
        (self._session.pause if resting else self._session.play)()

    def step(self) -> None:
        """Take one step, and pause."""
        self.playing = False
        self._session.step()

    def epoch(self) -> None:
        """Train to the end of the epoch, and pause."""
        self.playing = False
        self._session.epoch()

    def faster(self, by: int) -> None:
        """Train at a faster pace (+1), or a slower one (-1)."""
        self._pace = min(max(self._pace + by, 0), len(PACES) - 1)
        self._session.pace(self.pace)

    def reset(self) -> None:
        """Begin again from the same first weights; what failed is tried again."""
        if self.status == "failed":
            self._session.change(self.recipe)
        else:
            self._session.reset()
        self._play_on()

    def reseed(self) -> None:
        """Begin again with the next seed: another sample, order and first weights."""
        self.recipe = self.recipe.with_(seed=(self.recipe.seed + 1) % _SEEDS)
        self._session.reset(self.recipe.seed)
        self._play_on()

    def change(self, recipe: Recipe) -> None:
        """Go on with another recipe; what fits of the network is kept."""
        if recipe != self.recipe:
            self.recipe = recipe
            self._session.change(recipe)
            if self.status in _STOPPED:
                self._play_on()

    def look(self, width: int, height: int) -> None:
        """Set how fine the next fields are, in pixels."""
        self._session.look(width, height)

    def inspect(self, on: bool, example: int | None) -> None:
        """Have the next snapshots seen through the lens, with one example by its number, or no more."""
        if (on, example) != self._inspected:
            self._inspected = on, example
            self._session.inspect(on, example)

    def close(self) -> None:
        """End the session; one that is still compiling ends with the process."""
        self._session.close(timeout=_CLOSING_SECONDS)

    def _play_on(self) -> None:
        if self.playing:
            self._session.play()

    def _publish(self, snapshot: Snapshot) -> None:
        self.newest = (
            snapshot  # on the session's thread: one assignment, and the screen reads it when it draws
        )
