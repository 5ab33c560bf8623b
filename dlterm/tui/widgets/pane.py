"""A pane: a framed part of the lab that holds one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region

from dlterm.tui.themes import picture_theme

if TYPE_CHECKING:
    from dlterm.drawing.palette import Theme
    from dlterm.tui.widgets.raster import Raster

_CORNERS = 4  # columns of the upper edge that a title cannot have


class Pane(Vertical):
    """A title in the frame's upper edge, a line of news in its lower, and a picture.

    The picture comes with `open`, after the first paint: it needs NumPy. It is drawn again only when what it
    shows has changed.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.raster: Raster | None = None
        self._title = title
        self._news = Content("")
        self._beside = Content(""), Content("")
        self._drawn: Any = None
        self._writes_edges = False

    async def open(self) -> None:
        """Put the picture in, unless the pane was taken away meanwhile."""
        from dlterm.tui.widgets.raster import Raster

        if self.is_attached:
            self.raster = Raster()
            await self.mount(self.raster)

    def head(self, title: str) -> None:
        """Set the title."""
        if title != self._title:
            self._title = title
            self._write_frame()

    def tell(self, news: str | Content) -> None:
        """Set the line of news; a pane without a lower edge has it behind its title."""
        news = Content(news) if isinstance(news, str) else news
        if news != self._news:
            self._news = news
            self._write_frame()

    def stand_between(self, before: Content, after: Content) -> None:
        """Set what stands around the title: links to other panes."""
        if (before, after) != self._beside:
            self._beside = before, after
            self._write_frame()

    @property
    def framed(self) -> bool:
        """Whether it has a lower edge, as all panes of its screen have, or by itself."""
        return self.screen.has_class("-framed") or self.has_class("-framed")

    def heading(self) -> Content:
        """Return what stands in the upper edge."""
        return Content(self._title)

    @property
    def room(self) -> int:
        """The columns of the upper edge that a title may take."""
        beside = 0 if self.framed or not self._news else self._news.cell_length + 2
        beside += sum(part.cell_length + 2 for part in self._beside if part)
        return self.size.width - _CORNERS - beside

    def on_resize(self) -> None:
        """Write title and news where this size of terminal has room for them."""
        self._write_frame()

    def _write_frame(self) -> None:
        framed, title, news = self.framed, self.heading(), self._news
        title = Content("  ").join([part for part in (self._beside[0], title, self._beside[1]) if part])
        behind = Content.assemble(title, "  ", news.stylize_before("$text-muted not bold"))
        self._writes_edges = True
        self.border_title = behind if news and not framed else title
        self.border_subtitle = news if framed else None
        self._writes_edges = False

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """Have it drawn again; for a new title, which Textual takes for a new widget, its two edges alone."""
        if self._writes_edges:
            left, above = self.content_offset
            width, height = self.outer_size
            regions = tuple(Region(-left, y - above, width, 1) for y in (0, height - 1))
        return super().refresh(*regions, **options)

    def is_new(self, *seen: Any) -> bool:
        """Whether a picture of these, in this size and these colours, is not the one that was drawn last."""
        raster = self.raster
        if raster is None or not raster.size:
            return False
        seen = (*seen, raster.size, raster.depth, self.picture_theme)
        if seen == self._drawn:
            return False
        self._drawn = seen
        return True

    @property
    def picture_theme(self) -> Theme:
        """The theme of pictures that suits the app's, on this pane's ground."""
        return picture_theme(self.app, self.background_colors[1])
