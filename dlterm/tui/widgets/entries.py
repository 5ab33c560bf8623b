"""A list of entries, one of them under the cursor; what enter does is its page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList

if TYPE_CHECKING:
    from textual import events


class Entries(OptionList, inherit_bindings=False):
    """Textual's list without its frame, and without a key of its own for enter."""

    BINDINGS = [binding for binding in OptionList.BINDINGS if binding.key != "enter"]  # type: ignore[union-attr]  # noqa: RUF012
    DEFAULT_CSS = """
    Entries {
        height: 1fr; border: none; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
        background: $surface;
        scrollbar-size-vertical: 1; scrollbar-color: $border; scrollbar-background: $surface;
        &:focus { border: none; background-tint: $foreground 0%; }
    }
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now: no page is turned where there is no room for a line of it."""
        if action in {"page_up", "page_down"} and not self.scrollable_content_region:
            return False
        return super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """Do nothing where the entry that was clicked is gone: Textual would look it up."""
        if event.style.meta.get("option", -1) >= self.option_count:
            event.prevent_default()
