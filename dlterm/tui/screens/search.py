"""A list that is searched as one types."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList

from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.widgets.option_list import Option

Chosen = TypeVar("Chosen")


class SearchScreen(Over[Chosen | None], Generic[Chosen]):
    """Ends with what was chosen, or with None where it is closed."""

    HEADING = ""
    WAYS = ""  # what can be done, in the lower edge
    PLACEHOLDER = ""
    LAYS_OUT_AT_ONCE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down", "move(1)", "Next", priority=True),
        Binding("up", "move(-1)", "Before", priority=True),
    ]
    DEFAULT_CSS = """
    SearchScreen {
        align: center top; background: $background 40%;
        Vertical {
            max-width: 94%; margin-top: 2; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
        Input { background: $surface; margin-bottom: 1; }
    }
    """

    words = getters.query_one(Input)
    entries = getters.query_one(Entries)

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = words

    @abstractmethod
    def found(self, words: str) -> Iterable[Option]:
        """What there is for the words: an option with an id can be chosen."""

    @abstractmethod
    def meaning(self, entry: str) -> Chosen:
        """What an option stands for, by its id."""

    def compose(self) -> ComposeResult:
        """The words, and what is found."""
        with Vertical() as box:
            box.border_title, box.border_subtitle = self.HEADING, self.WAYS
            yield Input(self._words, placeholder=self.PLACEHOLDER, compact=True, max_length=200)
            entries = Entries(markup=False)
            entries.can_focus = False
            yield entries

    def on_mount(self) -> None:
        """List what there is before anything is typed."""
        if not self._words:  # else the line tells of them itself
            self.on_input_changed()

    def on_input_changed(self) -> None:
        """Search."""
        self.entries.clear_options()
        self.entries.add_options(self.found(self.words.value))
        self.entries.highlighted = next(
            (k for k in range(self.entries.option_count) if self.entries.get_option_at_index(k).id), None
        )

    def action_move(self, by: int) -> None:
        """The next entry, or the one before."""
        (self.entries.action_cursor_down if by > 0 else self.entries.action_cursor_up)()

    def on_input_submitted(self) -> None:
        """End with the entry under the cursor."""
        if self.entries.highlighted is not None:
            self._end(self.entries.get_option_at_index(self.entries.highlighted).id)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """End with the one that was clicked."""
        message.stop()
        self._end(message.option_id)

    def _end(self, entry: str | None) -> None:
        if entry:
            self.dismiss(self.meaning(entry))
