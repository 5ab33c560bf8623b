"""The experiments that fit what is seen, to open one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import OptionList

    from dlterm.experiments.registry import Entry


class FittingScreen(Over[str]):
    """Ends with the id of the experiment that was chosen, or with none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Leave it", show=False),
        Binding("enter,space", "choose", "Open", show=False),
    ]
    DEFAULT_CSS = """
    FittingScreen {
        align: center middle; background: $background 40%;
        Entries {
            width: 90%; max-width: 90; max-height: 80%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Entries:focus { border: round $primary; }
    }
    """

    entries = getters.query_one(Entries)

    def __init__(self, experiments: Sequence[Entry]) -> None:
        super().__init__()
        self._experiments = experiments

    def compose(self) -> ComposeResult:
        """A title and a question for each, the nearest first."""
        entries = Entries(*map(_option, self._experiments), markup=False)
        entries.styles.height = 2 * len(self._experiments) + 2
        entries.border_title = "Experiments that fit"
        entries.border_subtitle = "⏎ opens · esc leaves it"
        yield entries

    def on_mount(self) -> None:
        """Begin at the nearest."""
        self.entries.highlighted = 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take the one that was clicked."""
        self.dismiss(message.option_id)

    def action_choose(self) -> None:
        """Take the one under the cursor."""
        if self.entries.highlighted is not None:
            self.dismiss(self._experiments[self.entries.highlighted].id)


def _option(entry: Entry) -> Option:
    return Option(
        Content.assemble((entry.title, "bold"), (f"\n  {entry.question}", "$text-muted")), id=entry.id
    )
