"""The knobs of an experiment: up and down choose one, left and right turn it; so do the mouse and its wheel."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dlterm.experiments.knobs import Canvas
from dlterm.text import safe
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.knob_steps import shown, turned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from textual import events
    from textual.binding import BindingType

    from dlterm.experiments.knobs import Knob

_NAMES = 8, 16  # columns of names, the fewest and the most
_VALUES = 6, 14  # of values
_ABOUT = 2  # rows that explain the chosen knob
_LIVE, _LATER = "at once", "next run"


class KnobsPane(Widget, can_focus=True):
    """Lists what can be turned, says what the chosen one is, and posts `Turned` when it is to change."""

    ALLOW_SELECT = False
    PLACE = "knobs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    app = getters.app(DltermApp)

    class Turned(Message):
        """A knob is to stand at a value."""

        def __init__(self, name: str, value: Any) -> None:
            super().__init__()
            self.name, self.value = name, value

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Knobs"
        self._knobs: list[Knob[Any]] = []
        self._values: Mapping[str, Any] = {}
        self._pending: Collection[str] = ()
        self._cursor, self._top = 0, 0
        self._seen: object = None

    def show(
        self, knobs: Mapping[str, Knob[Any]], values: Mapping[str, Any], pending: Collection[str]
    ) -> None:
        """List the knobs at these values, those with a `pending` one marked; a canvas has a pane of its own."""
        self._knobs = [knob for knob in knobs.values() if not isinstance(knob, Canvas)]
        seen = [(knob.name, shown(knob, values[knob.name]), knob.name in pending) for knob in self._knobs]
        if seen != self._seen:
            self._seen, self._values, self._pending = seen, dict(values), set(pending)
            self.border_subtitle = (
                f"{self.app.keys.first('experiment.again')} runs with them" if pending else None
            )
            self.refresh()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._knobs)

    def render(self) -> Content:
        """Return the list, and what the chosen knob is."""
        width, height = self.size
        rows = self._rows
        self._top = min(max(self._top, self._cursor - rows + 1), self._cursor)
        lines = [self._line(number) for number in range(self._top, min(self._top + rows, self.count))]
        about = self._about(width) if self._knobs and height > rows else []
        gap = [Content("")] * (height - len(lines) - len(about))
        return Content("\n").join([*lines, *gap, *about])

    @property
    def _rows(self) -> int:
        """How many knobs are in sight."""
        height = self.size.height
        return max(1, min(self.count, height - _ABOUT) if height > _ABOUT + 1 else height)

    def _columns(self) -> tuple[int, int]:
        """The widths of names and values."""
        longest = max((cell_len(knob.name) for knob in self._knobs), default=0)
        names = min(max(longest + 1, _NAMES[0]), _NAMES[1])
        return names, min(max(self.size.width - names - 6 - len(_LATER) - 2, _VALUES[0]), _VALUES[1])

    def _line(self, number: int) -> Content:
        knob, width = self._knobs[number], self.size.width
        names, values = self._columns()
        chosen, pending = number == self._cursor and self.has_focus, knob.name in self._pending
        value = _cut(shown(knob, self._values[knob.name]), values)
        left = (values - cell_len(value)) // 2
        when = (
            (_LATER, "$accent") if pending else (_LIVE, "$success") if knob.live else (_LATER, "$text-muted")
        )
        line = Content.assemble(
            ("▸ " if chosen else "  ", "$accent"),
            (set_cell_size(_spoken(knob.name), names), "$foreground" if chosen else "$text-muted"),
            ("‹ ", "bold $primary"),
            (
                " " * left + value + " " * (values - left - cell_len(value)),
                f"bold {'$accent' if pending else '$foreground'}",
            ),
            (" ›", "bold $primary"),
            "  ",
            when,
        )
        line = line.truncate(width)
        shade = "on $block-cursor-background" if chosen else ""
        return line.pad_right(max(0, width - line.cell_length)).stylize(shade)

    def _about(self, width: int) -> list[Content]:
        """What the chosen knob is, in a line or two."""
        knob = self._knobs[self._cursor]
        text = f"{safe(knob.text, limit=300)}: {safe(knob.range, limit=300)}"
        found = textwrap.wrap(text, max(8, width - 2), max_lines=_ABOUT, placeholder=" …")
        return [Content.styled(f"  {line}", "$text-muted") for line in found]

    # --- turning ------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose the knob above or below."""
        if self._knobs:
            self._cursor = (self._cursor + by) % self.count
            self.refresh()

    def action_turn(self, by: int) -> None:
        """Turn the chosen knob."""
        if self._knobs:
            knob = self._knobs[self._cursor]
            self._tell(knob, turned(knob, self._values[knob.name], by))

    def action_default(self) -> None:
        """Turn it back to where it began."""
        if self._knobs:
            knob = self._knobs[self._cursor]
            self._tell(knob, knob.default)

    def _tell(self, knob: Knob[Any], value: Any) -> None:
        if value != self._values[knob.name]:
            self.post_message(self.Turned(knob.name, value))

    def on_click(self, event: events.Click) -> None:
        """Choose a knob; the halves of its value, with the arrows beside them, turn it."""
        at = event.get_content_offset(self)
        if at is None or not self._point(at.y):
            return
        names, values = self._columns()
        if at.x >= names + 2:
            self.action_turn(1 if at.x >= names + 4 + values / 2 else -1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Turn the knob that the mouse is on up."""
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Turn it down."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        at = event.get_content_offset(self)
        if at is not None and self._point(at.y):
            event.stop()
            self.action_turn(by)

    def _point(self, row: int) -> bool:
        """Choose the knob in a row of the pane; whether there is one."""
        if not 0 <= row < min(self._rows, self.count - self._top):
            return False
        self._cursor = self._top + row
        self.refresh()
        return True

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide it."""
        self.refresh()


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
