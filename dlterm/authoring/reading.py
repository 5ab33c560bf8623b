"""Whether a lesson is easy to read: its length, its sentences, its paragraphs.

Counted is prose alone: paragraphs, points and quotations, without headings, formulas, code, figures and sources. The
level of reading is two numbers that a writer can act on: the mean length of a sentence, and the share of long ones. No
index of syllables: the long words of this field are its terms, which the glossary explains. Guides to plain English ask
for 15 to 20 words a sentence; the course's lessons have 11 to 14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.problem import Problem
from dlterm.course.prose import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.lesson import Lesson

LEAST_WORDS, MOST_WORDS = 700, 1500  # of a lesson: five to ten minutes, before its figures are played with
MEAN_WORDS = 18  # of a sentence
LONG, SHARE_LONG = 30, 0.05  # words of a long sentence, and how many of a lesson's may be long
LONGEST = 45
MOST_IN_A_PARAGRAPH = 110  # words: in one of more, there is a second idea


def reading_faults(lesson: Lesson) -> Iterator[Problem]:
    """What makes a lesson hard to read."""
    yield from _length(lesson)
    yield from _sentences(lesson)
    for passage in lesson.passages:
        if (count := len(passage.words)) > MOST_IN_A_PARAGRAPH:
            what = f"a {passage.kind} of {count} words"
            yield Problem(
                lesson.file, passage.line, what, f"one idea a paragraph: {MOST_IN_A_PARAGRAPH} at most"
            )


def _length(lesson: Lesson) -> Iterator[Problem]:
    count = lesson.words
    if count < LEAST_WORDS:
        yield Problem(lesson.file, 0, f"{count} words of prose", f"a lesson has at least {LEAST_WORDS}")
    if count > MOST_WORDS:
        yield Problem(
            lesson.file, 0, f"{count:,} words of prose", f"make two lessons: {MOST_WORDS:,} at most"
        )


def _sentences(lesson: Lesson) -> Iterator[Problem]:
    counts = []
    for passage in lesson.passages:
        for sentence in passage.sentences:
            counts.append(count := len(words(sentence)))
            if count > LONGEST:
                what = f"a sentence of {count} words: {' '.join(sentence.split()[:6])} …"
                yield Problem(lesson.file, passage.line, what, f"make two of it: {LONGEST} at most")
    if not counts:
        return
    if (mean := sum(counts) / len(counts)) > MEAN_WORDS:
        what = f"{mean:.1f} words a sentence on average"
        yield Problem(lesson.file, 0, what, f"write shorter ones: {MEAN_WORDS} at most")
    if (share := sum(count > LONG for count in counts) / len(counts)) > SHARE_LONG:
        what = f"{share:.0%} of the sentences have more than {LONG} words"
        yield Problem(lesson.file, 0, what, f"split some: {SHARE_LONG:.0%} at most")
