"""The settings as a list: up and down choose one, left and right turn it; a click on an arrow does too."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import getters
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from dlterm.text import safe
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.settings import Heading, Setting, rows

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from dlterm.training.recipe import Recipe

_TITLE = 17  # columns, the key and the margin among them
_WIDEST_VALUE = 22


class SettingsPane(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a recipe's settings, with the keys that turn them; posts `Turned` when one is to change."""

    BORDER_TITLE = "Settings"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "settings--group",
        "settings--key",
        "settings--title",
        "settings--value",
        "settings--cursor",
        "settings--arrow",
    }
    PLACE = "settings"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    app = getters.app(DltermApp)

    class Turned(Message):
        """A setting is to be turned by 1 or -1."""

        def __init__(self, setting: Setting, by: int) -> None:
            super().__init__()
            self.setting = setting
            self.by = by

    class Chosen(Message):
        """Another setting is under the cursor, or the one that is has changed."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._rows: list[Setting | Heading] = []
        self._opened: set[str] = set()  # groups
        self._cursor = 1
        self.show(recipe)

    def show(self, recipe: Recipe) -> None:
        """List this recipe's settings; the chosen one stays chosen, wherever it is now."""
        chosen = self.chosen.id if self._rows else ""
        self._recipe = recipe
        self._rows = rows(recipe, self._opened)
        ids = [row.id for row in self._rows]
        self._cursor = ids.index(chosen) if chosen in ids else min(self._cursor, len(ids) - 1)
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()
        if self.is_attached and self.size.height:
            self._reveal()
        self._tell()

    @property
    def chosen(self) -> Setting | Heading:
        """The setting under the cursor, or the heading of a group."""
        return self._rows[self._cursor]

    def render_line(self, y: int) -> Strip:
        """One setting, or one heading."""
        width, row = self.size.width, y + self.scroll_offset.y
        if row >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        setting = self._rows[row]
        base, chosen = self.rich_style, row == self._cursor and self.has_focus
        if chosen:
            base += self.get_component_rich_style("settings--cursor", partial=True)
        if isinstance(setting, Heading):
            style = base + self.get_component_rich_style("settings--group", partial=True)
            return Strip([Segment(_heading(setting, chosen=chosen), style)]).adjust_cell_length(width, base)
        key, title, arrow, value = (
            base + self.get_component_rich_style(f"settings--{part}", partial=True)
            for part in ("key", "title", "arrow", "value")
        )
        line = [
            Segment("▸" if chosen else " ", arrow),
            Segment(f"{self.app.keys.first(f'lab.{setting.id}+'):<2}", key),
            Segment(set_cell_size(setting.title, _TITLE - 3), title),
            Segment("‹ ", arrow),
            Segment(_centred(safe(setting.value(self._recipe)), self._room), value),
            Segment(" ›", arrow),
        ]
        return Strip(line).adjust_cell_length(width, base)

    def action_move(self, by: int) -> None:
        """Choose the setting above or below."""
        self._cursor = (self._cursor + by) % len(self._rows)
        self._reveal()
        self.refresh()
        self._tell()

    def action_turn(self, by: int) -> None:
        """Turn the chosen setting; open or close the chosen group."""
        if isinstance(self.chosen, Heading):
            self._open(self.chosen, on=by > 0)
        else:
            self.post_message(self.Turned(self.chosen, by))

    def on_click(self, event: events.Click) -> None:
        """Choose a setting; the halves of its value, with the arrows beside them, turn it; a heading opens."""
        at = event.get_content_offset(self)
        row = at.y + self.scroll_offset.y if at else -1
        if at is None or not 0 <= row < len(self._rows):
            return
        self._cursor = row
        self.refresh()
        self._tell()
        if isinstance(self.chosen, Heading):
            self._open(self.chosen, on=not self.chosen.is_open)
        elif at.x >= _TITLE:
            middle = _TITLE + 2 + self._room / 2
            self.post_message(self.Turned(self.chosen, 1 if at.x >= middle else -1))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def _open(self, heading: Heading, *, on: bool) -> None:
        """List all settings of a group, or those that are used most."""
        (self._opened.add if on else self._opened.discard)(heading.id)
        self.show(self._recipe)

    def _reveal(self) -> None:
        """Scroll to the chosen setting, and to its heading where that is above it."""
        top, height = self.scroll_offset.y, self.size.height
        first = self._cursor - (self._cursor > 0 and isinstance(self._rows[self._cursor - 1], Heading))
        if not top <= first <= self._cursor < top + height:
            self.scroll_to(y=first if first < top else self._cursor - height + 1, animate=False)

    def _tell(self) -> None:
        if self.is_attached:
            self.post_message(self.Chosen())

    @property
    def _room(self) -> int:
        """The cells between two arrows."""
        return max(1, min(_WIDEST_VALUE, self.size.width - _TITLE - 5))


def _heading(heading: Heading, *, chosen: bool) -> str:
    more = "▾ less" if heading.is_open else f"▸ {heading.more} more" if heading.more else ""
    return f"{'▸' if chosen else ' '}{set_cell_size(heading.id, _TITLE - 1)}  {more}"


def _centred(text: str, cells: int) -> str:
    if cell_len(text) > cells:
        text = set_cell_size(text, cells - 1) + "…"
    return set_cell_size(" " * ((cells - cell_len(text)) // 2) + text, cells)
