"""What has changed on a screen, drawn by the widgets that it belongs to and by no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import Compositor, CompositorUpdate
from textual.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from textual.geometry import Region
    from textual.strip import Strip

    Placed = tuple[Region, Sequence[Strip]]  # strips, and the part of the screen that they fill


class _Update(CompositorUpdate):
    """Parts of the screen, each with all of its strips, and what Textual has put together besides."""

    def __init__(self, parts: Sequence[Placed], rest: CompositorUpdate | None) -> None:
        self._parts, self._rest = parts, rest

    def render_segments(self, console: Console) -> str:
        written = [
            f"\x1b[{y};{region.x + 1}H{strip.render(console)}"
            for region, strips in self._parts
            for y, strip in enumerate(strips, start=region.y + 1)
        ]
        if self._rest is not None:
            written.append(self._rest.render_segments(console))
        return "".join(written)


class PartCompositor(Compositor):
    """Textual draws all widgets within the rectangle around all changes, and cuts the lines of each at every edge.

    Most of what changes here is a picture that nothing lies over: its lines go out as they are, and its neighbours,
    unchanged, are not drawn. Of what the lab takes at thirty pictures a second that was an eighth.
    """

    def render_partial_update(self) -> CompositorUpdate | None:  # type: ignore[override]
        """Draw the changes: what one widget covers by that widget, the rest as Textual does."""
        parts: list[Placed] = []
        for region in list(self._dirty_regions):
            strips = self._drawn_by_one(region)
            if strips is not None:
                self._dirty_regions.remove(region)
                parts.append((region, strips))
        rest = super().render_partial_update()
        return _Update(parts, rest) if parts else rest

    def _drawn_by_one(self, part: Region) -> Sequence[Strip] | None:
        """The strips of a part of the screen, if the topmost widget there covers it; through a screen others shine."""
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if seen.overlaps(part):
                if isinstance(widget, Screen) or not seen.contains_region(part):
                    return None
                return widget.render_lines(part.translate(-region.offset))
        return None
