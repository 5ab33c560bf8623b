"""Cards: a term, an event or a text of the course as styled content, for any screen and pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.course.shelf import SOURCE_COLUMN, shelf

if TYPE_CHECKING:
    from dlterm.course.schema import Term
    from dlterm.course.shelf import Table


def term_card(term: Term) -> Content:
    """A word's meaning, its formula, where it leads, and who said it first; links call `open` on the screen."""
    found = shelf()
    also = f"  also {', '.join(term.also)}" if term.also else ""
    parts: list[str | tuple[str, str]] = [
        (term.name, "bold $accent"),
        (also, "$foreground 60%"),
        f"\n\n{term.text}\n",
    ]
    if term.formula:
        parts.append((f"\n    {term.formula}\n", "$primary"))
    for number, other in enumerate(term.see):
        style = f"$accent @click=screen.open('term:{other}')"
        parts += ["\nSee " if number == 0 else ", ", (found.terms[other].name, style)]
    for key in term.sources:
        parts.append((f"\n\n{found.sources[key]}", "$foreground 60%"))
    return Content.assemble(*parts)


def event_card(table: Table, number: int) -> Content:
    """What happened, and who did it; `number` is the row of the timeline."""
    event = dict(zip(table.columns, table.rows[number], strict=True))
    parts: list[str | tuple[str, str]] = [
        (f"{event['year']}  ", "bold $accent"),
        (event["event"], "bold"),
        f"\n\n{event['text']}\n",
    ]
    if event["people"]:
        parts.append(f"\n{event['people']}\n")
    sources = shelf().sources
    parts += [(f"\n{sources[key]}\n", "$foreground 60%") for key in event[SOURCE_COLUMN].split()]
    return Content.assemble(*parts)


def text_card(kind: str, name: str) -> Content:
    """A help topic, or a preset of the lab."""
    from dlterm.course.content import presets, topic

    if kind == "help":
        return Content(topic(name))
    preset = next(preset for preset in presets() if preset.id == name)
    return Content.assemble((preset.title, "bold"), f"\n\n{preset.note}\n\n    dlterm lab {preset.id}")
