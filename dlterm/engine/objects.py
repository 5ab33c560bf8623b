"""The store of compiled kernels: object files in a cache directory, each found by what it was made from.

An entry's directory is named by a hash of the compiler's sources and of the processor, its file by the kernel and a
hash of its contents, and it begins with the SHA-256 of its name and the rest; an entry that does not match is not
loaded but made again. Where no directory can be written, a temporary one is used, and where even that fails, nothing
is kept: a start is slower, never wrong.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import platformdirs

_MONTH_SECONDS = 30 * 24 * 3600
_DIGEST = hashlib.sha256().digest_size
_FORMAT = 2  # of an entry
_COMPILER = (
    "lowering.py",
    "native.py",
    "pipeline.py",
    "vector.py",
)  # these make code of kernels; `contents.py` follows the kernels


class ObjectStore:
    """Object code by kernel and contents. `notice` is one line for the user when the store had to help itself."""

    def __init__(self, directory: Path | None, notice: str = "") -> None:
        self.directory = directory
        self.notice = notice

    @classmethod
    def open(cls, processor: str) -> ObjectStore:
        """The store for this processor: in DLTERM_CACHE_DIR, else the user's cache, else a temporary directory."""
        name = hashlib.sha256(f"{_compiler_sources()} {processor} {_FORMAT}".encode()).hexdigest()[:20]
        wanted = _wanted()
        directory = wanted / "kernels" / name
        if _is_writable(directory):
            _forget_others(directory)
            return cls(directory)
        with contextlib.suppress(OSError):
            directory = Path(tempfile.mkdtemp(prefix="dlterm-kernels-"))
            atexit.register(shutil.rmtree, directory, ignore_errors=True)
            return cls(directory, f"the cache {wanted} cannot be written; using {directory} this time")
        return cls(None, f"the cache {wanted} cannot be written; kernels are compiled at every start")

    def read(self, name: str) -> bytes | None:
        """The object code, or None where there is none or where it is damaged (it is then removed)."""
        if self.directory is None:
            return None
        path = self.directory / f"{name}.o"
        try:
            entry = path.read_bytes()
        except OSError:
            return None
        code = entry[_DIGEST:]
        if _digest(name, code) == entry[:_DIGEST]:
            return code
        self.notice = f"a damaged file in {self.directory} was removed; its kernel is compiled again"
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def write(self, name: str, code: bytes) -> None:
        """Keep the object code; atomic, so that two processes may do it at once. A full disk is no error here."""
        if self.directory is None:
            return
        temporary = None
        try:
            with tempfile.NamedTemporaryFile(dir=self.directory, delete=False) as file:
                temporary = file.name
                file.write(_digest(name, code) + code)
            Path(temporary).replace(self.directory / f"{name}.o")
        except OSError as error:
            self.notice = f"compiled kernels cannot be kept in {self.directory}: {error.strerror}"
            if temporary is not None:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()


def nothing_is_kept() -> bool:
    """Whether the cache has no kernel for any processor, as before the first start ever."""
    return not any((_wanted() / "kernels").glob("*/*.o"))


def _wanted() -> Path:
    """The cache directory, if it can be written."""
    return Path(os.environ.get("DLTERM_CACHE_DIR") or platformdirs.user_cache_dir("dlterm", appauthor=False))


def _digest(name: str, code: bytes) -> bytes:
    """Of the name too: machine code in another kernel's place would be run without a check."""
    return hashlib.sha256(name.encode() + b"\0" + code).digest()


def _is_writable(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return True
    except OSError:
        return False


def _forget_others(directory: Path) -> None:
    """Remove what other versions of the engine left and nobody has used for a month."""
    with contextlib.suppress(OSError):
        os.utime(directory)
        for other in directory.parent.iterdir():
            if time.time() - other.stat().st_mtime > _MONTH_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


@functools.cache
def _compiler_sources() -> str:
    """A hash of what decides, beside a kernel's own contents, what code is made of it."""
    digest = hashlib.sha256()
    for name in _COMPILER:
        digest.update(f"{name}\0".encode() + (Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()
