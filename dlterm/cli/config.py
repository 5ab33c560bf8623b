"""`dlterm config`: what can be set, and setting it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_setting
from dlterm.cli.options import json_option, no_color_option
from dlterm.errors import DltermError, ExitCode
from dlterm.settings.config import Config, as_text, find, settings
from dlterm.settings.config_file import ConfigFile, config_path
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.settings.config import Setting

_COLUMNS = ("name", "value", "default", "help")


@click.command(epilog=examples(*COMMANDS["config"].examples))
@click.argument("name", required=False, shell_complete=complete_setting)
@click.argument("value", required=False, shell_complete=complete_setting)
@click.option("--reset", is_flag=True, help="Give the setting NAME its default again.")
@click.option("--path", "only_path", is_flag=True, help="Print where the file of settings is.")
@json_option
@no_color_option
def command(name: str | None, value: str | None, reset: bool, only_path: bool, as_json: bool) -> int:
    """List the settings; print the one that is called NAME; or set it to VALUE.

    They are kept in a TOML file, which may as well be edited; dlterm config writes nothing but settings to it, so
    that comments are lost. A key of one's own is a setting, too: keys.lab.play is the key of the action lab.play.
    """
    if name is not None and value is None and "=" in name:
        name, _, value = name.partition("=")
    if only_path:
        path = safe(str(config_path()), limit=4096)
        click.echo(json.dumps({"file": path}) if as_json else path)
        return ExitCode.DONE
    if reset and (name is None or value is not None):
        raise click.UsageError("--reset takes the name of one setting")
    file = ConfigFile.read()
    if name is None:
        file.require()
        _list(file, as_json=as_json)
        return ExitCode.DONE
    setting, action = find(name)
    if reset or value is not None:
        _change(file, setting, action, value)
        return ExitCode.DONE
    file.require()
    return _print(file.config, setting, action, as_json=as_json)


def _list(file: ConfigFile, *, as_json: bool) -> None:
    """All settings: JSON lines, tab-separated in a pipe, or a drawn table on a terminal."""
    found = msgspec.structs.asdict(file.config)
    path = safe(str(file.path), limit=4096)
    if as_json:
        for setting in settings().values():
            click.echo(json.dumps({**_described(setting, found[setting.name]), "file": path}))
        return
    rows = [
        (name, as_text(found[name]), as_text(each.default), f"{each.help} Takes {each.expected}.")
        for name, each in settings().items()
    ]
    if sys.stdout.isatty():
        _draw(rows)
    else:
        for row in (_COLUMNS, *rows):
            click.echo("\t".join(row))
    click.echo(
        f"settings are in {path}" + ("" if file.path.exists() else ", which is not there yet"), err=True
    )


def _described(setting: Setting, value: Any) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": value,
        "default": setting.default,
        "expected": setting.expected,
        "help": setting.help,
    }


def _print(config: Config, setting: Setting, action: str, *, as_json: bool) -> int:
    value = getattr(config, setting.name)
    if action:
        if action not in value:
            click.echo(f"keys.{safe(action, limit=60)} is not set", err=True)
            return ExitCode.NO
        click.echo(
            json.dumps({"name": f"keys.{action}", "value": value[action]}) if as_json else value[action]
        )
    elif as_json:
        click.echo(json.dumps(_described(setting, value)))
    elif setting.name == "keys":
        for each, key in sorted(value.items()):
            click.echo(f"keys.{each}={key}")
    else:
        click.echo(as_text(value))
    return ExitCode.DONE


def _change(file: ConfigFile, setting: Setting, action: str, value: str | None) -> None:
    """Set the setting, or where the value is None reset it; a wrong one in the file is no obstacle to that."""
    file.require(but=setting.name)
    try:
        changed = _changed(file.config, setting, action, value)
    except ValueError as error:
        hint = "dlterm config lists what each setting takes"
        raise DltermError(str(error), hint=hint, exit_code=ExitCode.USAGE) from None
    file.write(msgspec.structs.replace(file.config, **{setting.name: changed}))


def _changed(config: Config, setting: Setting, action: str, value: str | None) -> Any:
    """The new value. Raises ValueError."""
    if action:
        others = {name: key for name, key in config.keys.items() if name != action}
        return others if value is None else {**others, **setting.check({action: value})}
    if value is None:
        return setting.default
    if setting.name == "keys":
        raise ValueError("keys are set one by one, such as keys.lab.play=p")
    if setting.name == "presets" and value:
        from dlterm.tui.preparing import prepared

        path = Path(value).expanduser().absolute()  # it is meant from here
        prepared(path)
        value = str(path)
    return setting.check(value, text=True)


def _draw(rows: list[tuple[str, str, str, str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*_COLUMNS[:-1], box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_COLUMNS[-1], overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False, emoji=False).print(table)
