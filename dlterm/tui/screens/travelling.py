"""The lab's way through its past: the scrubber, branches, undo and redo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import getters

from dlterm.tui import past
from dlterm.tui.screens.titled import Titled
from dlterm.tui.widgets.scrubber import Scrubber

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.player import Player

_UNDONE_SNAPSHOTS = 30  # in which what was asked to be undone must have been
_LOOK_SECONDS, _LOOKS = 0.004, 5  # between looks for an answer, and how many


class Travelling(Titled):
    """What the lab does with moments, as `dlterm.tui.actions` lists it."""

    player: Player
    scrubber = getters.query_one(Scrubber)

    _undone: tuple[str, Snapshot] | None = None  # what was asked for, and how it was before

    def draw(self) -> None:
        """Draw the newest snapshot."""
        raise NotImplementedError

    def show_past(self, snapshot: Snapshot) -> None:
        """Show where a snapshot is; say what was undone once it is."""
        self.scrubber.show(snapshot, self.player.aim)
        if self._undone is None:
            return
        title, before = self._undone
        if _changes(before) != _changes(snapshot):
            self._undone = None
            self._say(past.difference(before, snapshot), title)
        elif snapshot.number > before.number + _UNDONE_SNAPSHOTS:
            self._undone = None

    def forget_undone(self) -> None:
        """Say no more of what was undone: something else was changed."""
        self._undone = None

    def on_scrubber_sought(self, message: Scrubber.Sought) -> None:
        """Go to a moment."""
        self._seek(message.at)

    def _seek(self, at: int) -> None:
        self._travel(partial(self.player.seek, at))

    def _travel(self, how: Callable[[], None]) -> None:
        before = self.player.newest
        how()
        self._draw_soon(before)

    def _draw_soon(self, before: Snapshot | None, times: int = _LOOKS) -> None:
        """Draw the answer as it comes, which is mostly within 10 ms, rather than when the next picture is due."""
        if self.player.newest is not before:
            self.draw()
        elif times:
            self.set_timer(_LOOK_SECONDS, partial(self._draw_soon, before, times - 1))

    def action_epoch_back(self) -> None:
        """Back to the beginning of the epoch, or to the one before."""
        self._travel(partial(self.player.seek_epoch, -1))

    def action_epoch_on(self) -> None:
        """On to the next epoch that has been trained."""
        self._travel(partial(self.player.seek_epoch, 1))

    def action_beginning(self) -> None:
        """To the first moment that there is."""
        newest = self.player.newest
        self._seek(newest.earliest if newest else 0)

    def action_newest(self) -> None:
        """To the last."""
        self._travel(self.player.seek_end)

    def action_other_branch(self) -> None:
        """To the branch that was left first."""
        name = self.player.other_branch()
        if name:
            self._say(f"now on {name}", "branch")
        else:
            self._say("there is no other branch: go back in time, and play from there", "branch")

    def action_undo(self) -> None:
        """Take back the last change."""
        before = self.player.newest
        if not self.player.undo():
            self._say("there is nothing to undo", "undo")
        elif before is not None:
            self._note_undone("undone", before)

    def action_redo(self) -> None:
        """Make it once more."""
        before = self.player.newest
        if not self.player.redo():
            self._say("there is nothing to make again", "redo")
        elif before is not None:
            self._note_undone("made again", before)

    def _note_undone(self, title: str, before: Snapshot) -> None:
        """Say it once it is; there and back before anything was seen is nothing."""
        if self._undone is None:
            self._undone = title, before
        elif self._undone[0] != title:
            self._undone = None

    def _say(self, text: str, title: str) -> None:
        self.tell(text, title, seconds=3)


def _changes(snapshot: Snapshot) -> tuple[int, int]:
    return snapshot.undoable, snapshot.redoable
