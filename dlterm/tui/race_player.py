"""The race's player: who races, how fast, and whether, on a thread of its own. It knows no Textual."""

from __future__ import annotations

import queue
import threading
import time
from math import inf
from typing import TYPE_CHECKING

from dlterm.errors import DltermError
from dlterm.training.contestants import contestants
from dlterm.training.pace import PACES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.training.pace import Pace
    from dlterm.training.race import Race, RaceSnapshot
    from dlterm.training.recipe import Recipe

    Command = Callable[[], None]

_PACES = tuple(pace for pace in PACES if not pace.steps)  # steps differ between contestants, epochs do not
_FIRST_PACE = 2
_FRAME_SECONDS = 1 / 24
_LOOK_AGAIN = 0.1  # seconds, while a classic model is trained or drawn
_CLOSING_SECONDS = 0.5
_SEEDS = 2**32


class RacePlayer:
    """Runs one race after another, and keeps the newest snapshot.

    Every method returns at once. `lines` say who races, as `contestants` takes them, and `base` what they differ from.
    Where others are refused, the race that there is goes on, `lines` and `base` are its again, and `refusal` says why.
    """

    def __init__(self, base: Recipe, lines: Sequence[str]) -> None:
        self.base, self.lines = base, tuple(lines)
        self.newest: RaceSnapshot | None = None
        self.status = (
            "loading"  # "compiling" | "running" | "paused" | "over" (nothing left to train) | "failed"
        )
        self.message = ""  # one line: how far compiling is, or what failed
        self.refusal = ""  # one line, for the screen to take
        self.playing = True
        self._pace = _FIRST_PACE
        self._size = 48, 48
        self._due = 0.0  # when the next frame is
        self._race: Race | None = None
        self._running = base, self.lines  # what is raced now
        self._closing = False
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="dlterm-race-player", daemon=True)

    # --- for the screen -----------------------------------------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """How fast the networks are trained."""
        return _PACES[self._pace]

    def start(self) -> None:
        """Load the data, and race."""
        self._thread.start()
        self.run(self.lines)

    def run(self, lines: Sequence[str]) -> None:
        """Begin a race between others."""
        self._begin(self.base, tuple(lines))

    def reset(self) -> None:
        """Begin the same race again."""
        self._begin(self.base, self.lines)

    def reseed(self) -> None:
        """Begin again with the next seed, for all the same: another sample, order and first weights."""
        self._begin(self.base.with_(seed=(self.base.seed + 1) % _SEEDS), self.lines)

    def toggle(self) -> None:
        """Race, or pause."""
        self.playing = not self.playing
        self._commands.put(lambda: None)

    def faster(self, by: int) -> None:
        """Train at a faster pace (+1), or a slower one (-1)."""
        self._pace = min(max(self._pace + by, 0), len(_PACES) - 1)

    def look(self, width: int, height: int) -> None:
        """Set how fine the next fields are, in pixels."""
        if (width, height) != self._size and width and height:
            self._size = width, height
            self._commands.put(lambda: self._look(width, height))

    def close(self) -> None:
        """End the thread; a classic model that is being trained ends with the process."""
        self._closing = True
        self._commands.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(_CLOSING_SECONDS)

    def _begin(self, base: Recipe, lines: tuple[str, ...]) -> None:
        self.base, self.lines = base, lines
        self._commands.put(lambda: self._build(base, lines))

    # --- on the thread ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._closing:
            try:
                self._carry_out_commands()
                if self._race is not None and not self._closing:
                    self._race_one_frame(self._race)
            except Exception as error:  # a bug: tell the screen rather than freeze it; another race may do
                self._leave()
                self._race = None
                self.status, self.message = "failed", f"{type(error).__name__}: {error}"
                told = type(error), error, error.__traceback__, threading.current_thread()
                threading.excepthook(threading.ExceptHookArgs(told))
        self._leave()

    def _carry_out_commands(self) -> None:
        """All that come until the next frame is due; where nothing is to be shown, until one comes."""
        try:
            wait = self._wait()
            while not self._closing:
                command = self._commands.get(timeout=wait) if wait else self._commands.get(block=wait is None)
                command()
                wait = 0.0
        except queue.Empty:
            pass

    def _wait(self) -> float | None:
        """Seconds until something is to be done without being asked; None for ever."""
        race = self._race
        if race is None:
            return None
        if self.playing and race.training:
            return max(0.0, self._due - time.perf_counter())
        unfinished = self.newest is None or any(
            standing.model != "network" and standing.field is None and standing.status != "failed"
            for standing in self.newest.standings
        )
        return _LOOK_AGAIN if unfinished else None

    def _race_one_frame(self, race: Race) -> None:
        self._due = time.perf_counter() + _FRAME_SECONDS
        if self.playing and race.training:
            pace = self.pace.epochs
            race.advance(_FRAME_SECONDS, race.epochs + pace * _FRAME_SECONDS if pace else inf)
        self.newest = race.snapshot()
        self.status = "over" if not race.training else "running" if self.playing else "paused"

    def _build(self, base: Recipe, lines: tuple[str, ...]) -> None:
        """Put a new race in the place of the present one, if it can be had."""
        from dlterm.training.race import Race

        if (self.base, self.lines) != (base, lines):
            return  # another was asked for meanwhile
        self.status = "loading"
        try:
            race = Race(contestants(base, lines), field_size=self._size, progress=self._compiling)
        except DltermError as error:
            self._refuse(error)
            return
        self._leave()
        self._race, self._running, self.message = race, (base, lines), ""
        self._due = 0.0

    def _refuse(self, error: DltermError) -> None:
        said = error.message + (f" ({error.hint})" if error.hint else "")
        if self._race is None:
            self.status, self.message = "failed", said
        else:
            self.refusal, self.message = said, ""
            self.base, self.lines = self._running

    def _leave(self) -> None:
        if self._race is not None:
            self._race.close(timeout=0)

    def _look(self, width: int, height: int) -> None:
        if self._race is not None:
            self._race.look(width, height)

    def _compiling(self, done: int, total: int, what: str) -> None:
        self.status = "compiling"
        self.message = f"compiling kernel {min(done + 1, total)} of {total} (first time only) {what}"
