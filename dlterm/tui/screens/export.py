"""Export: what can be taken out, and the name that it gets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from dlterm.text import safe
from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from dlterm.tui.exports import Offer

_TITLE = 26  # columns


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen, and the path to write it to; None to copy it."""

    offer: Offer
    path: Path | None


class ExportScreen(Over[Wanted | None]):
    """Ends with what is wanted, or with nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("enter", "write", "Write", show=False),
        Binding("c", "copy", "Copy", show=False),
    ]
    DEFAULT_CSS = """
    ExportScreen {
        align: center middle; background: $background 40%;
        Vertical {
            width: 78; max-width: 96%; height: auto; max-height: 96%; padding: 1 2;
            background: $surface; border: round $primary;
            border-title-color: $foreground; border-title-style: bold; border-subtitle-color: $text-muted;
        }
        Entries { height: auto; max-height: 12; padding: 0; }
        #about { height: 2; margin-top: 1; color: $text-muted; }
        #line { height: 1; }
        #line Static { width: auto; color: $text-muted; }
        Input { width: 1fr; background: $panel; }
        #said { height: 1; margin-top: 1; color: $text-muted; link-color: $accent; link-style: none; }
        #said.-wrong { color: $error; }
    }
    """

    entries = getters.query_one(Entries)
    name_line = getters.query_one(Input)
    said = getters.query_one("#said", Static)

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._offers = {offer.id: offer for offer in offers}
        self._names = {offer.id: str(offer.proposed()) for offer in offers}  # as they were written last

    def compose(self) -> ComposeResult:
        """The list, what the chosen thing is for, its name, and the keys."""
        with Vertical() as box:
            box.border_title = "Export"
            box.border_subtitle = "esc closes"
            yield Entries(*(Option(self._line(offer), id=offer.id) for offer in self._offers.values()))
            yield Static(id="about", markup=False)
            with Horizontal(id="line"):
                yield Static("to ")
                yield Input(compact=True, max_length=500, select_on_focus=False)
            yield Static(id="said")

    @property
    def _chosen(self) -> Offer:
        return list(self._offers.values())[self.entries.highlighted or 0]

    def on_option_list_option_highlighted(self) -> None:
        """Say what it is for, and where it would go; it may be told of that when it is closed already."""
        if not self.is_whole:
            return
        self.query_one("#about", Static).update(self._chosen.help)
        with self.name_line.prevent(Input.Changed):  # it would come after the next key
            self.name_line.value = self._names[self._chosen.id]
        self._say_keys()

    def on_input_changed(self) -> None:
        """Keep the name that is written."""
        self._names[self._chosen.id] = self.name_line.value
        self._say_keys()

    def on_input_submitted(self) -> None:
        """Write it under this name."""
        self.action_write()

    def action_write(self) -> None:
        """End with the chosen thing and its path; stay where there is such a file."""
        path = Path(os.path.expanduser(self.name_line.value.strip()))  # noqa: PTH111 - pathlib's raises
        if os.path.lexists(path):  # pathlib's raises where a name is too long
            self._say(f"{safe(str(path))}: there is such a file; write another name", wrong=True)
        elif not os.path.isdir(path.parent) and self._chosen.id != "run":  # noqa: PTH112 - as above
            self._say(f"{safe(str(path.parent))}: there is no such directory", wrong=True)
        else:
            self.dismiss(Wanted(self._chosen, path))

    def action_copy(self) -> None:
        """End with the chosen thing, to be copied."""
        if self._chosen.copy is None:
            self._say("this cannot be copied: press enter to write it", wrong=True)
        else:
            self.dismiss(Wanted(self._chosen, None))

    def _say_keys(self) -> None:
        parts: list[str | tuple[str, str]] = [("⏎ write", "@click=screen.write")]
        if self._chosen.copy is not None:
            parts += ["   ", ("c copy", "@click=screen.copy")]
        self._say(Content.assemble(*parts, "   tab: another name"), wrong=False)

    def _say(self, text: str | Content, *, wrong: bool) -> None:
        self.said.set_class(wrong, "-wrong")
        self.said.update(Content(text) if isinstance(text, str) else text)

    def _line(self, offer: Offer) -> Content:
        gap = " " * max(2, _TITLE - cell_len(offer.title))
        return Content.assemble(offer.title, gap, (safe(self._names[offer.id]), "$text-muted"))
