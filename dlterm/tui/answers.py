"""The learner's answers on a thread of their own: a disk may be slow, and another dlterm may hold the file for seconds.

Where the file cannot be used, the quiz goes on with one that is thrown away, and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dlterm.clock import local_time
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.quiz.opening import Clock
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

T = TypeVar("T")

_LONG = 40  # characters of a path: with more, what is said of the file would be cut off on 80 columns


class Answers:
    """Opens the store when it is first asked for, and keeps it open; all that is done with it is done one by one.

    `refusal` is why nothing is kept, one line; `notices` are what is to be told of how it was opened.
    """

    def __init__(self, path: Path | None = None, *, clock: Clock = local_time) -> None:
        """Without a path nothing is kept."""
        self.path = path
        self.clock = clock
        self.refusal = ""
        self.notices: list[str] = []
        self._store: Store | None = None
        self._is_own = False  # whether the store is the user's, not one that is thrown away
        self._left = contextlib.ExitStack()  # what is to be closed in the end
        self._thread: ThreadPoolExecutor | None = None

    @classmethod
    def of_the_user(cls) -> Answers:
        """Those in the user's file."""
        from dlterm.quiz.database import store_path

        return cls(store_path())

    @property
    def are_there(self) -> bool:
        """Whether anything was ever answered."""
        return self.path is not None and self.path.is_file()

    async def ask(self, config: Config, work: Callable[[Store], T], *, again: bool = False) -> T:
        """What some work with the store comes to, by these settings; `again` tries a file that was refused once more.

        Raises DltermError, and what the work raises.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="dlterm-answers")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, config, work, again)

    def close(self) -> None:
        """Let go of the file, once what is being written is written."""
        if self._thread is not None:
            self._thread.submit(self._left.close)
            self._thread.shutdown()
            self._thread = None

    # --- on the thread ------------------------------------------------------------------------------------------------

    def _do(self, config: Config, work: Callable[[Store], T], again: bool) -> T:
        from dlterm.quiz.scheduling import Scheduler

        if self._store is None or (again and not self._is_own and self.path is not None):
            self._open(config)
        assert self._store is not None
        self._store.go_by(Scheduler(config.retention / 100), config.day_begins)
        return work(self._store)

    def _open(self, config: Config) -> None:
        from dlterm.quiz.opening import open_store

        if self.path is not None:
            try:
                self._store = self._left.enter_context(open_store(config, self.path))
            except DltermError as error:
                said = f"{error.message}: {error.hint}" if error.hint else error.message
                self.refusal = said.replace(safe(str(self.path)), _shortly(self.path))
            else:
                self._is_own, self.refusal = True, ""
                self.notices += [safe(notice, limit=400) for notice in self._store.notices]
                return
        if self._store is None:
            place = Path(tempfile.mkdtemp(prefix="dlterm-"))
            self._left.callback(shutil.rmtree, place, ignore_errors=True)
            self._store = self._left.enter_context(open_store(config, place / "progress.sqlite3"))


def _shortly(path: Path) -> str:
    """A file by the last two parts of its path, where that is long."""
    whole = str(path)
    return safe(whole if len(whole) <= _LONG else str(Path("…", *path.parts[-2:])))
