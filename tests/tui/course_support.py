"""A course of one's own in the place of dlterm's."""

from __future__ import annotations

from contextlib import contextmanager

from dlterm.course import library, search
from dlterm.quiz import bank


@contextmanager
def course_of(lessons, root, monkeypatch):
    """These lessons, by the names of their files, are all that there is; the directory is the one that one is in."""
    (root / "lessons").mkdir()
    for name, text in lessons.items():
        (root / "lessons" / name).write_text(text)
    for module in (library, bank):
        monkeypatch.setattr(module, "roots", lambda: (root,))
    monkeypatch.chdir(root)
    _forget()
    yield
    _forget()


def _forget():
    library.lessons.cache_clear()
    bank.bank.cache_clear()
    search.index.cache_clear()
