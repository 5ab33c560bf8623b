"""Topics to be asked on: searched as one types."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.quiz.bank import bank, topics
from dlterm.tui.screens.search import SearchScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 200


class TopicScreen(SearchScreen[str]):
    """Ends with the topic that was chosen."""

    HEADING = "Be asked on"
    WAYS = "⏎ begins · ↑↓ choose · esc closes"
    PLACEHOLDER = "a tag, a chapter, a type, an objective"
    DEFAULT_CSS = "TopicScreen Vertical { width: 84; height: 70%; }"

    def found(self, words: str) -> Iterator[Option]:
        """Those that have all the words."""
        wanted = words.casefold().split()
        found = (each for each in topics(bank()) if all(word in each.name.casefold() for word in wanted))
        for each in islice(found, _MOST):
            about = (f"{each.kind}, {each.questions} questions", "$text-muted")
            yield Option(Content.assemble((f"{each.name}  ", "bold"), about), id=each.name)

    def meaning(self, entry: str) -> str:
        """The topic's name."""
        return entry
