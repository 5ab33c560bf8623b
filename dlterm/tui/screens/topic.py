"""Topics to be asked on: searched as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from dlterm.quiz.bank import bank, topics
from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from textual.app import ComposeResult

_MOST = 200


class TopicScreen(Over[str | None]):
    """Ends with the topic that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down", "move(1)", "Next", priority=True),
        Binding("up", "move(-1)", "Before", priority=True),
    ]
    DEFAULT_CSS = """
    TopicScreen {
        align: center top; background: $background 40%;
        Vertical {
            width: 84; max-width: 94%; height: 70%; margin-top: 2; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
        Input { background: $surface; margin-bottom: 1; }
    }
    """

    words = getters.query_one(Input)
    entries = getters.query_one(Entries)

    def compose(self) -> ComposeResult:
        """The words, and the topics that have them."""
        with Vertical() as box:
            box.border_title = "Be asked on"
            box.border_subtitle = "⏎ begins · ↑↓ choose · esc closes"
            yield Input(placeholder="a tag, a chapter, a type, an objective", compact=True, max_length=200)
            entries = Entries(markup=False)
            entries.can_focus = False
            yield entries

    def on_mount(self) -> None:
        """List them all."""
        self.on_input_changed()

    def on_input_changed(self) -> None:
        """List those that have all the words."""
        wanted = self.words.value.casefold().split()
        found = [each for each in topics(bank()) if all(word in each.name.casefold() for word in wanted)]
        self.entries.clear_options()
        self.entries.add_options(
            Option(
                Content.assemble(
                    (f"{each.name}  ", "bold"), (f"{each.kind}, {each.questions} questions", "$text-muted")
                ),
                id=each.name,
            )
            for each in found[:_MOST]
        )
        self.entries.highlighted = 0 if found else None

    def action_move(self, by: int) -> None:
        """The next topic, or the one before."""
        (self.entries.action_cursor_down if by > 0 else self.entries.action_cursor_up)()

    def on_input_submitted(self) -> None:
        """End with the topic under the cursor."""
        if self.entries.highlighted is not None:
            self.dismiss(self.entries.get_option_at_index(self.entries.highlighted).id)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """End with the one that was clicked."""
        message.stop()
        self.dismiss(message.option_id)
