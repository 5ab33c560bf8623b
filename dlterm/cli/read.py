"""`dlterm read LESSON`: the course in the shell."""

from __future__ import annotations

import json
import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
import msgspec

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.figures import Experiment
from dlterm.course.library import cited, lessons, numbered, require_sound, unlinked
from dlterm.course.packs import roots
from dlterm.course.shelf import shelf
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType

    from dlterm.course.figures import Figure
    from dlterm.course.lesson import Lesson
    from dlterm.course.schema import LessonHead
    from dlterm.drawing.views import View

_WIDTH = 88  # columns of text at the most
_PLAIN = 80
_QUESTIONS = 5


@click.command(epilog=examples(*COMMANDS["read"].examples))
@click.argument("lesson", required=False)
@click.option("--search", "words", metavar="WORDS", help="List the lessons that hold these words.")
@json_option
@no_color_option
def command(lesson: str | None, words: str | None, as_json: bool) -> int:
    """Read LESSON; without one, list the lessons. On a terminal it opens in a pager, in a pipe it is Markdown."""
    found = lessons()
    if words is not None:
        return _search(words, as_json=as_json)
    if lesson is None:
        for each in found.values():
            _list(each, as_json=as_json)
        return ExitCode.DONE
    if lesson not in found:
        near = _near(lesson, found)
        raise DltermError(
            f'there is no lesson "{safe(lesson, limit=60)}"',
            hint=f"did you mean {', '.join(near)}?" if near else "dlterm read lists the lessons",
            exit_code=ExitCode.NO_INPUT,
        )
    chosen = found[lesson]
    if as_json:
        click.echo(json.dumps({**msgspec.to_builtins(chosen.head), "markdown": chosen.markdown}))
        return ExitCode.DONE
    require_sound(chosen, shelf())
    if sys.stdout.isatty():
        _show(chosen)
    else:
        click.echo(_markdown(chosen), nl=False)
    return ExitCode.DONE


def _near(name: str, known: Iterable[str]) -> list[str]:
    """The lessons that may have been meant: those whose names hold it, or are nearly it."""
    known, name = list(known), name.lower()
    return [each for each in known if name in each][:3] or get_close_matches(name, known, n=3)


def _list(lesson: Lesson, *, as_json: bool) -> None:
    head = lesson.head
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(head)))
    else:
        click.echo(f"{head.id:28}  {head.minutes:>3} min  {head.title}")


def _search(words: str, *, as_json: bool) -> int:
    from dlterm.course.search import MARKS, index

    hits = [hit for hit in index().search(words, limit=200) if hit.kind == "lesson"]
    for hit in hits:
        excerpt = " ".join(hit.excerpt.translate({ord(mark): None for mark in MARKS}).split())
        if as_json:
            click.echo(json.dumps({"id": hit.id, "title": hit.title, "excerpt": excerpt}))
        else:
            click.echo(f"{hit.id:28}  {excerpt}")
    return ExitCode.DONE if hits else ExitCode.NO


def _markdown(lesson: Lesson) -> str:
    """The lesson as Markdown that any program reads: figures as text, sources as footnotes."""
    from dlterm.drawing.show import as_text

    parts = [f"# {lesson.head.title}\n"]
    if lesson.head.question:
        parts.append(f"*{lesson.head.question}*\n")
    parts += _about(lesson.head)
    for part in lesson.parts:
        if part.figure is None:
            parts.append(unlinked(part.text))
            continue
        view = _view(part.figure)
        drawn = _how_to_run(part.figure) if view is None else as_text(view, _PLAIN)
        parts.append(f"```\n{drawn}\n```\n\n*{part.figure.caption}*\n")
    parts += _asked(lesson)
    keys = cited(lesson)
    if keys:
        parts.append("".join(f"[^{key}]: {shelf().sources[key]}\n" for key in keys))
    return "\n".join(parts)


def _about(head: LessonHead) -> list[str]:
    """What one is able to do after a lesson, and what to read before it."""
    able = "".join(f"- {each}\n" for each in head.able)
    before = ", ".join(f"{lessons()[name].head.title} (`dlterm read {name}`)" for name in head.needs)
    return [
        *([f"{head.minutes} minutes. Afterwards you are able to\n\n{able}"] if able else ()),
        *([f"To be read before: {before}.\n"] if before else ()),
    ]


def _asked(lesson: Lesson) -> list[str]:
    """Where a lesson has questions, how to be asked a few of them; they are not read for that."""
    questions = lesson.file.removesuffix(".md") + ".quiz.toml"
    if not any((root / questions).is_file() for root in roots()):
        return []
    return [f"Some questions about it: `dlterm quiz {lesson.head.id} --n {_QUESTIONS}`\n"]


def _show(lesson: Lesson) -> None:
    """The lesson on a terminal, through a pager where it is longer than the screen."""
    from rich.console import Console, Group
    from rich.markdown import Markdown
    from rich.text import Text

    console = Console(highlight=False)
    width, keys = min(console.width, _WIDTH), cited(lesson)
    parts: list[RenderableType] = [Text(lesson.head.title, style="bold"), ""]
    if lesson.head.question:
        parts += [Text(lesson.head.question, style="italic"), ""]
    parts += [each for text in _about(lesson.head) for each in (Markdown(text), "")]
    for part in lesson.parts:
        if part.figure is None:
            parts.append(Markdown(numbered(unlinked(part.text), keys), hyperlinks=False))
        else:
            parts += [_figure(part.figure, console, width), Text(part.figure.caption, style="dim")]
        parts.append("")
    parts += [each for text in _asked(lesson) for each in (Markdown(text), "")]
    if keys:
        sources = (f"[{number}] {shelf().sources[key]}" for number, key in enumerate(keys, start=1))
        parts.append(Text("\n".join(sources), style="dim"))
    page = Group(*parts)
    if len(console.render_lines(page, console.options.update_width(width))) < console.height:
        console.print(page, width=width)
        return
    os.environ.setdefault("LESS", "-R")  # without it less shows colours as the codes they are
    with console.pager(styles=not console.no_color):
        console.print(page, width=width)


def _figure(figure: Figure, console: Console, width: int) -> RenderableType:
    from rich.text import Text

    from dlterm.drawing.depth import console_depth
    from dlterm.drawing.draw import draw
    from dlterm.drawing.show import natural_height

    view = _view(figure)
    if view is None:
        return Text(_how_to_run(figure), style="cyan")
    return draw(view, width, natural_height(view, width), depth=console_depth(console))


def _view(figure: Figure) -> View | None:
    from dlterm.drawing.figures import figure_view

    return figure_view(figure, shelf())


def _how_to_run(figure: Figure) -> str:
    if isinstance(figure, Experiment):
        from dlterm.experiments.registry import entry

        about = entry(figure.id)
        return f"{about.title}\n{about.question}\nIt is claimed: {about.claim}.\n\ndlterm run {about.id}"
    return f"dlterm lab '{getattr(figure, 'recipe', '')}'"
