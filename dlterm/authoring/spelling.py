"""Whether every word of a pack is one: of the English of either side of the Atlantic, or a name that the pack knows.

The dictionary is pyspellchecker's, which comes with it and needs no network. To it come the words of the glossary, the
names in sources and tables, and what `words.toml` lists.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib.util import find_spec
from typing import TYPE_CHECKING

from dlterm.course.problem import Problem, ProblemError
from dlterm.course.prose import passages, plain
from dlterm.course.schema import WordList
from dlterm.course.shelf import GLOSSARY, convert, toml_of
from dlterm.course.whole import is_lesson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spellchecker import SpellChecker

    from dlterm.course.schema import Question
    from dlterm.course.whole import Whole

    Written = tuple[str, int, str]  # file, line, text

WORDS = "words.toml"
_TOKEN = re.compile(r"[^\s\-–—−/.,;:!?()\[\]{}“”\"„…=+×<>|&*#%$~^→]+")
_SHORT = 2  # letters: a variable, a unit, an initial
_AMERICAN = (  # for British endings, where the dictionary has only these
    (r"is(e[drs]?|ers?|ing|ations?|able)$", r"iz\1"),
    (r"ys(e[drs]?|ers?|ing)$", r"yz\1"),
    (r"our", "or"),
    (r"tre([ds]?)$", r"ter\1"),
    (r"tred$", "tered"),
    (r"ll(ed|ing|ers?)$", r"l\1"),
    (r"ogue(s?)$", r"og\1"),
    (r"(?<=[aeo])e(?=[dlmnst])", ""),
    (r"que(s?)$", r"ck\1"),
    (r"ence(s?)$", r"ense\1"),
    (r"mme(s?)$", r"m\1"),
)


def available() -> bool:
    """Whether there is a dictionary: it comes with the extra `dlterm[authors]`."""
    return find_spec("spellchecker") is not None


def spelling_faults(pack: Whole, course: Whole | None = None) -> Iterator[Problem]:
    """Words that are none, each told once, where it first stands."""
    problems: list[Problem] = []
    known = set(_known(pack, problems)) | (set(_known(course, [])) if course else set())
    yield from problems
    speller, told = Speller(known), set[str]()
    for file, line, text in _written(pack):
        for word in speller.unknown(plain(text)):
            if word not in told:
                told.add(word)
                near = speller.near(word)
                mend = f"write {near}, or add it to {WORDS}" if near else f"mend it, or add it to {WORDS}"
                yield Problem(file, line, f'"{word}" is no word', mend)


class Speller:
    """Knows the words of a dictionary, and others: names as they are written, lower-case words however."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._asked: dict[str, bool] = {}

    def unknown(self, text: str) -> Iterator[str]:
        """The words of a text that are none."""
        for token in _TOKEN.findall(text.replace("’", "'")):
            word = token.strip("'").removesuffix("'s")
            if word not in self._asked:
                self._asked[word] = self._knows(word)
            if not self._asked[word]:
                yield word

    def near(self, word: str) -> str:
        """A word that may be meant, one letter away; or ""."""
        found = _checker().correction(word.lower()) or ""
        return "" if found == word.lower() else found

    def _knows(self, word: str) -> bool:
        if len(word) <= _SHORT or not word.replace("'", "").isalpha():
            return True
        if word.isupper() or word.rstrip("s").isupper() or not {word, word.lower()}.isdisjoint(self._known):
            return True
        lower, words = _unaccented(word.lower()), _checker().word_frequency.dictionary
        return lower in words or any(form in words for form in _american(lower))


def _unaccented(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))


def _american(word: str) -> Iterator[str]:
    """The word as it may be written in America, if its spelling is one of Britain's, at one or two of its places."""
    once = {re.sub(british, american, word) for british, american in _AMERICAN} - {word}
    yield from once
    yield from (re.sub(british, american, form) for form in once for british, american in _AMERICAN)


@functools.cache
def _checker() -> SpellChecker:
    from spellchecker import SpellChecker

    return SpellChecker(distance=1)


def _known(pack: Whole, problems: list[Problem]) -> Iterator[str]:
    """The words and names that a pack itself has."""
    if WORDS in pack.files and (read := toml_of(pack.pack, WORDS, problems)) is not None:
        listed = convert(read[1], WordList, read[0], 0, problems)
        yield from listed.words if listed else ()
    for term in pack.shelf.terms.values():
        for name in (term.name, *term.also):
            yield from (each for word in _words(name) for each in (word, word.lower()))
    names = [f"{source.authors} {source.title} {source.venue}" for source in pack.shelf.sources.values()]
    names += [cell for table in pack.shelf.tables.values() for row in table.rows for cell in row[:-1]]
    yield from (word for name in names for word in _words(name) if word[:1].isupper())


def _words(text: str) -> list[str]:
    tokens = (token.strip("'") for token in _TOKEN.findall(text.replace("’", "'")))
    return [word for token in tokens for word in (token, token.removesuffix("'s"))]


def _written(pack: Whole) -> Iterator[Written]:
    """All that a pack has to read, but for its tables."""
    for lesson in pack.lessons:
        yield lesson.file, 2, " ".join((lesson.head.title, lesson.head.question, *lesson.head.able))
        for part in lesson.parts:
            if part.figure is not None:
                yield lesson.file, part.line, part.figure.caption
        yield from ((lesson.file, passage.line, passage.markdown) for passage in lesson.passages)
    for quiz in pack.quizzes:
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            yield quiz.file, line, " ".join(_texts(question))
    text = pack.pack.read(GLOSSARY) if pack.shelf.terms else None
    for number, term in enumerate(pack.shelf.terms.values()):
        yield GLOSSARY, text.line_of("term", number) if text else 0, term.text
    for preset, line in zip(pack.presets.presets, pack.presets.lines, strict=True):
        yield "presets.toml", line, f"{preset.title} {preset.note}"
    for name in pack.files:
        if name.endswith(".md") and not is_lesson(name):
            yield from ((name, each.line, each.markdown) for each in passages(_content(pack, name)))


def _content(pack: Whole, name: str) -> str:
    try:
        return pack.pack.read(name).content
    except ProblemError:  # told of as a fault of its own
        return ""


def _texts(question: Question) -> Iterator[str]:
    yield from (question.prompt, question.explain, question.objective, *question.hints)
    for option in getattr(question, "options", ()):
        yield from (option.text, option.why)
    for trap in getattr(question, "traps", ()):
        yield trap.why
    yield getattr(question, "why_wrong", "")
    yield from getattr(question, "items", ())
    for pair in getattr(question, "pairs", ()):
        yield from pair
