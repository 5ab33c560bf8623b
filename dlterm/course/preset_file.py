"""The ready-made experiments of a content pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course.content import Preset
from dlterm.course.shelf import by_id, toml_of

if TYPE_CHECKING:
    from dlterm.course.pack import Pack
    from dlterm.course.problem import Problem

PRESETS = "presets.toml"


@dataclass(frozen=True)
class PresetFile:
    """Presets; `lines` say where each stands."""

    presets: tuple[Preset, ...] = ()
    lines: tuple[int, ...] = ()

    def with_(self, other: PresetFile) -> PresetFile:
        """These and others after them."""
        return PresetFile(self.presets + other.presets, self.lines + other.lines)


def read_preset_file(pack: Pack, problems: list[Problem]) -> PresetFile:
    """Read the presets of a pack that has some; those that are wrong are left out, and told of one by one."""
    read = toml_of(pack, PRESETS, problems)
    if read is None:
        return PresetFile()
    text, found = read
    presets = by_id(found, "preset", Preset, text, problems)
    return PresetFile(
        tuple(each for each, _ in presets.values()), tuple(line for _, line in presets.values())
    )
