from __future__ import annotations

from collections import Counter

from dlterm.tui.actions import ACTIONS, OWN, bindings
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.settings import BY_ID


def test_no_key_does_two_things():
    keys = Counter(key for action in ACTIONS for key in action.keys.split(","))
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_action_can_be_carried_out():
    for action in OWN:
        assert callable(getattr(LabScreen, f"do_{action.id}"))
    for action in set(ACTIONS) - set(OWN):
        assert action.id[:-1] in BY_ID


def test_every_action_is_explained():
    assert all(action.title and action.help.endswith(".") for action in ACTIONS)


def test_no_key_is_one_that_terminals_keep_for_themselves():
    taken = {"ctrl+a", "ctrl+b", "ctrl+c", "ctrl+s", "ctrl+z", "ctrl+w", "ctrl+t"}
    assert not taken & {key for binding in bindings() for key in binding.key.split(",")}
