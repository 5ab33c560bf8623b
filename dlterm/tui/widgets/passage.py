"""A block of a lesson's text: a paragraph, a heading, an entry of a list, with what the reader has put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static

from dlterm.tui.prose import prose

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region

    from dlterm.course.blocks import Block
    from dlterm.settings.notes import Note

_BAR, _MARK, _PEN = "▎", "◆", "✎"
_STEP = 2  # columns by which a list within a list is set in
_KINDS = {"Misconception": "-wrong", "Check this": "-check"}  # what a box begins with


class Passage(Static):
    """Shows a block. In the gutter at its left stand a bar where one reads, and a mark at what is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"passage--bar", "passage--mark", "passage--sign"}
    DEFAULT_CSS = """
    Passage .passage--bar { color: $primary; }
    Passage .passage--mark { color: $accent; }
    Passage .passage--sign { color: $text-muted; }
    Passage {
        padding: 0 2 1 2;
        link-background-hover: $primary 30%; link-style-hover: bold;
        &.-heading { text-style: bold; color: $primary; padding: 1 2 1 2; }
        &.-quote { border-left: thick $primary; margin: 0 2 1 2; padding: 0 1 0 1; }
        &.-quote.-wrong { border-left: thick $error; }
        &.-quote.-check { border-left: thick $accent; }
        &.-item { padding-left: 5; }
        &.-item.-more { padding-bottom: 0; }
        &.-code { background: $panel; margin: 0 2 1 4; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    class Followed(Message):
        """A link was clicked; `href` is where it leads."""

        def __init__(self, href: str) -> None:
            super().__init__()
            self.href = href

    class Pointed(Message):
        """The passage was clicked."""

        def __init__(self, passage: Passage) -> None:
            super().__init__()
            self.passage = passage

    @property
    def link_style(self) -> Style:
        """Nothing: the look of a link is its kind's, or says that it was found or chosen."""
        return Style.null()

    def __init__(self, block: Block, *, more: bool = False) -> None:
        """`more` of the same list follows."""
        first = block.text.partition(".")[0]
        classes = [f"-{block.kind}", "-more" if more else "", _KINDS.get(first, "")]
        super().__init__(classes=" ".join(classes))
        self.block = block
        self._chosen: int | None = None
        self._found = ""
        self._note: Note | None = None
        self._is_here = False
        if block.kind == "item":
            self.styles.padding = (0, 2, 0 if more else 1, 3 + _STEP * block.level)
        self._write()

    def show(
        self, *, chosen: int | None = None, found: str = "", note: Note | None = None, here: bool = False
    ) -> None:
        """Show which link is chosen, which words were found, what is noted here, and whether one reads here."""
        if (chosen, found, note) != (self._chosen, self._found, self._note):
            is_taller = note != self._note
            self._chosen, self._found, self._note = chosen, found, note
            self._write(layout=is_taller)
        if here != self._is_here:
            self._is_here = here
            self.refresh()

    def _write(self, *, layout: bool = True) -> None:
        shown = prose(self.block, chosen=self._chosen, found=self._found)
        if isinstance(shown, Content) and self._note is not None and self._note.text:
            shown = Content.assemble(shown, "\n", (f"{_PEN} {self._note.text}", "not bold $accent"))
        self.update(shown, layout=layout)

    def action_follow(self, href: str) -> None:
        """Tell of the link."""
        self.post_message(self.Followed(href))

    def on_click(self, event: events.Click) -> None:
        """Read here."""
        if "@click" not in event.style.meta:
            self.post_message(self.Pointed(self))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines, with what stands in the gutter."""
        strips = super().render_lines(crop)
        return strips if crop.x else [self._signed(strip, y) for y, strip in enumerate(strips, start=crop.y)]

    def _signed(self, strip: Strip, y: int) -> Strip:
        top, left = self.styles.padding.top, self.styles.padding.left
        if not top <= y < self.size.height + top:
            return strip
        if y == top and self.block.sign:
            strip = self._put(strip, left - cell_len(self.block.sign) - 1, self.block.sign, "sign")
        if y == top and self._note is not None:
            return self._put(strip, 0, _MARK, "mark")
        return self._put(strip, 0, _BAR, "bar") if self._is_here else strip

    def _put(self, strip: Strip, x: int, sign: str, kind: str) -> Strip:
        """Put a sign over what is empty there."""
        style, width = self.get_component_rich_style(f"passage--{kind}"), cell_len(sign)
        before, _, after = strip.divide([x, x + width, strip.cell_length])
        put = Strip([Segment(sign, style)], width)
        for line_filter in self.get_line_filters():  # Textual has done so already to what is around it
            put = put.apply_filter(line_filter, self.background_colors[1])
        return Strip.join([before, put, after])
