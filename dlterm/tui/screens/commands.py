"""Commands, searched as one types: all that can be done here, or one thing in all its ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.widgets.option_list import Option

from dlterm.tui.screens.search import SearchScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual.app import SystemCommand


class CommandsScreen(SearchScreen["SystemCommand"]):
    """Ends with the command that was chosen, which is the app's to carry out."""

    HEADING = "Commands"
    WAYS = "⏎ does it · ↑↓ choose · esc closes"
    PLACEHOLDER = "Search for commands…"
    DEFAULT_CSS = "CommandsScreen Vertical { width: 100; height: 70%; }"

    def __init__(self, commands: Iterable[SystemCommand]) -> None:
        super().__init__()
        self._commands = list(commands)
        self._match = FuzzySearch().match

    def found(self, words: str) -> Iterator[Option]:
        """All of them in their order; of some letters, the titles that have them in theirs, the best first."""
        wanted = words.strip()
        if not wanted:
            yield from (self._option(number) for number in range(len(self._commands)))
            return
        matches = [self._match(wanted, each.title) for each in self._commands]
        best = sorted(range(len(matches)), key=lambda number: -matches[number][0])
        yield from (self._option(number, matches[number][1]) for number in best if matches[number][0] > 0)

    def _option(self, number: int, letters: Sequence[int] = ()) -> Option:
        command = self._commands[number]
        title = Content(command.title)
        for at in letters:
            title = title.stylize("bold underline", at, at + 1)
        return Option(Content.assemble(title, "  ", (command.help, "$text-muted")), id=str(number))

    def meaning(self, entry: str) -> SystemCommand:
        """The command."""
        return self._commands[int(entry)]


class ThemesScreen(CommandsScreen):
    """All themes that there are."""

    HEADING = "Themes"
    PLACEHOLDER = "Search for themes…"
