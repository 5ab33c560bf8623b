"""All that is wrong with a content pack: each file by itself, and what they say of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.figures import figure_fault, problem_of
from dlterm.course.links import Link, link_fault, links
from dlterm.course.pack import LARGEST_TABLE
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.prose import CITED
from dlterm.course.runnable import experiments
from dlterm.course.shelf import GLOSSARY, SOURCES, TABLES
from dlterm.course.whole import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dlterm.course.pack import Pack
    from dlterm.course.questions import Quiz
    from dlterm.course.shelf import Shelf, Table
    from dlterm.course.whole import Whole


def check(root: Path, course: Whole | None = None) -> list[Problem]:
    """Every problem of the pack at that directory, sorted by file and line.

    It may speak of the terms, sources, tables and lessons of the `course` beside which it is to stand, too.
    """
    problems: list[Problem] = []
    try:
        pack = read_whole(root, problems)
    except ProblemError as error:
        return [error.problem]
    return sorted({*problems, *faults(pack, course)})


def faults(pack: Whole, course: Whole | None = None) -> Iterator[Problem]:
    """What is wrong with what was read of a pack."""
    shelf = pack.shelf if course is None else course.shelf.with_(pack.shelf)
    known = {} if course is None else {lesson.head.id: lesson.file for lesson in course.lessons}
    yield from _file_faults(pack.pack, pack.files)
    yield from _shelf_faults(pack, shelf)
    yield from _lesson_faults(pack, shelf, known)
    yield from _quiz_faults(pack.quizzes, {*known, *(lesson.head.id for lesson in pack.lessons)}, shelf)


def _file_faults(pack: Pack, files: Iterable[str]) -> Iterator[Problem]:
    """A file is one of the pack itself, of a kind that packs have, and safe to show, whether it is used or not."""
    for name in files:
        path = pack.root / name
        if path.is_symlink() or not path.is_file():
            yield Problem(name, 0, "not a file of the pack itself", "no links, pipes or devices")
        elif not name.endswith((".toml", ".csv", ".md")):
            yield Problem(name, 0, "a pack has no such files", "texts are .md, .toml and .csv")
        else:
            try:
                pack.read(name, largest=LARGEST_TABLE)
            except ProblemError as error:
                yield error.problem


def _source_faults(file: str, line: int, keys: Iterable[str], shelf: Shelf) -> Iterator[Problem]:
    for key in keys:
        if key not in shelf.sources:
            yield Problem(file, line, f"no source {key}", f"add it to {SOURCES}")


def _shelf_faults(pack: Whole, shelf: Shelf) -> Iterator[Problem]:
    text = pack.pack.read(GLOSSARY) if pack.shelf.terms else None
    for number, term in enumerate(pack.shelf.terms.values()):
        line = text.line_of("term", number) if text else 0
        for other in term.see:
            if other not in shelf.terms:
                yield Problem(GLOSSARY, line, f'{term.id} sees "{other}"', "no term has that id")
        for name in term.experiments:
            if name not in experiments():
                what = f'{term.id} names the experiment "{name}"'
                yield Problem(GLOSSARY, line, what, "there is none; dlterm experiments lists them")
        yield from _source_faults(GLOSSARY, line, term.sources, shelf)
    for table in pack.shelf.tables.values():
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


def _lesson_faults(pack: Whole, shelf: Shelf, known: dict[str, str]) -> Iterator[Problem]:
    own = {lesson.head.id: lesson.file for lesson in pack.lessons}
    ids = known | own
    for lesson in pack.lessons:
        if own[lesson.head.id] != lesson.file:
            what = f'the id "{lesson.head.id}" is there twice'
            yield Problem(lesson.file, 2, what, f"it is in {own[lesson.head.id]} too")
        for other in (*lesson.head.needs, *lesson.head.next):
            if other not in ids:
                yield Problem(lesson.file, 2, f'no lesson has the id "{other}"', "name one that is there")
        for part in lesson.parts:
            wrong = part.fault or (figure_fault(part.figure, shelf) if part.figure else "")
            if wrong:
                yield problem_of(lesson.file, part.line, wrong)
        for number, line in enumerate(lesson.markdown.splitlines(), start=lesson.after + 1):
            cited = (match["key"] for match in CITED.finditer(line))
            yield from _source_faults(lesson.file, number, cited, shelf)
        for link in links(lesson.markdown, lesson.after):
            if fault := link_fault(link, ids, shelf):
                yield Problem(lesson.file, link.line, *fault)


def _quiz_faults(quizzes: Iterable[Quiz], known: set[str], shelf: Shelf) -> Iterator[Problem]:
    places: dict[str, str] = {}
    for quiz in quizzes:
        if quiz.lesson not in known:
            yield Problem(quiz.file, 1, f'no lesson has the id "{quiz.lesson}"', "name its lesson")
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            if question.id in places:
                what = f'the id "{question.id}" is there twice'
                yield Problem(quiz.file, line, what, f"it is at {places[question.id]} too")
            places[question.id] = f"{quiz.file}:{line}"
            yield from _source_faults(quiz.file, line, question.sources, shelf)
            for target in question.links:
                if fault := link_fault(Link(line, target), known, shelf):
                    yield Problem(quiz.file, line, f"question {question.id}: {fault[0]}", fault[1])
