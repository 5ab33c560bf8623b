"""A handout as Markdown, with its pictures in files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.authoring.handout import Cells, Drawing, Text
from dlterm.authoring.sheet import letter
from dlterm.course.library import unlinked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.authoring.handout import Handout
    from dlterm.authoring.sheet import Asked


def as_markdown(page: Handout, *, answers: bool = False) -> tuple[str, dict[str, str]]:
    """Return the text, and the pictures by the names that it has for them; with `answers` the key comes last."""
    pictures: dict[str, str] = {}
    blocks = [f"# {page.head.title}"]
    if page.head.question:
        blocks.append(f"*{page.head.question}*")
    if page.head.able:
        blocks.append("\n".join(["Afterwards you are able to\n", *(f"- {able}" for able in page.head.able)]))
    for part in page.parts:
        match part:
            case Text():
                blocks.append(unlinked(part.markdown).strip("\n"))
            case Drawing():
                name = f"{page.head.id}-{len(pictures) + 1}.svg"
                pictures[name] = part.svg
                again = f"\n`{part.command}`" if part.command else ""
                blocks.append(f"![{_label(part.caption)}]({name})\n\n*{part.caption}*{again}")
            case Cells():
                blocks.append(f"{_table(part)}\n\n*{part.caption}*")
    if page.questions:
        blocks.append("## Questions")
        blocks += [_question(number, asked) for number, asked in enumerate(page.questions, start=1)]
    if page.sources:
        notes = zip(page.keys, page.sources, strict=True)
        blocks.append("\n".join(f"[^{key}]: {source}" for key, source in notes))
    if answers and page.questions:
        blocks.append("## Answers")
        blocks += [
            f"{n}. **{asked.key}.** {asked.explain}" for n, asked in enumerate(page.questions, start=1)
        ]
    return "\n\n".join(blocks) + "\n", pictures


def _question(number: int, asked: Asked) -> str:
    return "\n".join(_lines(number, asked))


def _lines(number: int, asked: Asked) -> Iterator[str]:
    yield f"**{number}.** {asked.prompt}\n\n*{asked.task}*\n"
    yield from (f"- {place} {text} \\_\\_\\_\\_" for place, text in enumerate(asked.pairs_with, start=1))
    if asked.pairs_with:
        yield ""
    box = "" if asked.pairs_with or asked.lines else "☐ "
    yield from (f"- {box}{letter(place)} {text}" for place, text in enumerate(asked.choices))
    yield from ("\n" + "\\_" * 40 for _ in range(asked.lines))


def _table(part: Cells) -> str:
    rows = [part.table.columns, ("---",) * len(part.table.columns), *part.table.rows]
    return "\n".join(
        f"| {' | '.join('' if cell is None else _cell(str(cell)) for cell in row)} |" for row in rows
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _label(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
