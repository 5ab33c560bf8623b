"""A lesson cut into blocks: headings, paragraphs, entries of lists, figures, in the order in which they are read."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText

from dlterm.course.library import CITED, cited

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from dlterm.course.figures import Figure
    from dlterm.course.lesson import Lesson

Kind = Literal["heading", "paragraph", "quote", "item", "code", "table", "rule", "figure"]
# markdown-it's tables of characters are read by one thread while another still fills them, which ended the app in one
# of six visits to the course: so they are filled here.
normalizeLink("link")
normalizeLinkText("link")

_STYLED = {"strong": "strong", "em": "em", "s": "strike"}
_BULLET = "•"


@dataclass(frozen=True)
class Run:
    """Words of one look: `styles` of strong, em, strike, code; `link` is where they lead, "" for nowhere."""

    text: str
    styles: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Block:
    """One of them. `heading` is the one that it stands below, "" before the first.

    `level` is a heading's, or how deep an entry lies in lists; `sign` what stands before an entry; `language` that of
    code; `rows` a table's cells, the first its head.
    """

    kind: Kind
    heading: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    sign: str = ""
    language: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    figure: Figure | None = None

    @property
    def text(self) -> str:
        """Its words: a figure's are its caption."""
        if self.figure is not None:
            return self.figure.caption
        if self.rows:
            return "\n".join(" · ".join(row) for row in self.rows)
        return "".join(run.text for run in self.runs)

    def goes_on_in(self, after: Block) -> bool:
        """Whether the next one belongs to the same list, or to one within it or around it."""
        if not self.kind == after.kind == "item":
            return False
        is_same = (self.sign == _BULLET) == (after.sign == _BULLET)
        return is_same or self.level != after.level or not (self.sign and after.sign)


@functools.lru_cache(maxsize=32)
def blocks(lesson: Lesson) -> tuple[Block, ...]:
    """The lesson's blocks; citations are links to `source:KEY`, by their numbers as in `cited`."""
    keys = cited(lesson)
    found: list[Block] = []
    heading = ""
    for part in lesson.parts:
        if part.figure is not None:
            found.append(Block("figure", heading, figure=part.figure))
            continue
        for block in _Reader(_markdown().parse(_linked(part.text, keys)), heading).blocks():
            heading = block.heading
            found.append(block)
    return tuple(found)


def _linked(markdown: str, keys: list[str]) -> str:
    return CITED.sub(lambda match: f"[\\[{keys.index(match['key']) + 1}\\]](source:{match['key']})", markdown)


@functools.cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class _Reader:
    """Reads a parser's tokens, one after the other."""

    def __init__(self, tokens: Sequence[Token], heading: str) -> None:
        self._tokens = iter(tokens)
        self._heading = heading
        self._signs: list[str] = []  # of the lists that it is within: a number with its dot, or a bullet
        self._sign = ""

    def blocks(self) -> Iterator[Block]:
        """All of them."""
        for token in self._tokens:
            yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                runs = tuple(_runs(next(self._tokens)))
                self._heading = "".join(run.text for run in runs)
                yield Block("heading", self._heading, runs, level=int(token.tag[1:]))
            case "blockquote_open":
                yield Block("quote", self._heading, tuple(self._quoted()))
            case "bullet_list_open" | "ordered_list_open":
                self._signs.append(_BULLET if token.type.startswith("bullet") else "")
            case "bullet_list_close" | "ordered_list_close":
                self._signs.pop()
            case "list_item_open":
                self._sign = self._signs[-1] or f"{token.info}."
            case "inline":
                yield self._paragraph(token)
            case "fence" | "code_block":
                runs = (Run(token.content.rstrip("\n")),)
                yield Block("code", self._heading, runs, language=token.info.strip())
            case "table_open":
                yield Block("table", self._heading, rows=tuple(self._rows()))
            case "hr":
                yield Block("rule", self._heading)

    def _paragraph(self, token: Token) -> Block:
        runs = tuple(_runs(token))
        if not self._signs:
            return Block("paragraph", self._heading, runs)
        sign, self._sign = self._sign, ""
        return Block("item", self._heading, runs, level=len(self._signs), sign=sign)

    def _quoted(self) -> Iterator[Run]:
        """What is said in a quotation: its paragraphs with an empty line between them, its lists' entries in lines."""
        depth, gap = 1, ""
        for token in self._tokens:
            depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
            if not depth:
                return
            if token.type == "list_item_open":
                gap = f"{gap and chr(10)}{_BULLET} "
            elif token.type == "inline":
                yield from ([Run(gap)] if gap else [])
                yield from _runs(token)
                gap = "\n\n"
            elif token.type in {"fence", "code_block"}:
                yield Run(gap + token.content.rstrip("\n"), ("code",))
                gap = "\n\n"

    def _rows(self) -> Iterator[tuple[str, ...]]:
        row: list[str] = []
        for token in self._tokens:
            if token.type == "table_close":
                return
            if token.type == "tr_open":
                row = []
            elif token.type == "inline":
                row.append("".join(run.text for run in _runs(token)))
            elif token.type == "tr_close":
                yield tuple(row)


def _runs(inline: Token) -> Iterator[Run]:
    """The runs of a line of words."""
    styles: list[str] = []
    link = ""
    for token in inline.children or ():
        name, _, edge = token.type.rpartition("_")
        if name in _STYLED:
            styles = [*styles, _STYLED[name]] if edge == "open" else styles[:-1]
        elif name == "link":
            link = unquote(str(token.attrs.get("href", ""))) if edge == "open" else ""
        elif token.type in {"softbreak", "hardbreak"}:
            yield Run(" " if token.type == "softbreak" else "\n", tuple(styles), link)
        elif token.type == "code_inline":
            yield Run(token.content, (*styles, "code"), link)
        elif token.content:
            yield Run(token.content, tuple(styles), link)
