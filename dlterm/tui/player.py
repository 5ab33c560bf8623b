"""The player: what is trained, how fast, and whether, for one screen. It knows no Textual."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING

from dlterm.training.pace import PACES
from dlterm.training.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.training.keeping import Standing
    from dlterm.training.pace import Pace
    from dlterm.training.recipe import Recipe
    from dlterm.training.session import Publish
    from dlterm.training.snapshot import Snapshot, Wish

    MakeSession = Callable[[Recipe, Publish], Session]

_FIRST_PACE = 4  # slow enough to see it learn
_CLOSING_SECONDS = 0.5  # a chunk of training takes 8 ms
_SEEDS = 2**32
_STOPPED = {"diverged", "failed"}


class Player:
    """Sends a session commands and keeps its newest snapshot; `recipe` is the one source of the settings.

    `playing` is the user's wish: training that has stopped by itself goes on with it after a reset or a change. Where
    the session has travelled, something was undone, or the recipe was refused, it is that of the snapshot: see
    `follow`. Surgery needs no more than the `session`.
    """

    def __init__(self, recipe: Recipe, make_session: MakeSession = Session, *, playing: bool = True) -> None:
        self.recipe = recipe
        self.newest: Snapshot | None = None
        self.playing = playing
        self._pace = _FIRST_PACE
        self._inspected: tuple[bool, int | None] = (False, None)
        self._surveyed: Wish | None = None
        self._aim: int | None = None
        self._following = self._resting = False
        self.session = make_session(recipe, self._publish)

    @property
    def pace(self) -> Pace:
        """How fast it trains."""
        return PACES[self._pace]

    @property
    def status(self) -> str:
        """What the session does, as in `Snapshot.status`."""
        return self.newest.status if self.newest else "loading"

    @property
    def aim(self) -> int | None:
        """The step that was asked for last, until the session is there and trains on."""
        return self._aim

    def start(self) -> None:
        """Load the data, and play, unless it is to pause or rest."""
        self.session.start()
        self.session.pace(self.pace)
        if self.playing and not self._resting:
            self.session.play()

    def toggle(self) -> None:
        """Train, or pause."""
        self.playing, self._aim = not self.playing, None
        (self.session.play if self.playing else self.session.pause)()

    def rest(self, *, resting: bool) -> None:
        """Stop for as long as nobody looks, and go on then; the user's wish stays."""
        self._resting = resting
        (self.session.pause if resting else self.session.play)()

    def step(self) -> None:
        """Take one step, and pause."""
        self.playing, self._aim = False, None
        self.session.step()

    def epoch(self) -> None:
        """Train to the end of the epoch, and pause."""
        self.playing, self._aim = False, None
        self.session.epoch()

    def faster(self, by: int) -> None:
        """Train at a faster pace (+1), or a slower one (-1)."""
        self._pace = min(max(self._pace + by, 0), len(PACES) - 1)
        self.session.pace(self.pace)

    def reset(self) -> None:
        """Begin again from the same first weights; what failed is tried again."""
        if self.status == "failed":
            self.begin(self.recipe)
            return
        self._aim = None
        self.session.reset()
        self._play_on()

    def begin(self, recipe: Recipe) -> None:
        """Begin again with another recipe, from first weights of its own."""
        self.recipe = recipe
        self._aim, self._following = None, False
        self.session.begin(recipe)
        if (
            self.status in _STOPPED
        ):  # else it trains on by itself; and to play is to have read what was refused
            self._play_on()

    def reseed(self) -> None:
        """Begin again with the next seed: another sample, order and first weights."""
        self.recipe = self.recipe.with_(seed=(self.recipe.seed + 1) % _SEEDS)
        self._aim, self._following = None, False
        self.session.reset(self.recipe.seed)
        self._play_on()

    def change(self, recipe: Recipe) -> None:
        """Go on with another recipe; what fits of the network is kept."""
        if recipe != self.recipe:
            self.recipe = recipe
            self._aim, self._following = None, False
            self.session.change(recipe)
            if self.status in _STOPPED:
                self._play_on()

    # --- the past -------------------------------------------------------------------------------------------------

    def seek(self, at: int) -> None:
        """Go to the moment after so many steps, or to the nearest there is, and pause."""
        if self.newest is not None:
            self._aim = min(max(at, self.newest.earliest), self.newest.latest)
            self._travel()
            self.session.seek(self._aim)

    def seek_epoch(self, by: int) -> None:
        """Go back to the last beginning of an epoch (-1), or on to the next (+1), and pause."""
        self._aim = None
        self._travel()
        self.session.seek_epoch(by)

    def seek_end(self) -> None:
        """Go to the newest moment, and pause."""
        self._aim = None
        self._travel()
        self.session.seek_end()

    def other_branch(self) -> str:
        """Go to the newest moment of the branch that was left first, and pause; its name, "" where there is none."""
        others = self.newest.other_curves if self.newest else ()
        if not others:
            return ""
        self._aim = None
        self._travel()
        self.session.return_to(others[0].name)
        return others[0].name

    def undo(self) -> bool:
        """Take back the last change; whether there is one, as far as is known: the last may not be made yet."""
        newest = self.newest
        waits = newest is not None and newest.recipe != self.recipe
        return self._go_back(self.session.undo, newest.undoable + waits if newest else 0)

    def redo(self) -> bool:
        """Make the change that was taken back once more; whether there is one."""
        return self._go_back(self.session.redo, self.newest.redoable if self.newest else 0)

    def follow(self) -> bool:
        """Have the recipe be that of the moment which was gone to; whether it is another now."""
        if not self._following or self.newest is None or self.newest.recipe == self.recipe:
            return False
        self.recipe = self.newest.recipe
        return True

    def _travel(self) -> None:
        self.playing, self._following = False, True

    def _go_back(self, how: Callable[[], None], changes: int) -> bool:
        if changes:
            self._aim, self._following = None, True
            how()
        return changes > 0

    # --- the rest -------------------------------------------------------------------------------------------------

    def look(self, width: int, height: int) -> None:
        """Set how fine the next fields are, in pixels."""
        self.session.look(width, height)

    def inspect(self, on: bool, example: int | None) -> None:
        """Have the next snapshots seen through the lens, with one example by its number, or no more."""
        if (on, example) != self._inspected:
            self._inspected = on, example
            self.session.inspect(on, example)

    def survey(self, wish: Wish | None) -> None:
        """Have the next snapshots show the landscape over a plane, or no more."""
        if wish != self._surveyed:
            self._surveyed = wish
            self.session.survey(wish)

    async def stand(self) -> Standing | None:
        """The run as it stands, for another thread; None where there is none."""
        found: Future[Standing | None] = Future()
        self.session.stand(lambda standing: _answer(found, standing))
        return await asyncio.wrap_future(found)

    def close(self) -> None:
        """End the session; one that is still compiling ends with the process."""
        self.session.close(timeout=_CLOSING_SECONDS)

    def _play_on(self) -> None:
        if self.playing:
            self.session.play()

    def _publish(self, snapshot: Snapshot) -> None:
        """On the session's thread: each is one assignment, and the screen reads it when it draws."""
        if snapshot.refused is not None and snapshot.refused == self.recipe:
            self._following = True
        self.newest = snapshot


def _answer(found: Future[Standing | None], standing: Standing | None) -> None:
    """Answer on the session's thread, unless nobody waits any more."""
    if found.set_running_or_notify_cancel():
        found.set_result(standing)
