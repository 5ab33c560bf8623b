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

_MARKS = 6  # cells before a name: the cursor, who leads, the letter
_NAMES = 10, 48  # cells, the fewest and the most
_WAYS_TO_FIT = (False, 2), (True, 2), (True, 1)  # in short or not, cells between columns: the first that fits
_ALARMING = {"diverged", "failed"}
_WAYS = (("write", "change"), ("add", "add"), ("remove", "remove"), ("races", "races"))
_LEAST = {"test": 6, "train": 6, "time": 7, "epochs": 6}  # cells, so that columns keep their places
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

        lead, names = race.leaders(snapshot), [safe(standing.name) for standing in snapshot.standings]
        short = [race.short_name(name) for name in names]
        heads, cells, widths = _columns(
            snapshot, width - _MARKS - _room(names), width - _MARKS - _room(short)
        )
        left = width - _MARKS - sum(widths)
        names = names if _room(names) <= left else short
        room = max(_NAMES[0], min(_room(names), left))
        yield Content.styled(f"{'':{_MARKS + room}}{_row(heads, widths)}", "$text-muted")
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
                ("  ", ""),
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


def _columns(
    snapshot: RaceSnapshot, room: int, most: int
) -> tuple[Sequence[str], list[Sequence[str]], list[int]]:
    """Return heads, rows and widths of the columns; in short where they need more than `room`, as many as `most` has.

    `most` is the room that there is beside short names.
    """
    from dlterm.drawing import race

    for short, gap in _WAYS_TO_FIT:
        heads: Sequence[str] = race.columns(snapshot.task)
        rows: list[Sequence[str]] = [
            race.cells(standing, snapshot.task, short=short) for standing in snapshot.standings
        ]
        heads = [_SHORT.get(head, head) for head in heads] if short else heads
        columns = [*zip(heads, *rows, strict=True)]
        if not any(columns[-1][1:]):  # nobody has anything to say of its state
            columns.pop()
        widths = [gap + max(_LEAST.get(column[0], 0), *map(cell_len, column)) for column in columns]
        if sum(widths) <= room:
            break
    while len(widths) > 1 and sum(widths) > most:
        widths.pop()
    return heads, rows, widths


def _room(names: Sequence[str]) -> int:
    return min(max(_NAMES[0], *map(cell_len, names)), _NAMES[1])


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{text:>{width}}" for text, width in zip(texts, widths, strict=False))


def _cut(text: str, cells: int) -> str:
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
