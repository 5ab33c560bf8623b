"""A contestant, to be written by hand: what is wrong with it is said as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.training.classic import CLASSICS
from dlterm.training.contestants import check, contestants
from dlterm.tui.over import Over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from dlterm.training.recipe import Recipe

_HINT = (
    "What differs, such as  lr=0.1  or  hidden=4,4 activation=relu;  nothing for the recipe itself;"
    f"  or a classic model: {', '.join(CLASSICS)}"
)


class ContestantScreen(Over[str | None]):
    """Ends with a contestant's line, or with none; `place` is whose it is, None for one more."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave it", show=False)]
    DEFAULT_CSS = """
    ContestantScreen {
        align: center bottom; background: $background 40%;
        Vertical {
            width: 90%; max-width: 110; height: auto; margin-bottom: 2; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Input { background: $surface; }
        #wrong { color: $text-muted; }
        #wrong.-wrong { color: $error; }
    }
    """

    line = getters.query_one(Input)
    wrong = getters.query_one("#wrong", Static)

    def __init__(self, base: Recipe, lines: Sequence[str], place: int | None) -> None:
        super().__init__()
        self._base, self._lines, self._place = base, list(lines), place

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        line = "" if self._place is None else self._lines[self._place]
        with Vertical() as box:
            box.border_title = "One more contestant" if self._place is None else "Contestant"
            yield Input(line, compact=True, max_length=500, placeholder="lr=0.1", select_on_focus=False)
            yield Static(_HINT, id="wrong", markup=False)

    def on_input_changed(self) -> None:
        """Say whether it can race."""
        self._written()

    def on_input_submitted(self) -> None:
        """End with it, if it can race."""
        line = self._written()
        if line is not None:
            self.dismiss(line)

    def _written(self) -> str | None:
        """The line as it is written; None, and said why, where it cannot race against the others."""
        line, lines = self.line.value.strip(), self._lines.copy()
        if self._place is None:
            lines.append(line)
        else:
            lines[self._place] = line
        try:
            check(contestants(self._base, lines))
        except DltermError as error:
            self._say(error.message + (f": {error.hint}" if error.hint else ""), wrong=True)
            return None
        self._say(_HINT, wrong=False)
        return line

    def _say(self, text: str, *, wrong: bool) -> None:
        self.wrong.set_class(wrong, "-wrong")
        self.wrong.update(safe(text, limit=600))
