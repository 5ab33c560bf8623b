"""Whatever becomes of the file: it is told in a line, nothing is overwritten, and what can be had again is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from dlterm.errors import DltermError, ExitCode
from dlterm.quiz import backups, database
from dlterm.quiz.backups import superfluous
from dlterm.quiz.database import DamagedError
from dlterm.quiz.store import Store


@pytest.fixture
def kept(path, answer, clock):
    """A store with answers: 40 that a backup has, too, and 5 that it has not."""
    with Store.open(path) as store:
        for k in range(40):
            store.record(answer(f"q{k % 7}", given="x" * 300), clock.on(hours=9))
        store.back_up(clock())
        for k in range(5):
            store.record(answer(f"new{k}"), clock.on(hours=1))
        store.kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_in_the_header(path):
    path.write_bytes(path.read_bytes()[:50])


def blank(path, at=4096, size=8192):
    content = bytearray(path.read_bytes())
    content[at : at + size] = bytes(size)
    path.write_bytes(content)


def scramble(path):
    content = bytearray(path.read_bytes())
    content[100:4096] = os.urandom(3996)
    path.write_bytes(content)


def run(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


DAMAGES = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("my shopping list\n" * 400),
    "cut in half": cut,
    "cut in the header": cut_in_the_header,
    "no header": lambda path: blank(path, 0, 100),
    "a page of zeros": blank,
    "the end in zeros": lambda path: blank(path, path.stat().st_size - 4096, 4096),
    "noise": scramble,
    "all noise": lambda path: path.write_bytes(os.urandom(50_000)),
    "no answers": lambda path: run(path, "DROP TABLE answers"),
    "no cards": lambda path: run(path, "DROP TABLE cards"),
    "another form": lambda path: run(path, "ALTER TABLE answers RENAME COLUMN uid TO u"),
    "no version": lambda path: run(path, "PRAGMA user_version = 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_store_is_set_aside_and_restored(name, kept, answer, clock):
    DAMAGES[name](kept)
    damaged = kept.read_bytes()
    with Store.open(kept) as store:
        assert len(store.notices) == 1
        assert "restored from the backup of 2026-03" in store.notices[0]
        assert "\n" not in store.notices[0]
        assert {f"q{k}" for k in range(7)} <= store.cards.all().keys()
        assert store.cards.all() == store.cards.folded()
        store.record(answer("after"), clock.on(days=1))
    aside = [each for each in kept.parent.glob("*.damaged-*") if not each.name.endswith(("-wal", "-shm"))]
    assert [each.read_bytes() for each in aside] == [damaged]
    with Store.open(kept) as store:
        assert store.notices == []
        assert store.cards.get("after")


def test_what_can_still_be_read_of_a_damaged_store_is_taken_over(kept):
    run(kept, "DROP TABLE cards")
    with Store.open(kept) as store:
        assert "with 5 answers that could still be read" in store.notices[0]
        assert {f"new{k}" for k in range(5)} <= store.cards.all().keys()
        assert len(list(store.rows())) == 45


def test_a_damaged_store_without_a_backup_is_kept_and_a_new_one_begun(kept):
    for backup in backups.backups(kept):
        backup.path.unlink()
    scramble(kept)
    with Store.open(kept) as store:
        assert "a new one is begun" in store.notices[0]
        assert store.cards.all() == {}


def test_a_damaged_backup_is_passed_over(kept, clock):
    with Store.open(kept) as store:
        newest = store.back_up(clock.on(days=3))
    cut(newest)
    cut(kept)
    with Store.open(kept) as store:
        assert "restored from the backup" in store.notices[0]
        assert len(store.cards.all()) >= 7
    assert newest.exists()


def test_a_second_damage_has_a_name_of_its_own(kept):
    for _ in range(3):
        cut_in_the_header(kept)
        Store.open(kept).close()
    assert (
        len([each for each in kept.parent.glob("*.damaged-*") if not each.name.endswith(("-wal", "-shm"))])
        == 3
    )


def refused(path, code):
    """What is said of a store that cannot be used; it and its neighbours stay as they are."""
    before = {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()}
    with pytest.raises(DltermError) as raised:
        Store.open(path)
    after = {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file() and each in before}
    assert before == after
    assert raised.value.exit_code == code
    assert raised.value.hint
    assert "\n" not in raised.value.message
    return raised.value.message


def test_a_newer_store_is_left_as_it_is(kept):
    run(kept, f"PRAGMA user_version = {database.VERSION + 1}")
    assert "newer dlterm" in refused(kept, ExitCode.CONFIGURATION)


def test_another_programs_database_is_left_as_it_is(kept):
    run(kept, "PRAGMA application_id = 77")
    assert "another program" in refused(kept, ExitCode.CONFIGURATION)


def test_a_database_of_nobody_is_left_as_it_is(kept):
    kept.unlink()
    run(kept, "CREATE TABLE photographs (taken)")
    assert "another program" in refused(kept, ExitCode.CONFIGURATION)


def test_a_locked_store_is_waited_for_and_then_told_of(kept, monkeypatch):
    monkeypatch.setattr(database, "_WAIT", 0.1)
    holder = sqlite3.connect(kept, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert "locked" in refused(kept, ExitCode.LOCKED)
    finally:
        holder.close()
    Store.open(kept).close()


def test_a_store_that_is_locked_while_it_is_written_keeps_nothing_half(kept, monkeypatch, answer, clock):
    monkeypatch.setattr(database, "_WAIT", 0.1)
    with Store.open(kept) as store:
        before = len(list(store.rows()))
        holder = sqlite3.connect(kept, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DltermError) as raised:
            store.record(answer("late"), clock())
        assert raised.value.exit_code == ExitCode.LOCKED
        holder.close()
        assert len(list(store.rows())) == before
        assert store.record(answer("late"), clock()).counted


def test_an_opening_under_way_is_waited_for(kept, monkeypatch):
    with database.alone(kept):
        monkeypatch.setattr(database, "_WAIT", 0.1)
        assert "being opened" in refused(kept, ExitCode.LOCKED)


def test_a_directory_in_its_place_is_left_as_it_is(path):
    path.mkdir(parents=True)
    assert "not a file" in refused(path, ExitCode.CANNOT_CREATE)


def test_a_pipe_in_its_place_is_not_waited_for(path):
    path.parent.mkdir()
    os.mkfifo(path)
    assert "not a file" in refused(path, ExitCode.CANNOT_CREATE)


def test_a_file_in_the_place_of_its_directory_is_left_as_it_is(path):
    path.parent.write_text("mine")
    with pytest.raises(DltermError) as raised:
        Store.open(path)
    assert raised.value.exit_code == ExitCode.CANNOT_CREATE
    assert path.parent.read_text() == "mine"


def test_a_name_that_is_none_is_told_of(tmp_path):
    with pytest.raises(DltermError):
        Store.open(tmp_path / "a\0b")


READ_ONLY = """
import os, sys
from pathlib import Path
from dlterm.errors import DltermError
from dlterm.quiz.store import Store
if os.getuid() == 0:  # who may write everywhere
    os.setuid(65534)
