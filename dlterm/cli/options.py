"""Options that several commands have."""

from __future__ import annotations

import os

import click


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
