"""The line at the bottom: the keys of what can be done where the focus is; a click on one does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.widget import Widget

from dlterm.tui.app import DltermApp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.dom import DOMNode
    from textual.screen import Screen

_STAY = ("app.help", "app.quit")
_OUT = "escape"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shown, and what it does: `action` is Textual's, carried out by `node`; `id` is the table's.

    One that `stays` is there however little room there is: help, and the ways out.
    """

    id: str
    stays: bool
    label: str
    description: str
    tooltip: str
    is_enabled: bool
    action: str
    node: DOMNode = field(compare=False)

    @property
    def width(self) -> int:
        """In cells."""
        return cell_len(self.label) + 1 + cell_len(self.description)


def fitting(keys: Sequence[Key], columns: int) -> list[Key]:
    """Return those that have room, a space between any two: of those that do not stay, what is last goes first."""
    kept = list(keys)
    leaving = [key for key in keys if not key.stays]
    while leaving and sum(key.width + 1 for key in kept) - 1 > columns:
        kept.remove(leaving.pop())
    return kept


class Footer(Widget):
    """One line of keys; where not all have room, the least important are left out.

    Textual's own makes a widget of every key, and makes all of them anew whenever the focus goes elsewhere: that was
    8 to 10 % of what it took to open a page.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--description", "footer--pointed"}
    DEFAULT_CSS = """
    Footer {
        dock: bottom;
        height: 1;
        text-wrap: nowrap;
        color: $footer-foreground;
        background: $footer-background;
        &.-pointed { pointer: pointer; }
        .footer--key { color: $footer-key-foreground; background: $footer-key-background; text-style: bold; }
        .footer--description {
            color: $footer-description-foreground;
            background: $footer-description-background;
        }
        .footer--pointed { background: $block-hover-background; text-style: bold; }
    }
    """

    app = getters.app(DltermApp)

    _keys: tuple[Key, ...] = ()
    _pointed: Key | None = None
    _changes = 0

    @property
    def shown(self) -> Iterator[tuple[int, Key]]:
        """The keys that have room, each with its column."""
        column = 0
        for key in fitting(self._keys, self.size.width):
            yield column, key
            column += key.width + 1

    def render(self) -> Content:
        """Return the line."""
        return Content(" ").join(map(self._drawn, (key for _, key in self.shown)))

    def _drawn(self, key: Key) -> Content:
        pointed = ("footer--pointed",) if key == self._pointed else ()
        label, description = (
            self.get_visual_style(*pointed, part) for part in ("footer--key", "footer--description")
        )
        content = Content.assemble((key.label, label), (f" {key.description}", description))
        return content if key.is_enabled else content.stylize("dim")

    # --- which keys there are -----------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Go along with the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        """Look when all is done that changes what can be done: one change of focus tells of it several times."""
        if screen.app.app_focus:  # a terminal that is looked away from takes the focus from every pane
            self._changes += 1
            self.call_after_refresh(self._look, self._changes)

    def _look(self, change: int) -> None:
        if change != self._changes or not self.is_attached:
            return
        before, self._keys = self._keys, tuple(self._active())
        if self._keys != before:
            self._point(None)
            self.refresh()

    def _active(self) -> Iterator[Key]:
        """The keys to be shown, the first of those that do the same."""
        seen = set()
        for node, binding, enabled, tooltip in self.screen.active_bindings.values():
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                label = self.app.get_key_display(binding)
                yield Key(
                    id=binding.id or "",
                    stays=binding.id in _STAY or binding.key == _OUT,
                    label=label,
                    description=binding.description,
                    tooltip=tooltip,
                    is_enabled=enabled,
                    action=binding.action,
                    node=node,
                )

    # --- the mouse ----------------------------------------------------------------------------------------------------

    def _at(self, x: int) -> Key | None:
        return next((key for column, key in self.shown if column <= x < column + key.width), None)

    def _point(self, key: Key | None) -> None:
        if key != self._pointed:
            self._pointed = key
            self.tooltip = key.tooltip if key else None
            self.set_class(key is not None, "-pointed")
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark what a click would do."""
        self._point(self._at(event.x))

    def on_leave(self) -> None:
        """Mark nothing any more."""
        self._point(None)

    def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        key = self._at(event.x)
        if key is None or not key.node.is_attached:
            return
        if key.is_enabled:
            self.app.call_later(self.app.run_action, key.action, key.node)
        else:
            self.app.bell()
