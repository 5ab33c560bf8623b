"""How far the course is read, as signs and bars; what is told by colour is told by a sign, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from dlterm.settings.state import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlterm.course.lesson import Lesson

_SIGNS = "◔◑◕"  # begun: by thirds
_NEW, _DONE = "○", "✓"
_FULL, _EMPTY = "━", "─"
_BAR = 8  # columns
_GAP = 2


def chapters(lessons: Mapping[str, Lesson]) -> dict[str, list[Lesson]]:
    """The lessons by their chapters, both in their order."""
    found: dict[str, list[Lesson]] = {}
    for lesson in lessons.values():
        found.setdefault(lesson.head.chapter, []).append(lesson)
    return found


def last_read(reading: Mapping[str, Reading], lessons: Mapping[str, Lesson]) -> str:
    """The lesson that was read last, "" before the first."""
    return next((lesson for lesson in reversed(list(reading)) if lesson in lessons), "")


def sign(reading: Reading | None) -> tuple[str, str]:
    """Whether a lesson is new, begun or read: a sign and its colour."""
    if reading is None:
        return _NEW, "$text-muted"
    if reading.is_done:
        return _DONE, "$success"
    return _SIGNS[min(int(3 * reading.share), 2)], "$accent"


def lesson_row(lesson: Lesson, reading: Reading | None, width: int) -> Content:
    """A lesson in the contents: its title is cut before its minutes are; of one that is begun, the share read."""
    mark, color = sign(reading)
    is_begun = reading is not None and not reading.is_done
    share = f"{reading.share:.0%}  " if reading is not None and is_begun else ""
    minutes = f"{lesson.head.minutes:>2} min"
    title = _cut(lesson.head.title, width - 3 - _GAP - len(share + minutes))
    return Content.assemble(
        " ", (mark, color), " ", title, " " * _GAP, (share, "$accent"), (minutes, "$text-muted")
    )


def chapter_row(title: str, lessons: Sequence[Lesson], reading: Mapping[str, Reading], width: int) -> Content:
    """A chapter, with a bar of what is read of it."""
    bar = chapter_bar(lessons, reading)
    return Content.assemble(
        (_cut(title, width - _GAP - cell_len(bar.plain)), "bold $primary"), " " * _GAP, bar
    )


def chapter_bar(lessons: Sequence[Lesson], reading: Mapping[str, Reading]) -> Content:
    """What is read of some lessons: a bar, and how many of how many are read to the end."""
    found = [reading.get(lesson.head.id, Reading()) for lesson in lessons]
    share = sum(each.share for each in found) / len(found)
    full = min(round(_BAR * share) or bool(share), _BAR - (share < 1))
    done = sum(each.is_done for each in found)
    return Content.assemble(
        (_FULL * full, "$success"),
        (_EMPTY * (_BAR - full), "$text-muted 50%"),
        (f"  {done}/{len(found)}", "$text-muted"),
    )


def _cut(text: str, width: int) -> str:
    """The text in so many columns."""
    if cell_len(text) > width:
        return set_cell_size(text, max(width - 1, 0)) + "…"
    return set_cell_size(text, max(width, 0))
