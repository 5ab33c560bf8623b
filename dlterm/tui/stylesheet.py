"""Textual's stylesheet, which does not parse again what it has parsed for the same colours."""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

_KEPT = 1024  # pieces of CSS; Textual keeps 64, and the app has more


class KeptStylesheet(Stylesheet):
    """Every screen that is opened for the first time has all CSS parsed anew, thrice; that took 70 to 150 ms."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_KEPT)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the colours and the rest; what was parsed is kept where they are what they were."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is new. Raises StylesheetParseError where it is invalid; the rules are then those of before."""
        self.parse()
