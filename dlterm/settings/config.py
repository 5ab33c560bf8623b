"""What can be set: one table of names, defaults and help, for the file, the command and the app's screen."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

_ACTION = r"^[a-z][a-z0-9_+\-]*(\.[a-z0-9_+\-]+)*\Z"
_KEY = r"((ctrl|alt|shift|super|hyper|meta)\+)*([a-z][a-z0-9_]*|[^\s,\x00-\x1f\x7f-\x9f])"
_Action = Annotated[str, Meta(pattern=_ACTION, max_length=80)]
_Keys = Annotated[str, Meta(pattern=rf"^{_KEY}(,{_KEY})*\Z", max_length=120)]

_SWITCH = {"on": "true", "yes": "true", "off": "false", "no": "false"}


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings. A description here is the only text that explains one."""

    theme: Annotated[
        Literal["dark", "light", "contrast", "terminal"],
        Meta(description="Colours of the app; contrast is for poor light, terminal uses the terminal's own."),
    ] = "dark"
    colours: Annotated[
        Literal["auto", "true", "256", "16", "none"],
        Meta(description="How many colours to use; auto asks the terminal. NO_COLOR wins."),
    ] = "auto"
    start: Annotated[
        Literal["home", "lab", "last"],
        Meta(description="What dlterm opens without a command; last is where the last session ended."),
    ] = "home"
    restore: Annotated[
        bool, Meta(description="Take up the lab's recipe and the place in each lesson where they were left.")
    ] = True
    text_width: Annotated[
        Literal["narrow", "normal", "wide"],
        Meta(description="How wide the text of a lesson is: 58, 74 or 106 columns, where there is room."),
    ] = "normal"
    frame_rate: Annotated[
        int, Meta(ge=5, le=60, description="Pictures a second at the most; fewer for a slow line.")
    ] = 30
    animation: Annotated[bool, Meta(description="Whether panes and scrolling glide instead of jumping.")] = (
        True
    )
    test_points: Annotated[
        bool, Meta(description="Whether the lab begins with the held-out examples shown.")
    ] = True
    presets: Annotated[
        str,
        Meta(
            max_length=4096,
            description="A file of presets that the lab steps through in place of dlterm's: dlterm help presets.",
        ),
    ] = ""
    retention: Annotated[
        int, Meta(ge=70, le=97, description="Quiz: how many of 100 questions that come back are to be known.")
    ] = 90
    new_per_day: Annotated[
        int, Meta(ge=0, le=200, description="Quiz: questions that a day's review begins, at the most.")
    ] = 10
    reviews_per_day: Annotated[
        int, Meta(ge=5, le=1000, description="Quiz: questions that come back on a day, at the most.")
    ] = 100
    exam_questions: Annotated[
        int, Meta(ge=1, le=200, description="Quiz: how many questions an exam has.")
    ] = 20
    exam_minutes: Annotated[
        int, Meta(ge=0, le=240, description="Quiz: how many minutes there are for an exam; 0 is no limit.")
    ] = 20
    day_begins: Annotated[
        int, Meta(ge=0, le=12, description="Quiz: the hour at which a study day begins, in local time.")
    ] = 4
    streak: Annotated[
        bool, Meta(description="Quiz: whether days in a row are counted; a vacation breaks no row.")
    ] = True
    keys: Annotated[
        dict[_Action, _Keys],
        Meta(max_length=500, description="Keys of one's own, by action, such as keys.lab.play = p,f5."),
    ] = {}


@dataclass(frozen=True)
class Setting:
    """A row of the table. `kind` is the type of its values, with their limits."""

    name: str
    help: str
    default: Any
    kind: Any
    lowest: int = 0
    highest: int = 0

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it takes, if it is a choice; else none."""
        if self._type is bool:
            return ("true", "false")
        return get_args(self._type) if get_origin(self._type) is Literal else ()

    @property
    def expected(self) -> str:
        """What it takes, as an error says it."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self._type is int:
            return f"a whole number from {self.lowest} to {self.highest}"
        if self._type is str:
            return "the name of a file, or nothing"
        return "an action's name and its keys, such as lab.play=p,ctrl+g"

    @property
    def _type(self) -> Any:
        return get_args(self.kind)[0]

    def check(self, value: Any, *, text: bool = False) -> Any:
        """The value, converted from text where it is text. Raises ValueError: what came, and what was expected."""
        if isinstance(value, dict) and self.name == "keys":  # one by one, so that an error names the action
            return {
                action: self._convert({action: key}, f"keys.{action}")[action]
                for action, key in value.items()
            }
        if isinstance(value, bool | int) and get_origin(self._type) is Literal:
            value = str(value).lower()  # colours = 256 means "256"
        if self._type is bool and text:
            value = _SWITCH.get(value, value)
        return self._convert(value, self.name, text=text)

    def _convert(self, value: Any, name: str, *, text: bool = False) -> Any:
        try:
            return msgspec.convert(value, self.kind, strict=not text)
        except msgspec.ValidationError:
            shown = safe(as_text(value), limit=60)
            raise ValueError(f"{safe(name, limit=60)}: {shown} is not {self.expected}") from None


@functools.cache
def settings() -> dict[str, Setting]:
    """The table, by name."""
    kinds = get_type_hints(Config, include_extras=True)
    defaults = msgspec.structs.asdict(Config())
    return {name: _setting(name, kinds[name], default) for name, default in defaults.items()}


def _setting(name: str, kind: Any, default: Any) -> Setting:
    meta: Meta = kind.__metadata__[0]
    lowest, highest = int(meta.ge or 0), int(meta.le or 0)
    return Setting(name, meta.description or "", default, kind, lowest, highest)


def as_text(value: Any) -> str:
    """A value as the command prints it: `true`, `30`, `lab.play=p lab.step=n`."""
    if isinstance(value, dict):
        return " ".join(f"{name}={each}" for name, each in sorted(value.items(), key=str))
    return str(value).lower() if isinstance(value, bool) else str(value)


def find(name: str) -> tuple[Setting, str]:
    """The setting that a name means, and for `keys.ACTION` the action. Raises DltermError (usage)."""
    head, _, action = name.replace("-", "_").partition(".")
    table = settings()
    if head in table and (not action or head == "keys"):
        return table[head], name.partition(".")[2]
    raise DltermError(
        f'there is no setting "{safe(name, limit=60)}"', hint=did_you_mean(name), exit_code=ExitCode.USAGE
    )


def did_you_mean(name: str) -> str:
    """What to try in place of a name that no setting has."""
    near = get_close_matches(name.replace("-", "_"), settings(), n=1)
    return f'did you mean "{near[0]}"?' if near else f"the settings are {', '.join(settings())}"
