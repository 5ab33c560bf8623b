"""Search from a lesson: where its own words are, then everything else that the course has to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from dlterm.course import search
from dlterm.course.places import find_words, folded
from dlterm.tui.over import Over
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.hits import hit_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from dlterm.course.blocks import Block

_HERE = "here:"
_MOST_HERE, _MOST = 12, 40
_BEFORE, _AROUND = 24, 120  # characters of an excerpt


class Found(NamedTuple):
    """What was chosen: a place `kind:id`, or a block of the lesson that is read (else -1), and the words."""

    place: str
    block: int
    words: str


class FindScreen(Over[Found | None]):
    """Searches as one types; ends with what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down", "move(1)", "Next", priority=True),
        Binding("up", "move(-1)", "Before", priority=True),
    ]
    DEFAULT_CSS = """
    FindScreen {
        align: center top; background: $background 40%;
        Vertical {
            width: 96; max-width: 94%; height: 60%; margin-top: 2; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
        Input { background: $surface; margin-bottom: 1; }
    }
    """

    words = getters.query_one(Input)
    entries = getters.query_one(Entries)

    def __init__(self, blocks: Sequence[Block], words: str = "") -> None:
        super().__init__()
        self._blocks, self._words = blocks, words

    def compose(self) -> ComposeResult:
        """The words, and what is found."""
        with Vertical() as box:
            box.border_title = "Search this lesson, and everything"
            box.border_subtitle = (
                "⏎ goes there · ↑↓ choose · then n and N: the next in the lesson, the one before"
            )
            yield Input(self._words, placeholder="words, or how they begin", compact=True, max_length=200)
            entries = Entries(markup=False)
            entries.can_focus = False
            yield entries

    def on_input_changed(self) -> None:
        """Search."""
        words = self.words.value
        here = find_words(words, self._blocks)[:_MOST_HERE]
        self.entries.clear_options()
        self.entries.add_options(self._lines(words, here))
        self.entries.highlighted = next(
            (k for k in range(self.entries.option_count) if self.entries.get_option_at_index(k).id), None
        )

    def _lines(self, words: str, here: Sequence[int]) -> Iterator[Option]:
        if here:
            yield _head("In this lesson")
        for number in here:
            yield Option(_excerpt(self._blocks[number], words), id=f"{_HERE}{number}")
        hits = search.index().search(words, limit=_MOST)
        if hits:
            yield _head("Everywhere")
        yield from map(hit_option, hits)

    def action_move(self, by: int) -> None:
        """The next entry, or the one before."""
        (self.entries.action_cursor_down if by > 0 else self.entries.action_cursor_up)()

    def on_input_submitted(self) -> None:
        """Go to the entry under the cursor."""
        if self.entries.highlighted is not None:
            self._choose(self.entries.get_option_at_index(self.entries.highlighted).id or "")

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Go to the one that was clicked."""
        message.stop()
        self._choose(message.option_id or "")

    def _choose(self, entry: str) -> None:
        if entry.startswith(_HERE):
            self.dismiss(Found("", int(entry.removeprefix(_HERE)), self.words.value))
        elif entry:
            self.dismiss(Found(entry, -1, self.words.value))


def _head(title: str) -> Option:
    return Option(Content.styled(title, "bold $primary"), disabled=True)


def _excerpt(block: Block, words: str) -> Content:
    """What the block says around the first of the words, and under which heading."""
    text = " ".join(block.text.split())
    wanted = tuple(folded(words))
    at = next((k for k in range(len(text)) if _begins(text, k, wanted)), 0)
    begin = text.find(" ", at - _BEFORE, at) + 1 if at > _BEFORE else 0
    shown = ("…" if begin else "") + text[begin : begin + _AROUND]
    return Content.assemble("¶ ", (block.heading or "Beginning", "bold"), "  ", (shown, "$text-muted"))


def _begins(text: str, at: int, wanted: tuple[str, ...]) -> bool:
    if at and text[at - 1].isalnum():
        return False
    word = folded(text[at : at + 40])
    return bool(word) and text[at].isalnum() and word[0].startswith(wanted)
