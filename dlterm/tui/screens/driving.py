"""What a page does with a player that trains: play, pace, begin again."""

from __future__ import annotations

from typing import Protocol

from dlterm.tui.page import Page


class Driven(Protocol):
    """A player whose training is paused, is slower or faster, and begins again."""

    def toggle(self) -> None:
        """Train, or pause."""

    def faster(self, by: int) -> None:
        """Train at a faster pace (+1), or a slower one (-1)."""

    def reset(self) -> None:
        """Begin again."""

    def reseed(self) -> None:
        """Begin again with the next seed."""


class Driving(Page):
    """What the lab and the race have of it, as `dlterm.tui.actions` lists it."""

    player: Driven

    def action_play(self) -> None:
        """Train, or pause."""
        self.player.toggle()

    def action_faster(self) -> None:
        """The next faster pace."""
        self.player.faster(1)

    def action_slower(self) -> None:
        """The next slower pace."""
        self.player.faster(-1)

    def action_reset(self) -> None:
        """Begin again."""
        self.player.reset()

    def action_reseed(self) -> None:
        """Begin again with the next seed."""
        self.player.reseed()
