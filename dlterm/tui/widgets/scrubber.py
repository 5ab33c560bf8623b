"""The scrubber: the whole run as one line, with the moment shown on it; a click or a drag goes to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dlterm.tui.past import where

if TYPE_CHECKING:
    from textual import events

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.past import Where

_LEAST_TRACK = 8  # cells; with fewer the words are left out

Part = str | tuple[str, str]


class Scrubber(Widget):
    """One row. What its buttons do are actions of the screen; a place on the track is told as `Sought`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Scrubber {
        height: 1; padding: 0 1; background: $background;
        link-style: none; link-style-hover: bold; link-color: $accent; link-background-hover: $primary 30%;
    }
    """

    class Sought(Message):
        """The moment after so many steps was asked for."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self) -> None:
        super().__init__()
        self._where: Where | None = None  # what is shown
        self._newest: Where | None = None
        self._range = 0, 0
        self._dragged: int | None = None  # the column that was told last

    def show(self, snapshot: Snapshot, aim: int | None) -> None:
        """Show where a snapshot is, or where the reader has asked to go since."""
        self._range = snapshot.earliest, snapshot.latest
        self._newest = where(snapshot, aim)
        self._place()

    def _place(self) -> None:
        """Show the newest place; while the track is held no words come or go, so that it stays under the mouse."""
        place, held = self._newest, self._where
        if self._dragged is not None and place and held:
            place = replace(place, words=held.words, branch=held.branch)
        if place != self._where:
            self._where = place
            self.refresh()

    def render(self) -> Content:
        """Return the row."""
        place = self._where
        if place is None:
            return Content("")
        left, track, right = self._parts(place)
        return Content.assemble(*left, *_track(place, track), *right)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the track."""
        if self._column(event) is not None:
            self.capture_mouse()
            self._seek(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag along the track."""
        if self._dragged is not None:
            self._seek(event)

    def on_mouse_up(self) -> None:
        """Let go."""
        if self._dragged is not None:
            self.release_mouse()

    def on_mouse_release(self) -> None:
        """The track is let go of, also where another screen came over it meanwhile."""
        self._dragged = None
        self._place()

    def _seek(self, event: events.MouseEvent) -> None:
        """Tell which moment is under the mouse; beyond the track's ends, the first or the last."""
        assert self._where is not None
        left, track, _ = self._parts(self._where)
        column = min(max(event.get_content_offset_capture(self).x - _cells(left), 0), track - 1)
        if column != self._dragged:
            self._dragged = column
            first, last = self._range
            self.post_message(self.Sought(first + round((last - first) * column / max(1, track - 1))))

    def _column(self, event: events.MouseEvent) -> int | None:
        """The cell of the track that the mouse is on, if it is."""
        if self._where is None:
            return None
        left, track, _ = self._parts(self._where)
        column = event.get_content_offset_capture(self).x - _cells(left)
        return column if 0 <= column < track else None

    def _parts(self, place: Where) -> tuple[list[Part], int, list[Part]]:
        """What stands left of the track, the track's cells, and what stands right of it."""
        left = [_button("⇤", "beginning"), " ", _button("‹", "epoch_back"), " "]
        right = [" ", _button("›", "epoch_on"), " ", _button("⇥", "newest")]
        words: list[Part] = [f"  {place.words}"] if place.words else []
        words += ["  ", _button(place.branch, "other_branch")] if place.branch else []
        changes: list[Part] = [
            "  ",
            _button("↶", "undo", place.undoable),
            " ",
            _button("↷", "redo", place.redoable),
        ]
        track = self.size.width - _cells([*left, *right, *words, *changes])
        if track < _LEAST_TRACK:
            track, words = max(1, track + _cells(words)), []
        return left, track, [*right, *words, *changes]


def _button(text: str, action: str, on: bool = True) -> Part:
    """A button; one that would do nothing is pale, and none."""
    return text, f"$accent @click=screen.{action}" if on else "$border"


def _track(place: Where, cells: int) -> list[Part]:
    at = round(place.share * (cells - 1))
    knob = "○" if place.on_its_way else "●"
    colour = "$foreground" if place.share == 1 else "$accent"
    return [("━" * at, "$primary"), (knob, f"bold {colour}"), ("─" * (cells - 1 - at), "$border")]


def _cells(parts: list[Part]) -> int:
    return sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts)
