"""Options that several commands have."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


class Whole(click.IntRange):
    """A whole number in plain digits: Python's own reading takes 1_000 and other scripts' digits, too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raise click's usage error for what is none, or is out of range."""
        _require(r"[+-]?[0-9]{1,20}", value, "a whole number", self, param, ctx)
        return super().convert(value, param, ctx)


class Decimal(click.FloatRange):
    """A number in plain digits; Python's own reading takes nan, which is in every range, too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raise click's usage error for what is none, or is out of range."""
        _require(r"[0-9eE+.\-]{1,60}", value, "a number", self, param, ctx)
        return super().convert(value, param, ctx)


def _require(
    pattern: str,
    value: Any,
    what: str,
    kind: Whole | Decimal,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> None:
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        kind.fail(f"{value[:60]!r} is not {what}", param, ctx)


def _set_no_color(_ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        os.environ["NO_COLOR"] = "1"


no_color_option = click.option(
    "--no-color",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_set_no_color,
    help="Use no colours, as if NO_COLOR were set.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


def in_option(what: str) -> Callable[[F], F]:
    """The directory that runs are in, as `root`; `what` is done there."""
    return click.option(
        "--in",
        "root",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("runs"),
        show_default=True,
        metavar="DIR",
        help=what,
    )
