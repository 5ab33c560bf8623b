"""The table of a race: a row a contestant, one of them chosen, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual import getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.themes import ink, picture_theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from dlterm.training.race import RaceSnapshot

_GAP = 2
_MARKS = 6  # cells before a name: the cursor, who leads, the letter
_NAMES = 10, 48  # cells, the fewest and the most
_ALARMING = {"diverged", "failed"}
_WAYS = (("write", "change"), ("add", "add"), ("remove", "remove"), ("races", "other races"))
_SHORT = {"test accuracy": "test", "train accuracy": "train", "test RMSE": "test", "train RMSE": "train"}


class Standings(Widget, can_focus=True):
    """Shows how all stand; a click chooses a contestant, a second one asks to change it."""

    ALLOW_SELECT = False
    topic = "standings"
    app = getters.app(DltermApp)

    class Chosen(Message):
        """A contestant was clicked; `again` where it was chosen already."""

        def __init__(self, place: int, *, again: bool) -> None:
            super().__init__()
            self.place, self.again = place, again

    class Asked(Message):
        """Something is to be done: the name of an action of the race."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    _snapshot: RaceSnapshot | None = None
    _chosen = 0
    _shown: tuple[object, ...] = ()

    def show(self, snapshot: RaceSnapshot, chosen: int, title: str) -> None:
        """Show how all stand."""
        if (snapshot, chosen, title) != self._shown:
            self._shown = snapshot, chosen, title
            self._snapshot, self._chosen = snapshot, chosen
            self.border_title = Content(title)
            self.refresh()

    def render(self) -> Content:
        """Return the table, and below it the keys."""
        snapshot, width = self._snapshot, self.size.width
        if snapshot is None:
            return Content("")
        lines = [*self._rows(snapshot, width)]
        below = self.size.height - len(lines)
        message = safe(snapshot.standings[self._chosen].message) if below > 1 else ""
        if message:
            lines.append(Content.styled(f"{'':{_MARKS}}{message}", "$error").truncate(width, ellipsis=True))
        if below > 0:
            lines += [Content("")] * (below - 1 - bool(message)) + [self._ways(width)]
        return Content("\n").join(lines)

    def _rows(self, snapshot: RaceSnapshot, width: int) -> Iterator[Content]:
        from dlterm.drawing import race

        lead, heads = race.leaders(snapshot), race.columns(snapshot.task)
        cells = [race.cells(standing, snapshot.task) for standing in snapshot.standings]
        names = [safe(standing.name) for standing in snapshot.standings]
        shown, widths = _fitted(heads, cells, width - _MARKS - max(_NAMES[0], *map(cell_len, names)))
        room = min(max(_NAMES[0], *map(cell_len, names)), width - _MARKS - sum(w + _GAP for w in widths))
        room = max(room, _NAMES[0])
        yield Content.styled(f"{'':{_MARKS + room}}{_row(shown, widths)}", "$text-muted")
        theme = picture_theme(self.app, self.background_colors[1])
        for k, (name, row) in enumerate(zip(names, cells, strict=True)):
            chosen, standing = k == self._chosen, snapshot.standings[k]
            colour = ink(getattr(theme, race.STYLES[k]), theme)
            line = Content.assemble(
                ("▸" if chosen else " ", "$accent"),
                (f"{race.LEADS if k in lead else ' '} ", "bold $success"),
                (f"{race.LETTERS[k]} ", f"bold {colour}"),
                " ",
                (_cut(name, room), "bold $foreground" if chosen else "$foreground"),
                (_row(row, widths), "$error" if standing.status in _ALARMING else "$foreground"),
            )
            shade = "on $block-cursor-background" if chosen and self.has_focus else ""
            yield line.pad_right(max(0, width - line.cell_length)).stylize(shade)

    def _ways(self, width: int) -> Content:
        """What can be done with contestants, each by its key and by a click."""
        parts: list[tuple[str, str]] = [("  ", "")]
        for action, words in _WAYS:
            link = f"@click=ask('{action}')"
            parts += [
                (self.app.keys.first(f"race.{action}"), f"$accent {link}"),
                (f" {words}", f"$text-muted {link}"),
                ("   ", ""),
            ]
        return Content.assemble(*parts).truncate(width, ellipsis=True)

    def on_click(self, event: events.Click) -> None:
        """Choose the contestant of the row."""
        at = event.get_content_offset(self)
        place = at.y - 1 if at else -1
        if self._snapshot is not None and 0 <= place < len(self._snapshot.standings):
            self.post_message(self.Chosen(place, again=place == self._chosen))

    def action_ask(self, action: str) -> None:
        """Ask for something to be done."""
        self.post_message(self.Asked(action))

    def on_focus(self) -> None:
        """Shade the chosen row."""
        self.refresh()

    def on_blur(self) -> None:
        """Shade it no more."""
        self.refresh()


def _fitted(
    heads: Sequence[str], rows: Sequence[Sequence[str]], room: int
) -> tuple[Sequence[str], list[int]]:
    """Return the heads, short ones where there is no room, and the widths of as many columns as fit."""
    for shown in (heads, [_SHORT.get(head, head) for head in heads]):
        widths = [max(cell_len(text) for text in column) for column in zip(shown, *rows, strict=True)]
        if sum(width + _GAP for width in widths) <= room:
            return shown, widths
    while len(widths) > 1 and sum(width + _GAP for width in widths) > room:
        widths.pop()
    return shown, widths


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{'':{_GAP}}{text:>{width}}" for text, width in zip(texts, widths, strict=False))


def _cut(text: str, cells: int) -> str:
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
