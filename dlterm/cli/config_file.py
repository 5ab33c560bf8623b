"""`--config FILE.toml`: settings of a recipe from a file, by the names of the options; a run's config.toml is one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec
import tomli

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 1_000_000  # bytes


def read_settings(path: Path) -> dict[str, Any]:
    """The settings that the file makes: its [recipe] table, or without one all of it; dashes may stand for underscores.

    Raises DltermError: no input (66) where it cannot be read, configuration (78) where it is no TOML or holds a setting
    that no recipe has, or a value that none takes.
    """
    found = _parse(path, _read(path))
    settings = found.get("recipe", found)
    if not isinstance(settings, dict):
        raise _wrong(path, "recipe is no table", "write [recipe], then a setting a line")
    named = {name.replace("-", "_"): value for name, value in settings.items()}
    known = [field.name for field in msgspec.structs.fields(Recipe)]
    for name in named:
        if name not in known:
            nearest = get_close_matches(name, known, n=1)
            hint = f'did you mean "{nearest[0]}"?' if nearest else f"the settings are {', '.join(known)}"
            raise _wrong(path, f'there is no setting "{safe(name, limit=40)}"', hint)
    try:
        Recipe.of(**named)
    except DltermError as error:
        raise _wrong(path, error.message, error.hint) from None
    return named


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise FileNotFoundError(2, "no such file" if not path.exists() else "not a file")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise DltermError(
            f"{safe(str(path))}: {why}",
            hint="--config takes a TOML file of settings",
            exit_code=ExitCode.NO_INPUT,
        ) from None
    if len(content) > _LARGEST:
        raise _wrong(path, f"larger than {_LARGEST:,} bytes", "a config is a few lines")
    return content


def _parse(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomli.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _wrong(path, "not UTF-8", "save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise _wrong(
            path, f"not TOML: {error}", 'a setting is a line such as lr = 0.01 or data = "xor"'
        ) from None


def _wrong(path: Path, what: str, hint: str) -> DltermError:
    message = f"{safe(str(path))}: {safe(what)}"
    return DltermError(message, hint=hint, exit_code=ExitCode.CONFIGURATION)
