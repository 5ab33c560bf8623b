"""Links within the course: where they stand in a text, and what is wrong with one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course.runnable import experiments

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from dlterm.course.shelf import Shelf

SCHEMES = ("lesson:", "term:", "table:", "lab:", "experiment:", "https://", "http://", "#")
_LINKED = re.compile(r"\]\((?P<target>[^)]*)\)")
_CODE = re.compile(r"^```.*?^```|^ {4}.*?$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """A link's target, and the line on which it stands; its words may begin on the line before."""

    line: int
    target: str

    @property
    def scheme(self) -> str:
        """`term`, `lesson`, `lab`, ..."""
        return self.target.partition(":")[0]

    @property
    def name(self) -> str:
        """What of that scheme it leads to, without the place within it."""
        return self.target.partition(":")[2].partition("#")[0]


def links(markdown: str, after: int = 0) -> Iterator[Link]:
    """The links of a text that begins after that line; what looks like one in code is none."""
    text = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), markdown)
    for match in _LINKED.finditer(text):
        yield Link(after + 1 + text.count("\n", 0, match.start("target")), match["target"])


def link_fault(link: Link, lessons: Container[str], shelf: Shelf) -> tuple[str, str] | None:
    """What is wrong with a link, and how to mend it."""
    if re.search(r"\s", link.target):
        return f'a blank within the link to "{link.target.strip()}"', "write %20, or nothing"
    if not link.target.startswith(SCHEMES):
        return f'a link to "{link.target}"', f"links begin with {', '.join(SCHEMES)}"
    if link.scheme == "term" and link.name not in shelf.terms:
        return f'no term has the id "{link.name}"', "add it to glossary.toml"
    if link.scheme == "table" and link.name not in shelf.tables:
        return f'there is no table "{link.name}"', "name one that is there"
    if link.scheme == "experiment" and link.name not in experiments():
        return f'there is no experiment "{link.name}"', "dlterm experiments lists them"
    if link.scheme == "lesson" and link.name not in lessons:
        return f'no lesson has the id "{link.name}"', "name one that is there"
    return None
