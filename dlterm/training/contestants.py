"""Who takes part in a race: networks, as recipes, and classic models."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training import classic
from dlterm.training.learner import same_data
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Model:
    """A classic model: its name in CLASSICS, and the recipe whose data and features it takes."""

    name: str
    recipe: Recipe


Contestant = Recipe | Model


def contestants(base: Recipe, lines: Sequence[str]) -> list[Contestant]:
    """One for each line: the name of a classic model, or what differs from the base (`lr=0.1`; "" for nothing).

    Several settings have `&` or blanks between them. Raises DltermError (usage).
    """
    return [
        Model(name, base) if (name := line.strip()) in classic.CLASSICS else _changed(base, name)
        for line in lines
    ]


def recipe_of(contestant: Contestant) -> Recipe:
    """The recipe that says what its data are."""
    return contestant.recipe if isinstance(contestant, Model) else contestant


def check(entries: Sequence[Contestant]) -> None:
    """Raise DltermError (usage) unless they can be compared."""
    if not FEWEST <= len(entries) <= MOST:
        count = f"{len(entries)} contestant{'s' * (len(entries) != 1)}"
        raise DltermError(
            f"{count}; a race has {FEWEST} to {MOST}",
            hint="name each with a --with of its own: --with '' is the recipe as it is",
            exit_code=ExitCode.USAGE,
        )
    first, *others = map(recipe_of, entries)
    for other in others:
        if not same_data(first, other) or (first.test, first.axes) != (other.test, other.axes):
            raise DltermError(
                "the contestants differ in their data",
                hint="give them the same data, seed, share of test examples and axes",
                exit_code=ExitCode.USAGE,
            )


def names(entries: Sequence[Contestant], task: str) -> list[str]:
    """What tells each from the others: of networks, the settings in which not all are alike."""
    recipes = [entry for entry in entries if not isinstance(entry, Model)]
    fields = [
        field.name
        for field in msgspec.structs.fields(Recipe)
        if len({getattr(recipe, field.name) for recipe in recipes}) > 1
    ]
    found = [
        classic.title(entry.name, task) if isinstance(entry, Model) else _settings(entry, fields)
        for entry in entries
    ]
    seen: Counter[str] = Counter()
    for k, name in enumerate(found):
        seen[name] += 1
        found[k] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return found


def _changed(base: Recipe, line: str) -> Recipe:
    for word in line.replace("&", " ").split():
        if "=" not in word:
            raise DltermError(
                f'there is no setting "{safe(word, limit=60)}" and no such model',
                hint=f"write settings, such as lr=0.1 hidden=4, or one of {', '.join(classic.CLASSICS)}",
                exit_code=ExitCode.USAGE,
            )
    changed = Recipe.settings(f"?{'&'.join(line.split())}")
    del changed["data"]
    return base.with_(**changed)


def _settings(recipe: Recipe, fields: Sequence[str]) -> str:
    words = []
    for name in fields:
        value = getattr(recipe, name)
        shown = ",".join(map(str, value)) or "none" if isinstance(value, tuple) else value
        words.append(f"{name}={shown}")
    return " ".join(words) or "network"
