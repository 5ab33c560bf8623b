"""What a shell may complete DATA and the names of settings to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import click


def complete_data(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the data sets and the presets that begin so, each with its description, and files."""
    from dlterm.course.content import presets
    from dlterm.data import SETS

    names = {**SETS, **{preset.id: preset.title for preset in presets()}}
    found = [CompletionItem(name, help=text) for name, text in names.items() if name.startswith(incomplete)]
    return [*found, CompletionItem(incomplete, type="file")]


def complete_experiment(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the experiments that begin so, each with its title."""
    from dlterm.experiments.registry import entries

    return [CompletionItem(each.id, help=each.title) for each in entries() if each.id.startswith(incomplete)]


def complete_list(
    words: Sequence[str],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Return what completes the last of several words with commas between."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        said, comma, begun = incomplete.rpartition(",")
        return [CompletionItem(said + comma + word) for word in words if word.startswith(begun)]

    return complete


def complete_setting(
    ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the settings that begin so, each with its help; after a setting's name, the words that it takes."""
    from dlterm.settings.config import settings

    named = settings().get(ctx.params.get("name") or "")
    words = {name: each.help for name, each in settings().items()}
    if named is not None:
        words = dict.fromkeys(named.choices, "")
    return [CompletionItem(word, help=text) for word, text in words.items() if word.startswith(incomplete)]


def complete_topic(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the lessons and the types of questions that begin so."""
    from dlterm.quiz.bank import bank

    words = {name: head.title for name, head in bank().lessons.items()}
    words |= {entry.kind: "a type of question" for entry in bank()}
    return [CompletionItem(word, help=text) for word, text in words.items() if word.startswith(incomplete)]
