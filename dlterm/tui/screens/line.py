"""One line, to be written by hand: what is wrong with it is said as it is typed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.tui.over import Over

if TYPE_CHECKING:
    from textual.app import ComposeResult

Meaning = TypeVar("Meaning")


class LineScreen(Over[Meaning | None], Generic[Meaning]):
    """Ends with what the line means, or with None where it is left."""

    HINT = ""
    PLACEHOLDER = ""
    MOST = 2000  # characters
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave it", show=False)]
    DEFAULT_CSS = """
    LineScreen {
        align: center top; background: $background 40%;
        Vertical {
            width: 90%; max-width: 110; height: auto; margin: 2 0; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Input { background: $surface; }
        #wrong { color: $text-muted; }
        #wrong.-wrong { color: $error; }
    }
    """

    line = getters.query_one(Input)
    wrong = getters.query_one("#wrong", Static)

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    @abstractmethod
    def meaning(self, text: str) -> Meaning:
        """What a line means. Raises DltermError for one that means nothing here."""

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical() as box:
            box.border_title = self._title
            yield Input(
                self._text,
                compact=True,
                max_length=self.MOST,
                placeholder=self.PLACEHOLDER,
                select_on_focus=False,
            )
            yield Static(self.HINT, id="wrong", markup=False)

    def on_input_changed(self) -> None:
        """Say whether it means something."""
        self._written()

    def on_input_submitted(self) -> None:
        """End with it, if it means something."""
        written = self._written()
        if written is not None:
            self.dismiss(written)

    def _written(self) -> Meaning | None:
        """What the line means as it is written; None, and said why, where it means nothing."""
        try:
            meaning = self.meaning(self.line.value.strip())
        except DltermError as error:
            self._say(error.message + (f": {error.hint}" if error.hint else ""), wrong=True)
            return None
        self._say(self.HINT, wrong=False)
        return meaning

    def _say(self, text: str, *, wrong: bool) -> None:
        self.wrong.set_class(wrong, "-wrong")
        self.wrong.update(safe(text, limit=600))
