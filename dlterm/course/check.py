"""All that is wrong with a content pack: each file by itself, and what they say of each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dlterm.course.figures import figure_fault, problem_of
from dlterm.course.lesson import read_lesson
from dlterm.course.pack import Pack
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.questions import read_quiz
from dlterm.course.shelf import GLOSSARY, SOURCES, TABLES, read_shelf

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from dlterm.course.lesson import Lesson
    from dlterm.course.questions import Quiz
    from dlterm.course.shelf import Shelf, Table

_CITED = re.compile(r"\[\^(?P<key>[a-z0-9-]+)\]")
_LINKED = re.compile(r"\]\((?P<target>[^)\s]*)\)")
_SCHEMES = ("lesson:", "term:", "table:", "lab:", "experiment:", "https://", "http://", "#")


def check(root: Path) -> list[Problem]:
    """Every problem of the pack at that directory, sorted by file and line."""
    problems: list[Problem] = []
    pack = Pack(root)
    try:
        files = list(pack.files())
    except ProblemError as error:
        return [error.problem]
    shelf = read_shelf(pack, problems)
    lessons = [read_lesson(pack, name, problems) for name in files if _is_lesson(name, ".md")]
    quizzes = [read_quiz(pack, name, problems) for name in files if _is_lesson(name, ".quiz.toml")]
    found = [lesson for lesson in lessons if lesson is not None]
    problems += _file_faults(pack, files)
    problems += _shelf_faults(pack, shelf)
    problems += _lesson_faults(found, shelf)
    problems += _quiz_faults([quiz for quiz in quizzes if quiz is not None], found, shelf)
    return sorted(set(problems))


def _is_lesson(name: str, ending: str) -> bool:
    return name.startswith("lessons/") and name.endswith(ending)


def _file_faults(pack: Pack, files: Iterable[str]) -> Iterator[Problem]:
    """A file is one of the pack itself, and of a kind that packs have."""
    for name in files:
        path = pack.root / name
        if path.is_symlink() or not path.is_file():
            yield Problem(name, 0, "not a file of the pack itself", "no links, pipes or devices")
        elif not name.endswith((".toml", ".csv", ".md")):
            yield Problem(name, 0, "a pack has no such files", "texts are .md, .toml and .csv")


def _source_faults(file: str, line: int, keys: Iterable[str], shelf: Shelf) -> Iterator[Problem]:
    for key in keys:
        if key not in shelf.sources:
            yield Problem(file, line, f"no source {key}", f"add it to {SOURCES}")


def _shelf_faults(pack: Pack, shelf: Shelf) -> Iterator[Problem]:
    text = pack.read(GLOSSARY) if shelf.terms else None
    for number, term in enumerate(shelf.terms.values()):
        line = text.line_of("term", number) if text else 0
        for other in term.see:
            if other not in shelf.terms:
                yield Problem(GLOSSARY, line, f'{term.id} sees "{other}"', "no term has that id")
        yield from _source_faults(GLOSSARY, line, term.sources, shelf)
    for table in shelf.tables.values():
        file = f"{TABLES}/{table.name}.csv"
        yield from _chart_faults(table)
        for row, line in zip(table.rows, table.lines, strict=True):
            if not row[-1]:
                yield Problem(file, line, "no source", "name where the row is from")
            yield from _source_faults(file, line, row[-1].split(), shelf)


def _chart_faults(table: Table) -> Iterator[Problem]:
    file, chart = f"{TABLES}/{table.name}.toml", table.about.chart
    if chart is None:
        return
    for axis in (chart.x, chart.y):
        if axis not in table.numeric:
            yield Problem(file, 0, f"the chart's {axis} is no column of numbers", "name one that is")
    if chart.by and chart.by not in table.columns:
        yield Problem(file, 0, f"the chart's {chart.by} is no column", "name one that is there")


def _lesson_faults(lessons: list[Lesson], shelf: Shelf) -> Iterator[Problem]:
    ids = {lesson.head.id: lesson.file for lesson in lessons}
    for lesson in lessons:
        if ids[lesson.head.id] != lesson.file:
            what = f'the id "{lesson.head.id}" is there twice'
            yield Problem(lesson.file, 2, what, f"it is in {ids[lesson.head.id]} too")
        for other in (*lesson.head.needs, *lesson.head.next):
            if other not in ids:
                yield Problem(lesson.file, 2, f'no lesson has the id "{other}"', "name one that is there")
        for part in lesson.parts:
            wrong = part.fault or (figure_fault(part.figure, shelf) if part.figure else "")
            if wrong:
                yield problem_of(lesson.file, part.line, wrong)
        for number, line in enumerate(lesson.markdown.splitlines(), start=lesson.after + 1):
            cited = (match["key"] for match in _CITED.finditer(line))
            yield from _source_faults(lesson.file, number, cited, shelf)
            for match in _LINKED.finditer(line):
                if fault := _link_fault(match["target"], ids, shelf):
                    yield Problem(lesson.file, number, *fault)


def _link_fault(target: str, lessons: Container[str], shelf: Shelf) -> tuple[str, str] | None:
    """What is wrong with a link, and how to mend it."""
    scheme, _, rest = target.partition(":")
    name = rest.partition("#")[0]
    if not target.startswith(_SCHEMES):
        return f'a link to "{target}"', f"links begin with {', '.join(_SCHEMES)}"
    if scheme == "term" and name not in shelf.terms:
        return f'no term has the id "{name}"', f"add it to {GLOSSARY}"
    if scheme == "table" and name not in shelf.tables:
        return f'there is no table "{name}"', "name one that is there"
    if scheme == "lesson" and name not in lessons:
        return f'no lesson has the id "{name}"', "name one that is there"
    return None


def _quiz_faults(quizzes: list[Quiz], lessons: list[Lesson], shelf: Shelf) -> Iterator[Problem]:
    places: dict[str, str] = {}
    known = {lesson.head.id for lesson in lessons}
    for quiz in quizzes:
        if quiz.lesson not in known:
            yield Problem(quiz.file, 1, f'no lesson has the id "{quiz.lesson}"', "name its lesson")
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            if question.id in places:
                what = f'the id "{question.id}" is there twice'
                yield Problem(quiz.file, line, what, f"it is at {places[question.id]} too")
            places[question.id] = f"{quiz.file}:{line}"
            yield from _source_faults(quiz.file, line, question.sources, shelf)
