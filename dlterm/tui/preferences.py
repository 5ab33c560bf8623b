"""What the user has set, while the app runs: a change holds at once, and is written to the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from dlterm.errors import DltermError
from dlterm.settings.config import Config
from dlterm.settings.config_file import ConfigFile

if TYPE_CHECKING:
    from pathlib import Path

    from dlterm.settings.config import Setting
    from dlterm.settings.config_file import Fault

_STEP = 5  # of a whole number


class Preferences:
    """The settings, and the file that keeps them; without one, as in tests, they are kept nowhere."""

    def __init__(self, config: Config | None = None, file: ConfigFile | None = None) -> None:
        self.config = config or (file.config if file else Config())
        self._file = file

    @classmethod
    def open(cls) -> Preferences:
        """Those of the user's file. Never raises: what is wrong there has its default, and is among the faults."""
        return cls(file=ConfigFile.read())

    @property
    def path(self) -> Path | None:
        """Where they are kept."""
        return self._file.path if self._file else None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the file."""
        return self._file.faults if self._file else ()

    def change(self, name: str, value: Any) -> str:
        """Set one, and write it; return what to say where it could not be written, or "".

        The file is read again first: another dlterm, or an editor, may have changed it. One with other faults is
        left as it is, since to write it would lose what its owner meant.
        """
        self.config = msgspec.structs.replace(self.config, **{name: value})
        if self._file is None:
            return ""
        file = ConfigFile.read(self._file.path)
        try:
            file.require(but=name)
            file.write(msgspec.structs.replace(file.config, **{name: value}))
        except DltermError as error:
            self._file = file
            return f"{name} is not kept: {error.message}; {error.hint}"
        self._file = ConfigFile.read(file.path)
        return ""


def turned(setting: Setting, value: Any, by: int) -> Any:
    """Return the value after another (1) or before it (-1): choices in a circle, numbers by steps up to their ends."""
    if isinstance(value, bool):
        return not value
    if setting.choices:
        return setting.choices[(setting.choices.index(value) + by) % len(setting.choices)]
    if isinstance(value, int):
        return min(max((value // _STEP + by) * _STEP, setting.lowest), setting.highest)
    return value
