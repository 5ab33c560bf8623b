"""What of a text is prose to be read: its paragraphs, points and quotations, as plain words and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["paragraph", "point", "quotation"]

CITED = re.compile(r"\[\^(?P<key>[a-z0-9-]+)\]")
_CITATION = re.compile(rf"\s*{CITED.pattern}")
LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]*)\)")
_WORD = re.compile(r"[\w’'-]*\w[\w’'-]*")
_CODE = re.compile(r"`[^`]*`")
_POINT = re.compile(r"\s{0,3}([-*+]|\d+[.)])\s+")
_END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)[”\")*_\]]*\s+")  # no end: an initial's dot


@dataclass(frozen=True)
class Passage:
    """A paragraph, one point of a list, or a quotation, which begins at that line: its Markdown, on one line."""

    line: int
    markdown: str
    kind: Kind = "paragraph"

    @property
    def text(self) -> str:
        """Its words without links, citations and marks."""
        return plain(self.markdown)

    @property
    def words(self) -> list[str]:
        """Its words in their order."""
        return words(self.text)

    @property
    def sentences(self) -> list[str]:
        """Its sentences; what follows a colon or a semicolon is part of one."""
        return [sentence for sentence in _END.split(self.text) if words(sentence)]


def words(text: str) -> list[str]:
    """The words of plain text; compounds with hyphens are one."""
    return _WORD.findall(text)


def uncited(markdown: str) -> str:
    """The text without its citations, and without the spaces before them."""
    return _CITATION.sub("", markdown)


def plain(markdown: str) -> str:
    """The text with links as their words, citations and code left out, and emphasis as mere words."""
    text = LINK.sub(lambda match: match["text"], uncited(markdown))
    return " ".join(_CODE.sub(" ", text).replace("**", "").replace("*", "").split())


def passages(markdown: str, first: int = 1) -> Iterator[Passage]:
    """The prose of a text that begins at that line; headings, code, formulas and tables are none."""
    lines: list[str] = []
    begin, fenced = first, False
    for number, line in enumerate([*markdown.splitlines(), ""], start=first):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            yield from _passage(lines, begin)
            lines = []
        elif fenced:
            continue
        elif not line.strip() or (_POINT.match(line) and lines and not _is_code(lines)):
            yield from _passage(lines, begin)
            lines, begin = ([line], number) if line.strip() else ([], number + 1)
        else:
            begin = begin if lines else number
            lines.append(line)


def _passage(lines: list[str], begin: int) -> Iterator[Passage]:
    if not lines or _is_code(lines) or lines[0].startswith(("#", "|")):
        return
    kind: Kind = "point" if _POINT.match(lines[0]) else "paragraph"
    if lines[0].startswith(">"):
        kind = "quotation"
        lines = [line.removeprefix(">") for line in lines]
    text = " ".join(" ".join(lines).split())
    yield Passage(begin, _POINT.sub("", text, count=1) if kind == "point" else text, kind)


def _is_code(lines: list[str]) -> bool:
    return lines[0].startswith("    ")
