"""Cards: a term, an event or a text of the course as styled content, for any screen and pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.course.library import lessons
from dlterm.course.shelf import SOURCE_COLUMN, shelf
from dlterm.tui.reading import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlterm.course.schema import LessonHead, Term
    from dlterm.course.shelf import Table


def card(place: str, key: str = "") -> Content:
    """The card of a place, `kind:id`, whose kind is one of those below. Raises KeyError where there is none.

    `key` is the one that offers the experiments which fit.
    """
    kind, _, name = place.partition(":")
    if kind == "term":
        return term_card(shelf().terms[name], key)
    if kind == "event":
        return event_card(shelf().tables["timeline"], int(name))
    if kind == "source":
        return Content(str(shelf().sources[name]))
    if kind == "reading":
        return reading(lessons()[name])
    if kind == "lesson":
        return lesson_card(lessons()[name].head, key)
    return text_card(kind, name)


def lesson_card(head: LessonHead, key: str = "") -> Content:
    """What a lesson is about, what one is able to do after it, and the experiments that it speaks of."""
    parts: list[str | Content | tuple[str, str]] = [
        (head.title, "bold $accent"),
        (f"  {head.chapter}, {head.minutes} minutes\n\n", "$foreground 60%"),
        (f"{head.question}\n\n" if head.question else "", "italic"),
        "".join(f"• {able}\n" for able in head.able),
    ]
    return Content.assemble(*parts, _to_run(f"lesson:{head.id}", key))


def term_card(term: Term, key: str = "") -> Content:
    """A word's meaning, its formula, what shows it, where it leads, and who said it first; links call `open`."""
    found = shelf()
    also = f"  also {', '.join(term.also)}" if term.also else ""
    parts: list[str | Content | tuple[str, str]] = [
        (term.name, "bold $accent"),
        (also, "$text-muted"),
        f"\n\n{term.text}\n",
    ]
    if term.formula:
        parts.append((f"\n    {term.formula}\n", "$primary"))
    if term.see:
        parts += ["\nSee ", links(term.see)]
    if term.experiments:
        parts += ["\n", _to_run(f"term:{term.id}", key)]
    for source in term.sources:
        parts.append((f"\n\n{found.sources[source]}", "$text-muted"))
    return Content.assemble(*parts)


def _to_run(place: str, key: str) -> Content:
    """The experiments that fit a place of the course, each a link to it, and the key that offers them."""
    from dlterm.tui.fitting import experiments_at

    linked = [
        Content.styled(entry.title, f"$accent @click=open('experiment:{entry.id}')")
        for entry in experiments_at(place)
    ]
    if not linked:
        return Content("")
    return Content("\n  ").join([Content(f"\nRun it{f' ({key})' if key else ''}:"), *linked])


def links(terms: Iterable[str]) -> Content:
    """The names of terms, each a link to its card."""
    names = shelf().terms
    linked = [(names[term].name, f"$accent @click=open('term:{term}')") for term in terms]
    return Content(", ").join(Content.styled(*each) for each in linked)


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
    parts += [(f"\n{sources[key]}\n", "$text-muted") for key in event[SOURCE_COLUMN].split()]
    return Content.assemble(*parts)


def text_card(kind: str, name: str) -> Content:
    """A help topic, or a preset of the lab."""
    from dlterm.course.content import presets, topic

    if kind == "help":
        return Content(topic(name))
    preset = next(preset for preset in presets() if preset.id == name)
    return Content.assemble((preset.title, "bold"), f"\n\n{preset.note}\n\n    dlterm lab {preset.id}")
