"""The ready-made races, to choose one from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.text import safe
from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import OptionList

    from dlterm.training.line_ups import LineUp


class LineUpScreen(Over["LineUp | None"]):
    """Ends with the race that was chosen, or with none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Leave it", show=False),
        Binding("enter,space", "choose", "Race", show=False),
    ]
    DEFAULT_CSS = """
    LineUpScreen {
        align: center middle; background: $background 40%;
        Entries {
            width: 90%; max-width: 90; max-height: 80%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Entries:focus { border: round $primary; }
    }
    """

    entries = getters.query_one(Entries)

    def __init__(self, line_ups: Sequence[LineUp], now: LineUp | None) -> None:
        super().__init__()
        self._line_ups, self._now = line_ups, now

    def compose(self) -> ComposeResult:
        """A line or two for each."""
        entries = Entries(*map(_option, self._line_ups), markup=False)
        entries.styles.height = 2 * len(self._line_ups) + 2
        entries.border_title = "Races"
        entries.border_subtitle = "⏎ races · esc leaves it"
        yield entries

    def on_mount(self) -> None:
        """Begin at the one that is run."""
        self.entries.highlighted = self._line_ups.index(self._now) if self._now in self._line_ups else 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take the one that was clicked."""
        self.dismiss(self._line_ups[message.option_index])

    def action_choose(self) -> None:
        """Take the one under the cursor."""
        if self.entries.highlighted is not None:
            self.dismiss(self._line_ups[self.entries.highlighted])


def _option(line_up: LineUp) -> Option:
    lines = " · ".join(line or "as it is" for line in line_up.lines)
    return Option(
        Content.assemble(
            (line_up.title, "bold"), f"  {line_up.help}\n", (f"  {safe(lines, limit=200)}", "$text-muted")
        )
    )
