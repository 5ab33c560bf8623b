"""What was printed to a recording console, as an SVG that needs nothing from elsewhere."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import SegmentLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.segment import Segment

_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # Rich has them fetched from a server


def svg_of(console: Console, title: str = "dlterm") -> str:
    """The console's record as SVG, with no address of anything elsewhere in it."""
    return _FONTS.sub("", console.export_svg(title=title))


def lines_as_svg(lines: Sequence[list[Segment]], width: int, title: str) -> str:
    """Lines of segments, as wide as a terminal, as SVG."""
    console = Console(
        record=True,
        file=io.StringIO(),
        width=width,
        height=len(lines),
        color_system="truecolor",
        force_terminal=True,
        no_color=False,
        legacy_windows=False,
    )
    console.print(SegmentLines(lines, new_lines=True), end="")
    return svg_of(console, title)
