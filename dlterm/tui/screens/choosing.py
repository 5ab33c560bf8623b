"""A list over the page, two lines an entry, to choose one from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widgets import OptionList

Item = TypeVar("Item")


class Choosing(Over["Item | None"], Generic[Item]):
    """Ends with what was chosen, or with none; `SUB_TITLE` says what its keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Leave it", show=False),
        Binding("enter,space", "choose", "Choose", show=False),
    ]
    DEFAULT_CSS = """
    Choosing {
        align: center middle; background: $background 40%;
        Entries {
            width: 90%; max-width: 90; max-height: 80%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Entries:focus { border: round $primary; }
    }
    """

    entries = getters.query_one(Entries)

    def __init__(self, items: Sequence[Item], begin: int = 0) -> None:
        super().__init__()
        self._items, self._first = items, begin

    def described(self, item: Item) -> Content:
        """Return the two lines of an entry."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """All entries, with a title and the ways out in the edges."""
        entries = Entries(*(Option(self.described(item)) for item in self._items), markup=False)
        entries.styles.height = 2 * len(self._items) + 2
        entries.border_title, entries.border_subtitle = self.TITLE, self.SUB_TITLE
        yield entries

    def on_mount(self) -> None:
        """Begin at the one that is named."""
        self.entries.highlighted = self._first

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take the one that was clicked."""
        self.dismiss(self._items[message.option_index])

    def action_choose(self) -> None:
        """Take the one under the cursor."""
        if self.entries.highlighted is not None:
            self.dismiss(self._items[self.entries.highlighted])
