"""content/: where it is, and its presets and help topics as checked values."""

from __future__ import annotations

import functools
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from dlterm.course.schema import Expected
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\n]*$")]


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ready-made experiment: the line that introduces it, what it teaches, and its recipe as text.

    `lesson` is the id of the lesson that it belongs to, "" for none; `expect` is what comes of it, as a figure's.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$", max_length=40)]
    title: _Line
    note: _Line
    recipe: _Line
    lesson: Annotated[str, msgspec.Meta(max_length=80)] = ""
    expect: Expected = ()

    @property
    def heading(self) -> str:
        """The title as a sentence before the note."""
        return self.title if self.title.endswith(("?", "!", ".", "…")) else f"{self.title}."


class Pane(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a part of the screen shows, in plain words, with its formula; `see` are terms of the glossary."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+$", max_length=40)]
    title: _Line
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    formula: str = ""
    see: tuple[str, ...] = ()


class _Panes(msgspec.Struct, forbid_unknown_fields=True):
    pane: list[Pane]


class _Presets(msgspec.Struct, forbid_unknown_fields=True):
    preset: list[Preset]


def root() -> Traversable:
    """Return content/: inside the package where dlterm is installed, beside it in a checkout.

    Raises DltermError (configuration) where neither is there.
    """
    package = files("dlterm")
    for place in (package / "content", Path(str(package)).parent / "content"):
        if place.is_dir():
            return place
    raise DltermError(
        "dlterm's content directory is missing from this installation",
        hint="install dlterm again",
        exit_code=ExitCode.CONFIGURATION,
    )


@functools.cache
def presets() -> tuple[Preset, ...]:
    """Those of content/presets.toml, in its order, then those of packs beside the course.

    Raises DltermError (configuration) where it is wrong.
    """
    from dlterm.course.packs import sound

    added = [preset for directory in sound() for preset in _presets_beside(directory)]
    return *read_presets((root() / "presets.toml").read_bytes()), *added


def _presets_beside(directory: Path) -> tuple[Preset, ...]:
    from dlterm.course.pack import Pack
    from dlterm.course.preset_file import PRESETS, read_preset_file

    return read_preset_file(Pack(directory), []).presets if (directory / PRESETS).is_file() else ()


def read_presets(text: bytes) -> tuple[Preset, ...]:
    """Read the presets from TOML. Raises DltermError (configuration): `content/presets.toml: ...`."""
    try:
        found = msgspec.toml.decode(text, type=_Presets).preset
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(error)) from None
    seen: set[str] = set()
    for preset in found:
        if preset.id in seen:
            raise _wrong(f'the id "{preset.id}" is there twice')
        seen.add(preset.id)
    return tuple(found)


@functools.cache
def panes() -> Mapping[str, Pane]:
    """Read content/panes.toml, by id. Raises DltermError (configuration) where it is wrong."""
    try:
        found = msgspec.toml.decode((root() / "panes.toml").read_bytes(), type=_Panes).pane
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(error), "panes.toml") from None
    by_id = {pane.id: pane for pane in found}
    if len(by_id) < len(found):
        raise _wrong("two panes have one id", "panes.toml")
    return by_id


def topics() -> tuple[str, ...]:
    """Return the names of the help topics, sorted."""
    pages = (root() / "help").iterdir()
    return tuple(sorted(page.name.removesuffix(".md") for page in pages if page.name.endswith(".md")))


def topic(name: str) -> str:
    """Return a help topic's Markdown; `name` is one of `topics()`."""
    return (root() / "help" / f"{name}.md").read_text(encoding="utf-8")


def _wrong(what: str, file: str = "presets.toml") -> DltermError:
    return DltermError(f"content/{file}: {what}", exit_code=ExitCode.CONFIGURATION)
