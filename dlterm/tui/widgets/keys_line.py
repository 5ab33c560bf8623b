"""The last line: the keys that work where one is; where there is no room for all, help and the ways out stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Footer
from textual.widgets._footer import FooterKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

_STAY = ("help", "card", "quit")  # actions
_OUT = "escape"
_GAP = 1


class KeysLine(Footer):
    """Textual's footer cuts what has no room, which is help and quit: they come last."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """The keys."""
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        _share(keys, self.screen.size.width)
        yield from keys

    def on_resize(self, event: events.Resize) -> None:
        """Show those for which there is room."""
        _share([*self.query(FooterKey)], event.size.width)


def _share(keys: Sequence[FooterKey], columns: int) -> None:
    """Show what stays, and of the others as many as fit, the first ones first."""
    stays = [key for key in keys if key.key == _OUT or key.action.rpartition(".")[2] in _STAY]
    room = columns + _GAP - sum(map(_width, stays))
    for key in keys:
        if key in stays:
            continue
        room -= _width(key)
        key.display = room >= 0


def _width(key: FooterKey) -> int:
    return len(f"{key.key_display} {key.description}") + _GAP
