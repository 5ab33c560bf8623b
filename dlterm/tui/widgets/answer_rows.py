"""The rows of an answer: choices, ticks, an order, pairs; by keys and by mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.content import Content
from textual.widget import Widget

from dlterm.tui.actions import bindings
from dlterm.tui.answering import Form, Sorting, Typed
from dlterm.tui.app import DltermApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.quiz.feedback import Feedback
    from dlterm.tui.answering import Look, Row

_LOOKS: dict[Look, tuple[str, str]] = {  # of the mark and sign, of the text
    "": ("$text-muted", "$foreground"),
    "chosen": ("bold $accent", "bold $foreground"),
    "right": ("bold $success", "bold $foreground"),
    "wrong": ("bold $error", "$foreground"),
    "missed": ("bold $warning", "$foreground"),
    "quiet": ("$text-muted", "$text-muted"),
}
_CURSOR, _BLURRED = "on $block-cursor-background", "on $block-cursor-blurred-background"


class AnswerRows(Widget, can_focus=True):
    """Shows a form, and fills it in. A thing of an order can be dragged to its place."""

    ALLOW_SELECT = False
    PLACE = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = "AnswerRows { height: auto; width: 100%; padding: 0 2; }"

    app = getters.app(DltermApp)

    def __init__(self) -> None:
        super().__init__()
        self.form: Form = Typed()
        self.is_held = False  # whether it is not to be changed now
        self._feedback: Feedback | None = None
        self._below: dict[str, str] = {}
        self._dragged = False
        self._lines: tuple[object, list[tuple[int, Content]]] = (None, [])

    def show(self, form: Form, feedback: Feedback | None = None) -> None:
        """Show a form; with the feedback, what was right of it."""
        self.form, self._feedback, self._below = form, feedback, {}
        self._dragged = False
        self._change()

    def note(self, below: dict[str, str]) -> None:
        """Show something below rows, by their signs, while it is being found out."""
        self._below = below
        self._change()

    # --- drawing ------------------------------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as the form has in that width."""
        return len(self._laid(width))

    def render(self) -> Content:
        """Return the rows; that of the cursor has its ground."""
        width = self.content_size.width
        ground = _CURSOR if self.has_focus else _BLURRED
        shown = []
        for spot, line in self._laid(width):
            if self._feedback is None and spot >= 0 and spot == self.form.cursor:
                line = line.pad_right(max(0, width - line.cell_length)).stylize_before(ground)  # noqa: PLW2901
            shown.append(line)
        return Content("\n").join(shown)

    def on_focus(self) -> None:
        """Show the cursor as one that moves."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as one that rests."""
        self.refresh()

    def _laid(self, width: int) -> list[tuple[int, Content]]:
        """The lines in that width, each with the spot that it belongs to; laid out anew after a change only."""
        if self._lines[0] != width:
            self._lines = width, [line for row in self._rows() for line in _laid(row, max(width, 8))]
        return self._lines[1]

    def _rows(self) -> Iterator[Row]:
        if self._feedback is not None:
            yield from self.form.told(self._feedback)
            return
        for row in self.form.rows():
            below = self._below.get(row.sign)
            yield row if below is None else type(row)(row.mark, row.sign, row.text, row.spot, row.look, below)

    def _change(self) -> None:
        before, self._lines = len(self._lines[1]), (None, [])
        width = self.content_size.width
        if not width or len(self._laid(width)) != before:
            self.refresh(layout=True)
        else:
            self.refresh()

    # --- keys and mouse -----------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether it can still be filled in."""
        return self._feedback is None and not self.is_held and self.form.spots > 0

    def on_key(self, event: events.Key) -> None:
        """A letter is the sign of a row, unless it is the key of something."""
        sign = (event.character or "").lower()
        is_free = sign.isalpha() and not self.app.keys.is_of("question", event.key)
        if self.is_open and is_free and self.form.write(sign):
            event.stop()
            self._moved()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the row, or take hold of it."""
        spot = self._spot_at(event.y)
        if self.is_open and spot >= 0:
            if isinstance(self.form, Sorting) and not self.form.held:
                self.form.choose(spot)
                self.form.tick()
                self._dragged = False
                self.capture_mouse()
            else:
                held = isinstance(self.form, Sorting)
                self.form.choose(spot)
                if held:
                    self.form.tick()
            self._change()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Have what is held follow the mouse."""
        if self.app.mouse_captured is self and isinstance(self.form, Sorting) and self.form.held:
            spot = self._spot_at(event.y)
            if spot >= 0 and spot != self.form.cursor:
                self._dragged = True
                self.form.choose(spot)
                self._change()

    def on_mouse_up(self) -> None:
        """Let go of what was dragged; what was only clicked is held until the next click."""
        if self.app.mouse_captured is self:
            self.release_mouse()
            if self._dragged and isinstance(self.form, Sorting) and self.form.held:
                self.form.tick()
                self._change()

    def _spot_at(self, y: int) -> int:
        lines, at = self._laid(self.content_size.width), y - self.styles.padding.top
        return lines[at][0] if 0 <= at < len(lines) else -1

    def action_move(self, by: int) -> None:
        """Put the cursor on the next row, or the one before."""
        if self.is_open:
            self.form.move(by)
            self._moved()

    def action_tick(self) -> None:
        """Tick the row, or take hold of it."""
        if self.is_open:
            self.form.tick()
            self._moved()

    def action_shift(self, by: int) -> None:
        """Move the row itself."""
        if self.is_open:
            self.form.shift(by)
            self._moved()

    def action_turn(self, by: int) -> None:
        """Give it another partner."""
        if self.is_open:
            self.form.turn(by)
            self._moved()

    def _moved(self) -> None:
        """Have the cursor in sight."""
        self._change()
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        lines = [
            y for y, (spot, _) in enumerate(self._laid(self.content_size.width)) if spot == self.form.cursor
        ]
        pane = next(
            (node for node in self.ancestors if isinstance(node, Widget) and node.allow_vertical_scroll), None
        )
        if not lines or pane is None:
            return
        top, bottom = self.region.y + lines[0], self.region.y + lines[-1] + 1
        if top < pane.region.y:
            pane.scroll_relative(y=top - pane.region.y, animate=False)
        elif bottom > pane.region.bottom:
            pane.scroll_relative(y=bottom - pane.region.bottom, animate=False)


def _laid(row: Row, width: int) -> Iterator[tuple[int, Content]]:
    """The lines of a row: its text is set in by its mark and sign."""
    marked, text = _LOOKS[row.look]
    lead = Content.assemble(" ", (row.mark, marked), " ", (f"{row.sign}  " if row.sign else "", marked))
    indent = lead.cell_length
    room = max(width - indent - 1, 4)
    lines = [line.stylize_before(text) for line in Content(row.text).wrap(room)] or [Content("")]
    if row.below:
        lines += [line.stylize_before("$text-muted") for line in Content(row.below).wrap(room)]
    for number, line in enumerate(lines):
        yield row.spot, Content.assemble(lead if not number else " " * indent, line)
