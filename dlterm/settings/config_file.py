"""config.toml: read without ever failing, since the app must open; written whole, with nothing but the settings."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import platformdirs
import tomli

from dlterm.errors import DltermError, ExitCode
from dlterm.settings.config import Config, did_you_mean, settings
from dlterm.text import safe

_LARGEST = 64_000  # bytes


class Fault(NamedTuple):
    """What is wrong with the file, which setting it concerns ("" for all of them), and how to mend it."""

    setting: str
    what: str  # with file and line
    mend: str

    def __str__(self) -> str:
        return f"{self.what}; {self.mend}"


@dataclass(frozen=True)
class ConfigFile:
    """The file as it was read; in `config`, what the file does not set, or sets wrongly, has its default."""

    path: Path
    config: Config
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, path: Path | None = None) -> ConfigFile:
        """Read the file at the path, or the user's. Never raises; a missing file has no settings and no faults."""
        path = path or config_path()
        try:
            text = _text(path)
            found = _parse(path, text)
        except _FaultError as error:
            return cls(path, Config(), (error.fault,))
        values, faults = _checked(path, text, found)
        return cls(path, Config(**values), faults)

    @property
    def notices(self) -> tuple[str, ...]:
        """The faults, a line each, for an app that opens in spite of them."""
        return tuple(map(str, self.faults))

    def require(self, *, but: str = "") -> None:
        """Raise DltermError (configuration) where there is a fault, other than of the setting that is now mended."""
        for fault in self.faults:
            if not but or fault.setting != but:
                raise DltermError(fault.what, hint=fault.mend, exit_code=ExitCode.CONFIGURATION)

    def write(self, config: Config) -> None:
        """Write what differs from the defaults. Raises DltermError: cannot create (73), permission (77), I/O (74)."""
        import tomli_w

        from dlterm.atomic import write_atomically

        path = Path(os.path.realpath(self.path))  # a link stays one: dotfiles are often kept elsewhere
        _require_place(path)
        defaults = msgspec.structs.asdict(Config())
        changed = {
            name: value for name, value in msgspec.structs.asdict(config).items() if value != defaults[name]
        }
        write_atomically(path, tomli_w.dumps(changed).encode())


def config_path() -> Path:
    """Where the file is: DLTERM_CONFIG, else the user's directory for configuration."""
    named = os.environ.get("DLTERM_CONFIG")
    return Path(named) if named else platformdirs.user_config_path("dlterm", appauthor=False) / "config.toml"


class _FaultError(Exception):
    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.fault = Fault("", what, mend)


def _text(path: Path) -> str:
    """The file's text; "" where there is no file. Raises _FaultError."""
    shown = safe(str(path))
    try:
        if not path.exists() or str(path) == os.devnull:
            return ""
        if not path.is_file():  # to open a pipe would wait for its writer
            raise _FaultError(f"{shown}: not a file", "settings are a TOML file")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _FaultError(f"{shown}: larger than {_LARGEST:,} bytes", "settings are a few lines")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _FaultError(f"{shown}: not UTF-8", "save it as UTF-8") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = error.strerror if isinstance(error, OSError) else error
        raise _FaultError(f"{shown}: {why}", "make it readable, or name another with DLTERM_CONFIG") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        at, what = "", str(error)
        if isinstance(error, tomli.TOMLDecodeError):
            at, what = f":{error.lineno}", error.msg
        raise _FaultError(
            f"{safe(str(path))}{at}: not TOML: {safe(what, limit=120)}",
            'a setting is a line such as theme = "light"',
        ) from None


def _checked(path: Path, text: str, found: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The settings that are right, and the faults of the others."""
    values: dict[str, Any] = {}
    faults = []
    for name, value in found.items():
        place = f"{safe(str(path))}:{_line_of(text, name)}"
        if name not in settings():
            what = f'{place}: there is no setting "{safe(name, limit=40)}"'
            faults.append(Fault(name, what, did_you_mean(name)))
            continue
        try:
            values[name] = settings()[name].check(_flat(value) if name == "keys" else value)
        except (ValueError, RecursionError) as error:
            mend = f"correct it, or: dlterm config --reset {name}"
            faults.append(Fault(name, f"{place}: {error}", mend))
    return values, tuple(faults)


def _flat(value: Any, prefix: str = "") -> Any:
    """{"lab": {"play": "p"}}, which is how TOML reads lab.play = "p", as {"lab.play": "p"}."""
    if not isinstance(value, dict):
        return value
    flat: dict[str, Any] = {}
    for name, each in value.items():
        inner = _flat(each, f"{prefix}{name}.")
        flat.update(inner if isinstance(inner, dict) else {f"{prefix}{name}": inner})
    return flat


def _line_of(text: str, name: str) -> int:
    """The line, from 1, on which a setting is made; 1 where none is found."""
    pattern = re.compile(rf"\s*\[?\s*[\"']?{re.escape(name)}[\"']?\s*[=.\]]")
    lines = (number for number, line in enumerate(text.splitlines(), start=1) if pattern.match(line))
    return next(lines, 1)


def _require_place(path: Path) -> None:
    """Have the directory there. Raises DltermError where it cannot hold the file."""
    shown = safe(str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DltermError(
            f"{safe(str(path.parent))}: {error.strerror}",
            hint="DLTERM_CONFIG names another file",
            exit_code=ExitCode.CANNOT_CREATE,
        ) from None
    if path.exists() and not path.is_file():
        raise DltermError(
            f"{shown}: not a file", hint="DLTERM_CONFIG names another", exit_code=ExitCode.CANNOT_CREATE
        )
    if not os.access(path.parent, os.W_OK):
        raise DltermError(
            f"{safe(str(path.parent))}: no permission to write",
            hint="DLTERM_CONFIG names another file",
            exit_code=ExitCode.PERMISSION,
        )
