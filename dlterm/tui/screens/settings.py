"""The settings of dlterm: each with its value, what it means and where it is kept; a change holds at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import getters
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from dlterm.settings.config import as_text, settings
from dlterm.text import safe
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.preferences import turned
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.mode_bar import ModeBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widget import Widget

    from dlterm.settings.config import Setting

_TITLE, _VALUE = 16, 16  # columns
_WIDE = 96  # columns from which the explanation is beside the list


class SettingsScreen(Page):
    """A list of the settings, and what the one under the cursor means. It lies over the page it was opened from."""

    PLACE = "preferences"
    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    entries = getters.query_one(Entries)

    def body(self) -> ComposeResult:
        """The list, the explanation, and where it all is kept."""
        with Horizontal(id="settings"):
            with Vertical(id="list"):
                yield Entries(*(Option("", id=name) for name in settings()), markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="help")
        yield Static(id="file", markup=False)

    def on_mount(self) -> None:
        """Show what is set now, and follow changes from elsewhere."""
        self.app.config_changed.subscribe(self, lambda _: self._show())
        self._show()

    def head(self) -> Widget:
        """The modes, with the settings as where one is."""
        return ModeBar("settings")

    def lay_out(self, size: Size) -> None:
        """The explanation beside the list, or below it."""
        self.set_class(size.width < _WIDE, "-narrow")
        self.on_option_list_option_highlighted()

    def on_option_list_option_highlighted(self) -> None:
        """Say what it means; it may be told of that when it is closed already."""
        if self.is_whole:
            told = _explained(self._chosen, self._value(self._chosen), short=self.has_class("-narrow"))
            self.query_one("#help", Static).update(told)

    @property
    def _chosen(self) -> Setting:
        return list(settings().values())[self.entries.highlighted or 0]

    def _value(self, setting: Setting) -> Any:
        return getattr(self.app.config, setting.name)

    def _show(self) -> None:
        for setting in settings().values():
            self.entries.replace_option_prompt(setting.name, _line(setting, self._value(setting)))
        self.on_option_list_option_highlighted()
        self.query_one("#file", Static).update(self._kept())

    def _kept(self) -> Content:
        """Where the settings are kept, and what is wrong there."""
        preferences = self.app.preferences
        where = f"kept in {safe(str(preferences.path))}" if preferences.path else "kept until dlterm is left"
        faults = [
            Content.styled(f"\n! {safe(str(fault), limit=500)}", "$warning") for fault in preferences.faults
        ]
        return Content(where) + Content("").join(faults)

    # --- actions ------------------------------------------------------------------------------------------------------

    def action_turn(self, by: int) -> None:
        """The next value of the setting under the cursor, or the one before."""
        value = self._value(self._chosen)
        self._set(turned(self._chosen, value, by))

    def action_put(self, name: str, text: str) -> None:
        """Give a setting a value: what a click on an arrow does, which Textual may tell twice."""
        self.app.change(name, settings()[name].check(text, text=True))

    def action_default(self) -> None:
        """The value that it has when nobody sets it."""
        self._set(self._chosen.default)

    def action_close(self) -> None:
        """Back to where one came from."""
        self.dismiss()

    def _set(self, value: Any) -> None:
        if value != self._value(self._chosen):
            self.app.change(self._chosen.name, value)


def _line(setting: Setting, value: Any) -> Content:
    """A setting with its value between arrows, which are clicked, too; in bold where it is not the default."""
    own = "bold" if value != setting.default else ""
    title = Content.styled(f"{_title(setting):{_TITLE}}", own)
    text = f"{len(value) or 'none'} of your own" if isinstance(value, dict) else as_text(value)
    if isinstance(value, str) and not setting.choices:  # a file, to be named in the shell
        return title + "  " + Content.styled(safe(Path(text).name, limit=_VALUE) or "none", own)
    gap = max(0, _VALUE - cell_len(text))
    shown = Content.styled(" " * (gap // 2) + text + " " * (gap - gap // 2), own)
    if isinstance(value, dict):
        return title + "  " + shown
    arrows = (
        Content.styled(
            arrow, f"$accent @click=screen.put('{setting.name}', '{as_text(turned(setting, value, by))}')"
        )
        for arrow, by in (("‹ ", -1), (" ›", 1))
    )
    return title + next(arrows) + shown + next(arrows)


def _explained(setting: Setting, value: Any, *, short: bool) -> Content:
    """What it means, what it takes, and its command; `short` has room below the list of a small terminal."""
    gap = "\n" if short else "\n\n"
    parts: list[str | tuple[str, str]] = [] if short else [(_title(setting), "bold $accent"), "\n"]
    parts += [setting.help, gap]
    if isinstance(value, dict):
        own = "\n".join(f"keys.{safe(action)} = {safe(keys)}" for action, keys in sorted(value.items()))
        parts += [(own or "none of your own", "bold")]
        command = "dlterm config keys.lab.play p"
    else:
        parts += [("default  ", "$text-muted"), as_text(setting.default) or "none", "\n"]
        parts += [("takes    ", "$text-muted"), setting.expected]
        command = f"dlterm config {setting.name} {safe(as_text(value)) or 'FILE'}"
    return Content.assemble(*parts, gap, "In a shell: ", (command, "bold"))


def _title(setting: Setting) -> str:
    return setting.name.replace("_", " ").capitalize()
