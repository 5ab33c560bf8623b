from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from dlterm.tui.outbox import RESERVE, Outbox, is_frame

WIDTH, HEIGHT = 30, 6
ALL = 10**9
TEXTS = st.text("abé▀ ", min_size=1, max_size=8)


def at(row, column, text):
    return f"\x1b[{row};{column}H{text}"


def emptied(outbox, room=ALL):
    """All that is in it, in turns of so many bytes."""
    texts = []
    while text := outbox.take(room, first=ALL):
        texts.append(text)
    return "".join(texts)


def test_an_update_of_the_screen_is_told_from_other_sequences():
    assert is_frame(at(1, 1, "text"))
    assert not is_frame("\x1b[?25l")
    assert not is_frame("\x1b]52;c;aGk=\x07")


def test_a_newer_piece_takes_the_place_of_what_it_covers():
    outbox = Outbox()
    outbox.put(at(2, 1, "old") + at(3, 1, "kept"))
    outbox.put(at(2, 1, "newer"))
    assert emptied(outbox) == at(2, 1, "newer") + at(3, 1, "kept") + "\x1b[2;1H"


def test_a_piece_that_covers_only_a_part_comes_after_it():
    outbox = Outbox()
    outbox.put(at(1, 1, "a longer one"))
    outbox.put(at(1, 3, "xx"))
    assert emptied(outbox).startswith(at(1, 1, "a longer one") + at(1, 3, "xx"))


def test_text_goes_before_pictures():
    outbox = Outbox()
    outbox.put(at(1, 1, "▀" * 400) + at(2, 1, "word"))
    assert outbox.take(0) == ""
    assert outbox.take(20) == at(2, 1, "word") + "\x1b[2;1H"
    assert outbox.take(1000) == ""
    assert outbox.take(1300).startswith(at(1, 1, "▀" * 400))
    assert not outbox


def test_what_answers_a_key_goes_first_and_has_room_of_its_own():
    outbox = Outbox()
    outbox.put(at(1, 1, "of a picture"))
    outbox.put(at(1, 1, "of a picture") + at(2, 1, "▀" * 400) + at(3, 1, "echo"), answers=True)
    assert outbox.take(-RESERVE) == ""
    assert outbox.take(0) == at(3, 1, "echo") + "\x1b[3;1H"
    assert outbox.take(1300).startswith(at(1, 1, "of a picture"))


def test_what_the_terminal_shows_already_is_not_sent_again():
    outbox = Outbox()
    outbox.put(at(1, 1, "one") + at(2, 1, "two"))
    emptied(outbox)
    outbox.put(at(1, 1, "one") + at(2, 1, "2"))
    assert emptied(outbox) == at(2, 1, "2") + "\x1b[2;1H"
    outbox.clear()
    outbox.put(at(1, 1, "one"))
    assert outbox


def test_colours_and_links_take_no_columns():
    outbox = Outbox()
    outbox.put(at(1, 1, "\x1b[38;2;1;2;3;1mab\x1b[0m\x1b]8;id=1;https://example.org\x1b\\c\x1b]8;;\x1b\\"))
    outbox.put(at(1, 4, "d"))
    assert "https" in emptied(outbox)
    outbox.put(at(1, 1, "xyz"))
    assert emptied(outbox).startswith(at(1, 1, "xyz"))


def test_a_wide_character_takes_two_columns():
    outbox = Outbox()
    outbox.put(at(1, 1, "日本") + at(1, 4, "x"))
    assert emptied(outbox).startswith(at(1, 1, "日本") + at(1, 4, "x"))
    outbox.put(at(1, 1, "日本") + at(1, 1, "日本!"))
    assert emptied(outbox).startswith(at(1, 1, "日本!"))


def test_the_cursor_ends_where_the_newest_update_put_it():
    outbox = Outbox()
    outbox.put(at(1, 1, "text") + "\n" + at(2, 1, "text") + "\x1b[5;7H")
    assert emptied(outbox).endswith("\x1b[5;7H")


PIECES = st.tuples(st.integers(1, HEIGHT), st.integers(1, WIDTH - 16), TEXTS)
UPDATES = st.lists(
    st.tuples(st.lists(PIECES, min_size=1, max_size=6), st.integers(0, 40), st.booleans()), max_size=12
)


@given(UPDATES)
def test_in_turns_the_screen_becomes_what_it_would_have_been_at_once(updates):
    at_once, in_turns = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    outbox, streams = Outbox(), (pyte.Stream(at_once), pyte.Stream(in_turns))
    for pieces, room, answers in updates:
        frame = "".join(at(*piece) for piece in pieces)
        streams[0].feed(frame)
        outbox.put(frame, answers=answers)
        streams[1].feed(outbox.take(room))
    streams[1].feed(emptied(outbox, room=10))
    assert in_turns.display == at_once.display
