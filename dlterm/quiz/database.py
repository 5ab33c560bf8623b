"""The file that holds what was answered: SQLite, opened so that nothing is lost and nothing overwritten.

Write-ahead log and `synchronous=FULL`: a commit is on the disk when it returns, and two instances write in turn. The
file is checked at each start: a damaged one is set aside (`rescue.py`), one not ours, or newer, left as it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from dlterm.atomic import write_atomically
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Connect = Callable[[Path], sqlite3.Connection]

APPLICATION = 0x646C7175  # in the file's header: whose it is
MIGRATIONS = (
    """
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,           -- the same in every export
        origin TEXT NOT NULL DEFAULT '',    -- '' for this store's own
        question TEXT NOT NULL,
        lesson TEXT NOT NULL,
        kind TEXT NOT NULL,
        mode TEXT NOT NULL,
        session TEXT NOT NULL,
        at INTEGER NOT NULL,                -- milliseconds since 1970, UTC
        zone INTEGER NOT NULL,              -- minutes east of UTC
        clock INTEGER NOT NULL,             -- the study day that the clock showed
        day INTEGER NOT NULL,               -- the study day that it was
        given TEXT NOT NULL,                -- JSON
        credit REAL NOT NULL,
        confidence TEXT NOT NULL,
        hints INTEGER NOT NULL,
        seconds REAL NOT NULL,
        seed INTEGER NOT NULL,
        misconceptions TEXT NOT NULL,       -- with spaces between
        rating INTEGER NOT NULL,            -- 0 where it does not count
        elapsed INTEGER,                    -- days since the review before, of one that counts
        undone INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX answers_by_question ON answers (question, undone, rating, day, credit);
    CREATE INDEX answers_by_day ON answers (day, undone, rating, elapsed, credit, seconds);
    CREATE INDEX answers_by_elapsed ON answers (elapsed, rating)
        WHERE undone = 0 AND rating > 0 AND elapsed IS NOT NULL;
    CREATE INDEX answers_by_confidence ON answers (confidence, credit) WHERE undone = 0 AND confidence <> '';
    CREATE INDEX answers_misdated ON answers (id) WHERE day <> clock AND origin = '';
    CREATE TABLE cards (
        question TEXT PRIMARY KEY,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        last INTEGER NOT NULL,
        due INTEGER NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL,
        surely_wrong INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE flags (question TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE days_off (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO facts VALUES ('store', lower(hex(randomblob(8))));
    """,
)
VERSION = len(MIGRATIONS)
_TABLES = {"answers", "cards", "flags", "days_off", "facts"}
_WAIT = 5.0  # seconds for another instance to finish writing
_HEADER, _HEADER_BYTES = b"SQLite format 3\0", 100
_LOCK = ".progress.lock"


class DamagedError(Exception):
    """A file that is no sound store; the text says what is wrong with it."""


def store_path() -> Path:
    """Where the store is: DLTERM_PROGRESS, else in the user's directory for data; a link is followed."""
    named = os.environ.get("DLTERM_PROGRESS")
    if named:
        return real(Path(named))
    return real(platformdirs.user_data_path("dlterm", appauthor=False) / "progress.sqlite3")


def real(path: Path) -> Path:
    """The file that a path means, so that a link stays one when the file is replaced."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path


def connect(path: Path) -> sqlite3.Connection:
    """A connection that commits each statement, and each commit to the disk. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", timeout=_WAIT, uri=True, isolation_level=None
    )


def create(path: Path) -> None:
    """Make an empty store, which is there as a whole or not at all. Raises DltermError."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        migrate(connection)
        content = connection.serialize()
    write_atomically(path, content)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a store to this version, step by step, each whole or not at all. Raises sqlite3.Error."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number in range(version, VERSION):
        step = MIGRATIONS[number]
        connection.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number + 1}; COMMIT;")


def examine(path: Path, connect: Connect = connect) -> sqlite3.Connection:
    """A connection to a store that is whole. Raises DamagedError, or DltermError for one to be left as it is."""
    shown = safe(str(path))
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        raise _refusal(path, error.strerror or "cannot be read") from None
    if header[:16] != _HEADER or len(header) < _HEADER_BYTES:
        raise DamagedError(f"{shown} is empty" if not header else f"{shown} is damaged (no database)")
    owner, version = (int.from_bytes(header[at : at + 4]) for at in (68, 60))
    if owner != APPLICATION:
        raise DltermError(
            f"{shown} belongs to another program",
            hint="it is left as it is; DLTERM_PROGRESS names another file",
            exit_code=ExitCode.CONFIGURATION,
        )
    _require_known(path, version)
    with told(path):
        return _checked(path, connect)


def _require_known(path: Path, version: int) -> None:
    if version > VERSION:
        raise DltermError(
            f"{safe(str(path))} is of a newer dlterm (version {version} of the store; this one knows {VERSION})",
            hint="it is left as it is; install the newer dlterm, or name another file with DLTERM_PROGRESS",
            exit_code=ExitCode.CONFIGURATION,
        )


def _checked(path: Path, connect: Connect) -> sqlite3.Connection:
    """Raises DamagedError, and sqlite3.OperationalError for what is no damage."""
    connection = None
    shown = safe(str(path))
    try:
        connection = connect(path)
        faults = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        _require_known(path, version)  # the header may be older than what the log says
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if faults != ["ok"]:
            raise DamagedError(f"{shown} is damaged ({safe(str(faults[0]), limit=60)})")
        if version < 1 or not tables >= _TABLES:
            raise DamagedError(f"{shown} is damaged (its tables are missing)")
        for table in _TABLES:
            connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        columns = {row[1] for row in connection.execute("PRAGMA table_info(answers)")}
        if not columns >= {"uid", "question", "day", "rating"}:
            raise DamagedError(f"{shown} is damaged (its columns are missing)")
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            raise DamagedError(f"{shown} is damaged ({safe(str(error), limit=60)})") from None
        raise
    return connection


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is at fault, not the disk, the permission or another instance."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if not code:
        return not isinstance(error, sqlite3.OperationalError)
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system raise into a line that names the file: 75, 77 or 74."""
    try:
        yield
    except sqlite3.Error as error:
        raise _as_told(path, error) from None
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from None


def _as_told(path: Path, error: sqlite3.Error) -> DltermError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DltermError(
            f"{safe(str(path))} is locked by another program",
            hint="nothing was changed; close the other one, then try again",
            exit_code=ExitCode.LOCKED,
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN):
        return _refusal(path, "cannot be written")
    hint = "make room or check the disk, then try again"
    if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
        hint = "start dlterm again: it sets the file aside, and restores what it can"
    return DltermError(f"{safe(str(path))}: {safe(str(error))}", hint=hint, exit_code=ExitCode.INPUT_OUTPUT)


def _refusal(path: Path, why: str) -> DltermError:
    return DltermError(
        f"{safe(str(path))}: {safe(why)}",
        hint="it is left as it is; make it writable, or name another file with DLTERM_PROGRESS",
        exit_code=ExitCode.PERMISSION,
    )


def require_place(path: Path) -> None:
    """Have a directory there in which the store can be. Raises DltermError (73, 77)."""
    try:
        if "\0" in str(path):
            raise ValueError("a name with a NUL in it")
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = path.stat().st_mode if os.path.lexists(path) else stat.S_IFREG
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise DltermError(
            f"{safe(str(path.parent))}: {why}",
            hint="DLTERM_PROGRESS names another file",
            exit_code=ExitCode.CANNOT_CREATE,
        ) from None
    if not stat.S_ISREG(kind):
        raise DltermError(
            f"{safe(str(path))}: not a file",
            hint="it is left as it is; DLTERM_PROGRESS names another",
            exit_code=ExitCode.CANNOT_CREATE,
        )
    if not os.access(path.parent, os.W_OK):
        raise _refusal(path.parent, "no permission to write")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise _refusal(path, "no permission to write")


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within it, no other instance opens or replaces the store. Raises DltermError (locked) after some seconds."""
    lock = path.with_name(_LOCK)
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _refusal(lock, error.strerror or "cannot be opened") from None
    try:
        deadline = time.monotonic() + _WAIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise DltermError(
                        f"{safe(str(path))} is being opened by another dlterm",
                        hint="wait until it is through, then try again",
                        exit_code=ExitCode.LOCKED,
                    ) from None
                time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)
