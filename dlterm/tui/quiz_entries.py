"""What the quiz's page lists: the ways to be asked, and every lesson with what is known of it. It knows no screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.quiz.opening import Wish, due_now, situation
from dlterm.tui import quiz_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dlterm.course.schema import LessonHead
    from dlterm.quiz.statistics import LessonProgress
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

_TITLE, _BAR, _GAP = 11, 10, 2  # columns
LESSON = "lesson:"
WISHES = {
    "review": Wish("review"),
    "exam": Wish("exam"),
    "cram": Wish("cram", count=20),
    "marathon": Wish("marathon"),
    "placement": Wish("placement"),
}
_LINES = {
    "review": "what is due today, and some new questions",
    "exam": "{}, a mark at the end",
    "cram": "what you know worst, and the schedule stays",
    "marathon": "prediction after prediction, each is run",
    "placement": "which lessons you can skip",
    "topic": "a tag, a chapter, a type of question",
    "pretest": "a guess before a lesson is read",
}
_ABOUT = {
    "review": "Questions of all lessons, mixed. What you know comes back after days, then weeks, then months; what you"
    " had wrong comes again in the same session, and soon. What you were sure of and had wrong comes first.",
    "exam": "As many questions of each lesson, without hints or feedback until the end; then a mark, and every"
    " question with its answer. It moves the schedule, as every honest answer does. How many questions it has, and how"
    " many minutes, is said in the settings.",
    "cram": "Practice when nothing is due: what you know worst comes first, and nothing of it moves the schedule.",
    "marathon": "What will come out? Each experiment is trained while you watch, and decides.",
    "placement": "Three questions on each lesson, in their order, until two lessons in a row are not known: there you"
    " begin.",
    "topic": "Search a tag, a chapter, a type of question, or an objective, and be asked all questions on it.",
    "pretest": "Choose a lesson below, and press the key for Guess first: to err before reading helps to notice what"
    " is read. Nothing of it moves the schedule.",
}


@dataclass(frozen=True)
class Known:
    """What there is to ask, as the store says."""

    due: int
    new: int
    burning: int  # due, and surely wrong before
    off: bool
    lessons: tuple[LessonProgress, ...]
    heads: dict[str, LessonHead]

    @property
    def due_words(self) -> str:
        """What a review would ask."""
        if self.off:
            return "a day of your vacation: nothing is due"
        parts = [f"{self.due} due"] * bool(self.due) + [f"{self.new} new"] * bool(self.new)
        return ", ".join(parts) or "nothing more today"


def known_now(store: Store, config: Config, now: datetime) -> Known:
    """What there is to ask. Raises DltermError where the store cannot be read."""
    from dlterm.quiz.statistics import lesson_progress

    there = situation(store, config, now)
    due, new = due_now(there)
    known = {name: card for name, card in there.cards.items() if name in there.bank.entries}
    burning = sum(card.surely_wrong and card.is_due(there.day) for card in known.values())
    lessons = lesson_progress(store, there.bank, known, there.day)
    return Known(due, new, burning, there.off, lessons, dict(there.bank.lessons))


def entries(known: Known | None, config: Config, width: int) -> Iterator[Option]:
    """All that can be chosen, in lines of this width; lessons once there is something known."""
    exam = exam_words(config)
    yield Option(Content.styled("Be asked", "bold $primary"), disabled=True)
    for name, line in _LINES.items():
        title = quiz_words.MODE_TITLES[name]
        due = known.due_words if known is not None and name == "review" else ""
        about = (
            Content.assemble((due, "bold $accent"))
            if due
            else Content.styled(line.format(exam), "$text-muted")
        )
        yield Option(
            Content.assemble(" ", (f"{title:{_TITLE}}", "bold"), about).truncate(width, ellipsis=True),
            id=name,
        )
    if known is not None:
        yield Option(Content.styled("\nLessons", "bold $primary"), disabled=True)
        for lesson in known.lessons:
            yield Option(_lesson_line(lesson, width), id=f"{LESSON}{lesson.id}")


def exam_words(config: Config) -> str:
    """How long an exam is, as it is set."""
    questions, minutes = config.exam_questions, config.exam_minutes
    limit = f" in {minutes} minute{'s' * (minutes != 1)}" if minutes else ""
    return f"{questions} question{'s' * (questions != 1)}{limit}"


def about(entry: str, known: Known | None) -> Content:
    """What an entry is, by its id."""
    if entry.startswith(LESSON):
        return _about_lesson(entry.removeprefix(LESSON), known)
    return _about_mode(entry, known)


def _about_mode(name: str, known: Known | None) -> Content:
    parts: list[str | tuple[str, str]] = [
        (quiz_words.MODE_TITLES[name], "bold $accent"),
        "\n\n",
        _ABOUT[name],
    ]
    if name == "review" and known is not None:
        parts += ["\n\n", (known.due_words[:1].upper() + known.due_words[1:] + ".", "bold")]
        if known.burning:
            parts.append(f" {known.burning} of them you were sure of, and had wrong.")
    return Content.assemble(*parts)


def _about_lesson(name: str, known: Known | None) -> Content:
    lesson = next((each for each in known.lessons if each.id == name), None) if known else None
    if known is None or lesson is None:
        return Content("")
    mastered = "Known" if lesson.is_mastered else "Mastered" if lesson.mastered else "Not mastered yet"
    parts: list[str | Content | tuple[str, str]] = [
        (f"{lesson.title}\n\n", "bold $accent"),
        (f"{known.heads[name].question}\n\n" if known.heads[name].question else "", "italic"),
        f"{mastered}: {lesson.mastered} of {lesson.questions} questions right on two days.",
        f" Asked so far: {lesson.seen}.",
        (f"\n{lesson.due} due today." if lesson.due else "", "bold"),
    ]
    return Content.assemble(*parts)


def _lesson_line(lesson: LessonProgress, width: int) -> Content:
    """A lesson with its bar; its title is cut before its numbers are."""
    due = f"{lesson.due} due" if lesson.due else ""
    count = f"{lesson.mastered:>3}/{lesson.questions:<3}"
    rest = f"{count}{due:>7}"
    room = max(width - _BAR - len(rest) - 2 * _GAP - 3, 8)
    title = lesson.title if cell_len(lesson.title) <= room else set_cell_size(lesson.title, room - 1) + "…"
    sign, style = (
        ("✓", "$success")
        if lesson.is_mastered
        else ("○", "$text-muted")
        if not lesson.seen
        else ("◐", "$accent")
    )
    return Content.assemble(
        " ", (sign, style), " ", set_cell_size(title, room), " " * _GAP,
        quiz_words.bar(lesson.mastered, lesson.seen, lesson.questions, _BAR),
        (count, "$text-muted"), (f"{due:>7}", "bold $accent"),
    )  # fmt: skip
