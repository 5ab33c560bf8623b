"""A list of entries, one of them under the cursor; what enter does is its page's."""

from __future__ import annotations

from textual.widgets import OptionList


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
