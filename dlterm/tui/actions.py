"""What can be done in the lab: one table, which feeds keys, footer, command palette and help."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

from dlterm.tui.settings import SETTINGS

_KEY_NAMES = {
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "f1": "F1",
    "ctrl+q": "^q",
    "escape": "esc",
}


@dataclass(frozen=True)
class Action:
    """`id` names the method of the lab's screen (`do_ID`), or a setting and a direction (`activation+`)."""

    id: str
    keys: str  # separated by commas, as Textual takes them
    title: str
    help: str
    in_footer: bool = False

    @property
    def key(self) -> str:
        """The first key, as the reader knows it."""
        return key_name(self.keys)


def key_name(keys: str) -> str:
    """The first of some keys as the reader knows it."""
    first = keys.partition(",")[0]
    return _KEY_NAMES.get(first, first)


OWN = (
    Action("play", "space", "Play/pause", "Train, or stop where it is.", in_footer=True),
    Action("step", "s", "Step", "Train on one batch, and pause.", in_footer=True),
    Action("epoch", "e", "Epoch", "Train to the end of the epoch, and pause.", in_footer=True),
    Action("faster", "f", "Faster", "Train faster: from one step a second to flat out.", in_footer=True),
    Action("slower", "F", "Slower", "Train slower, to see each step."),
    Action("reset", "r", "Reset", "Begin again from the same first weights.", in_footer=True),
    Action("reseed", "R", "New seed", "Begin again with other weights, data and order."),
    Action("test_points", "t", "Test points", "Show or hide the examples that are held out."),
    Action("discretise", "x", "Classes only", "Show the answer alone, or how sure the network is."),
    Action("log", "g", "Log scale", "The loss on a logarithmic or a linear scale."),
    Action("next_neuron", "m", "Next neuron", "Enlarge the next neuron's map; a click on a neuron does too."),
    Action("previous_neuron", "M", "Previous neuron", "Enlarge the map of the neuron before."),
    Action("output", "escape", "Show the output", "Back from one neuron's map to the network's answer."),
    Action(
        "copy", "y", "Copy recipe", "Copy the line that makes this run: dlterm lab and dlterm train take it."
    ),
    Action("card", "i", "Explain", "A card beside the lab: what the chosen setting means.", in_footer=True),
    Action("wider", "greater_than_sign", "Wider card", "Give the card more room."),
    Action("narrower", "less_than_sign", "Narrower card", "Give the card less room."),
    Action("theme", "T", "Dark/light", "Change between the dark and the light theme."),
    Action("help", "question_mark,f1", "Help", "What the panes show, and every key.", in_footer=True),
    Action("quit", "ctrl+q", "Quit", "Leave dlterm."),
)

ACTIONS: tuple[Action, ...] = (
    *OWN,
    *(
        Action(
            f"{setting.id}{sign}",
            key,
            f"{setting.title[0].upper()}{setting.title[1:]}: {word}",
            setting.help,
            setting.in_footer and sign == "+",
        )
        for setting in SETTINGS
        for sign, key, word in (("+", setting.more, setting.words[0]), ("-", setting.less, setting.words[1]))
        if key
    ),
)


def bindings() -> list[Binding]:
    """The table as Textual's bindings."""
    return [
        Binding(
            action.keys,
            f"do('{action.id}')",
            action.title.partition(":")[0],
            show=action.in_footer,
            key_display=action.key,
            tooltip=action.help,
            id=f"lab.{action.id}",
        )
        for action in ACTIONS
        if action.id != "quit"  # the app's, so that it works on every screen
    ]
