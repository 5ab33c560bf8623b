from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dlterm.tui.arrangement import LEAST, arranged

columns = st.integers(LEAST[0], 500)
rows = st.integers(LEAST[1] - 2, 300)


@given(columns, rows)
def test_every_pane_has_room(across, down):
    arrangement = arranged(across, down)
    assert 24 <= arrangement.right <= across - 30
    if arrangement.few:
        assert arrangement.top == down
    else:
        assert 6 <= arrangement.top <= down - 6


@given(st.integers(80, 300), st.integers(22, 100))
def test_the_output_is_never_much_wider_than_high(across, down):
    arrangement = arranged(across, down)
    assert arrangement.right - 2 <= max(30, 2 * arrangement.top)


def test_a_small_terminal_spends_no_cells_on_frames():
    assert not arranged(80, 22).framed
    assert arranged(120, 38).framed
