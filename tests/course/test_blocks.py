from __future__ import annotations

import pytest

from dlterm.course.blocks import Block


@pytest.mark.parametrize(
    ("level", "sign", "next_level", "next_sign", "goes_on"),
    [
        (1, "•", 1, "•", True),
        (1, "1.", 1, "2.", True),
        (1, "•", 1, "1.", False),
        (1, "2.", 1, "•", False),
        (1, "•", 2, "1.", True),
        (2, "1.", 1, "•", True),
        (1, "1.", 1, "", True),  # a second paragraph of the entry
    ],
)
def test_a_list_goes_on_but_not_in_one_of_another_kind(level, sign, next_level, next_sign, goes_on):
    entry = Block("item", "", level=level, sign=sign)
    assert entry.goes_on_in(Block("item", "", level=next_level, sign=next_sign)) is goes_on


def test_a_paragraph_ends_a_list():
    assert not Block("item", "", level=1, sign="•").goes_on_in(Block("paragraph", ""))
    assert not Block("paragraph", "").goes_on_in(Block("item", "", level=1, sign="•"))
