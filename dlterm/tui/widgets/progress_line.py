"""How far an experiment is, and what just happened: one line."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from dlterm.text import safe

_FULL, _EMPTY = "━", "─"
_BAR = 12, 40  # cells, the fewest and the most
_SHARE = 0.3  # of the width, for the bar


class ProgressLine(Widget):
    """A bar, a share, the news."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ProgressLine { height: 1; padding: 0 1; background: $background; }"

    _shown: tuple[float, str, str] = 0.0, "", "$primary"

    def show(self, share: float, news: str, colour: str = "$primary") -> None:
        """Set what is done, from 0 to 1, and the words behind the bar."""
        if (share, news, colour) != self._shown:
            self._shown = share, news, colour
            self.refresh()

    def render(self) -> Content:
        """Return the line."""
        share, news, colour = self._shown
        width = self.size.width
        cells = min(max(round(_SHARE * width), _BAR[0]), _BAR[1])
        full = round(min(max(share, 0.0), 1.0) * cells)
        figure = f" {share:4.0%}  "
        room = max(0, width - cells - cell_len(figure))
        return Content.assemble(
            (_FULL * full, colour),
            (_EMPTY * (cells - full), "$border"),
            (figure, "bold $foreground"),
            Content(safe(news, limit=400)).truncate(room, ellipsis=True).stylize_before("$text-muted"),
        )