try:
    Store.open(Path(sys.argv[1]))
except DltermError as error:
    print(int(error.exit_code), error.message)
"""


@pytest.mark.parametrize("what", ["file", "directory"])
def test_a_store_that_may_not_be_written_is_left_as_it_is(what, kept, tmp_path):
    for place in (*tmp_path.parents[:4], tmp_path):
        if (
            place.stat().st_uid == os.getuid() and place.name.startswith(("pytest", "popen"))
        ) or place == tmp_path:
            place.chmod(0o755)
    kept.parent.chmod(0o777 if what == "file" else 0o555)
    kept.chmod(0o444)
    before = kept.read_bytes()
    found = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(kept)], capture_output=True, text=True, check=False
    )
    kept.parent.chmod(0o755)
    assert found.stdout.startswith("77 "), found.stderr
    assert kept.read_bytes() == before


def test_a_link_to_the_store_stays_one(kept, tmp_path, answer, clock):
    link = tmp_path / "link.sqlite3"
    link.symlink_to(kept)
    with Store.open(link) as store:
        store.record(answer("by link"), clock())
    assert link.is_symlink()
    with Store.open(kept) as store:
        assert store.cards.get("by link")


def test_a_link_to_a_damaged_store_stays_one(kept, tmp_path):
    link = tmp_path / "link.sqlite3"
    link.symlink_to(kept)
    cut(kept)
    with Store.open(link) as store:
        assert "restored from the backup" in store.notices[0]
    assert link.is_symlink()
    assert list(kept.parent.glob("*.damaged-*"))


def test_what_is_no_answer_is_not_taken_over(kept):
    run(kept, "UPDATE answers SET rating = 77 WHERE question = 'new1'", "DROP TABLE cards")
    with Store.open(kept) as store:
        assert "with 4 answers" in store.notices[0]
        assert "new1" not in store.cards.all()


def test_a_log_without_its_database_is_not_played_into_a_new_one(kept, path):
    kept.with_name(kept.name + "-wal").write_bytes(os.urandom(9000))
    kept.unlink()
    with Store.open(path) as store:
        assert store.cards.all() == {}
        assert "dlterm progress restore" in store.notices[0]


def test_a_disk_that_is_full_is_told_of_and_nothing_is_acknowledged(kept, answer, clock):
    with Store.open(kept) as store:
        pages = store.kept.value("PRAGMA page_count")
        store.kept.change(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DltermError, match="full") as raised:
            for k in range(200):
                store.record(answer(f"f{k}", given="y" * 900), clock())
        assert raised.value.exit_code == ExitCode.INPUT_OUTPUT
        store.kept.change("PRAGMA max_page_count = 100000")
        assert store.cards.all() == store.cards.folded()
        assert store.record(answer("then"), clock()).counted


def test_backups_are_thinned_to_days_weeks_and_months():
    begun = datetime(2026, 1, 1, 20)
    kept = []
    for day in range(800):
        kept.append(begun + timedelta(days=day))
        kept = sorted(set(kept) - set(superfluous(kept)))
    assert 18 <= len(kept) <= 24
    ages = [(kept[-1] - time).days for time in kept]
    assert set(range(7)) <= set(ages)
    assert max(ages) > 300
    assert superfluous(kept) == []


def test_a_backup_is_made_once_a_day(kept, clock):
    with Store.open(kept) as store:
        assert store.back_up(clock(), only_if_due=True) is None
        assert store.back_up(clock.on(days=1), only_if_due=True)
    assert len(backups.backups(kept)) == 2
    assert not list(backups.directory_of(kept).glob(".*"))


def test_an_older_store_is_backed_up_and_brought_up_to_date(kept, monkeypatch):
    monkeypatch.setattr(
        database, "MIGRATIONS", (*database.MIGRATIONS, "ALTER TABLE flags ADD COLUMN note TEXT")
    )
    for module in ("database", "rescue"):
        monkeypatch.setattr(f"dlterm.quiz.{module}.VERSION", 2)
    before = len(backups.backups(kept))
    with Store.open(kept) as store:
        assert "brought to version 2" in store.notices[0]
        assert store.kept.value("PRAGMA user_version") == 2
        store.kept.change("SELECT note FROM flags")
        assert len(store.cards.all()) == 12
    assert len(backups.backups(kept)) == before + 1


def test_damage_is_told_from_what_is_none(path):
    path.parent.mkdir()
    database.create(path)
    database.examine(path).close()
    cut_in_the_header(path)
    with pytest.raises(DamagedError):
        database.examine(path)


def test_who_has_it_open_follows_when_another_instance_restores_it(kept, answer, clock):
    with Store.open(kept) as one:
        one.record(answer("before"), clock.on(days=1))
        content = bytearray(kept.read_bytes())
        content[4096:12288] = bytes(8192)
        kept.write_bytes(content)
        with Store.open(kept) as other:
            assert "restored from the backup" in other.notices[0]
            recorded = one.record(answer("after"), clock.on(minutes=1))
            assert other.cards.get("after") == recorded.card
    with Store.open(kept) as store:
        assert recorded.uid in {row["uid"] for row in store.rows()}


def test_an_answer_is_not_acknowledged_when_the_store_is_gone(kept, answer, clock):
    with Store.open(kept) as store:
        kept.unlink()
        with pytest.raises(DltermError, match="is gone") as raised:
            store.record(answer("lost"), clock())
        assert raised.value.exit_code == ExitCode.INPUT_OUTPUT
    assert not kept.exists()
