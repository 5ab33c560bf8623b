"""What is taken along to another machine is all there, and what is no export is refused as a whole."""

from __future__ import annotations

import json

import pytest

from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.days import clock_day
from dlterm.quiz.exchange import exported, taken_over
from dlterm.quiz.store import Store


@pytest.fixture
def full(store, answer, clock):
    for k in range(30):
        store.record(answer(f"q{k % 4}", right=k % 3 > 0, given="ä", confidence="sure"), clock.on(hours=15))
    store.undo(7)
    store.marks.flag("q1", clock())
    store.marks.take_off(800_000, 800_003)
    return store


def test_another_machine_has_all_of_it_after_an_import(full, tmp_path, clock):
    lines = list(exported(full))
    assert json.loads(lines[0])["format"] == "dlterm progress"
    with Store.open(tmp_path / "other.sqlite3") as other:
        assert taken_over(other, "x", lines) == 30
        assert other.cards.all() == full.cards.all()
        assert other.marks.flags() == {"q1"}
        assert other.marks.days_off() == [(800_000, 800_003)]
        assert other.today(clock()) == clock_day(clock())
        assert taken_over(other, "x", lines) == 0
        assert taken_over(full, "x", exported(other)) == 0


def test_two_machines_that_exchange_come_to_the_same(full, tmp_path, answer, clock):
    with Store.open(tmp_path / "other.sqlite3") as other:
        taken_over(other, "x", list(exported(full)))
        full.record(answer("q0"), clock.on(days=2))
        other.record(answer("q1"), clock.on(days=1))
        taken_over(other, "x", list(exported(full)))
        taken_over(full, "x", list(exported(other)))
        assert other.cards.all() == full.cards.all()
        assert {row["uid"] for row in other.rows()} == {row["uid"] for row in full.rows()}


def test_what_was_forgotten_can_be_had_again_from_ones_own_export(full, clock):
    lines, cards = list(exported(full)), full.cards.all()
    full.forget()
    assert taken_over(full, "x", lines) == 30
    assert full.cards.all() == cards
    assert all(row["origin"] == "" for row in full.rows())


def change(line, **fields):
    return json.dumps({**json.loads(line), **fields})


WRONG = {
    "nothing": lambda lines: [],
    "no head": lambda lines: lines[1:],
    "a newer one": lambda lines: [change(lines[0], version=2), *lines[1:]],
    "another program's": lambda lines: [change(lines[0], format="anki"), *lines[1:]],
    "a line cut off": lambda lines: [*lines[:5], lines[5][:40]],
    "a field too many": lambda lines: [*lines[:5], change(lines[5], colour=1)],
    "a rating of nine": lambda lines: [*lines[:5], change(lines[5], rating=9)],
    "a day before all days": lambda lines: [*lines[:5], change(lines[5], day=0)],
    "no number": lambda lines: [*lines[:5], lines[5].replace('"credit": 0.0', '"credit": NaN')],
    "another line": lambda lines: [*lines[:5], '{"what": "song"}'],
    "deep brackets": lambda lines: [*lines[:5], "[" * 5000],
    "half a letter": lambda lines: [*lines[:5], '"\udcff"'],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_export_is_refused_whole_with_its_line(name, full, tmp_path):
    lines = list(exported(full))
    wrong = WRONG[name](lines)
    if name == "no number" and wrong[5] == lines[5]:
        wrong[5] = lines[5].replace('"credit": 1.0', '"credit": NaN')
    with Store.open(tmp_path / "other.sqlite3") as other:
        with pytest.raises(DltermError, match=r"^export\.jsonl:\d+: ") as raised:
            taken_over(other, "export.jsonl", wrong)
        assert raised.value.exit_code == ExitCode.BAD_DATA
        assert list(other.rows()) == []
