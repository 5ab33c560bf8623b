"""What a teacher does in the lab: one preset after the other with what it is for, and the lesson it belongs to."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui.beside import READING
from dlterm.tui.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.course.content import Preset
    from dlterm.tui.player import Player

_NOTE_SECONDS = 15.0  # to read what a preset is for; a teacher's own stays until it is sent away


class Teaching(Page):
    """Steps through presets: a teacher's own, or those that dlterm has."""

    player: Player

    _number: int | None = None  # of the preset that was opened last
    _note = Content("")
    _note_ends = 0.0

    def open(self, text: str) -> None:
        """Begin with another recipe."""
        raise NotImplementedError

    @property
    def presets(self) -> Sequence[Preset]:
        """What is stepped through."""
        from dlterm.course.content import presets

        return self.app.own_presets or presets()

    @property
    def note(self) -> Content:
        """What the preset is for, as long as that is to be read; with the key that trains, while nothing does."""
        if monotonic() >= self._note_ends:
            return Content("")
        if self.player.playing:
            return self._note
        return Content.assemble(
            self._note, "  ", _link(f"‖ {self.app.keys.first('lab.play')} to train", "play")
        )

    def hide_note(self) -> bool:
        """Send it away; whether there was one."""
        shown, self._note_ends = bool(self.note), 0.0
        return shown

    def on_mount(self) -> None:
        """Say what the teacher's preset is for that the lab begins with."""
        if self.app.own_presets and self._position is not None:
            self._tell(self._position)

    def open_preset(self, number: int) -> None:
        """Open a preset by its place."""
        self._tell(number)
        self.open(self.presets[number].recipe)

    def _tell(self, number: int) -> None:
        preset, keys = self.presets[number], self.app.keys
        lesson = f"{keys.first('lab.lesson')} lesson" if preset.lesson else ""
        self._number = number
        self._note = Content.assemble(
            *(
                _link("‹", "previous_preset"),
                f" {number + 1}/{len(self.presets)} ",
                _link("›", "next_preset"),
            ),
            (f"  {safe(preset.heading)} ", "bold $foreground"),
            safe(preset.note, limit=400),
            *(("  ", _link(lesson, "lesson")) if lesson else ()),
        )
        self._note_ends = inf if self.app.own_presets else monotonic() + _NOTE_SECONDS

    def explain(self) -> None:
        """Have an open card follow what is chosen, but not one that is being read."""
        if not self.app.beside.is_read:
            super().explain()

    def action_next_preset(self) -> None:
        """The preset after the one that was opened last; the first, where none was."""
        self.open_preset(0 if self._position is None else (self._position + 1) % len(self.presets))

    def action_previous_preset(self) -> None:
        """The preset before."""
        self.open_preset(((self._position or 0) - 1) % len(self.presets))

    @property
    def _position(self) -> int | None:
        """The preset that was opened last, or is open by another way."""
        recipes = [Recipe.parse(preset.recipe) for preset in self.presets]
        recipe = self.player.recipe
        return self._number if self._number is not None or recipe not in recipes else recipes.index(recipe)

    def action_lesson(self) -> None:
        """Beside the lab, the lesson of the preset whose note is shown, or that of what is chosen; again, close it."""
        beside = self.app.beside
        if beside.is_open and beside.is_read:
            self.close_card()
            return
        lesson = self._lesson()
        if lesson:
            beside.is_open = True
            self.turn_card(f"{READING}{lesson}")
            self.card.read()
        else:
            text = "No lesson is about this yet; choose another setting, or see the course."
            self.notify(text, title="lesson", markup=False, timeout=4)

    def _lesson(self) -> str:
        from dlterm.course.library import lesson_about

        own = self.presets[self._number].lesson if self.note and self._number is not None else ""
        return own or lesson_about(self.subject().partition(":")[2])


def _link(text: str, action: str) -> tuple[str, str]:
    return text, f"$accent @click=screen.{action}"
