"""What a learner remarks on a question: a flag to find it again, or what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual import getters, work

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.tui.page import Page
from dlterm.tui.widgets.asking import Asking

if TYPE_CHECKING:
    from dlterm.quiz.bank import Entry
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.session import Session

State = Literal["asked", "told", "over"]

_FLAGGED = "⚑ flagged"


class Remarking(Page):
    """Remarks on the question that is asked, or whose answer is told; `flags` are the ids of those that have one."""

    asking = getters.query_one(Asking)
    session: Session
    state: State
    feedback: Feedback | None = None  # on the answer that is told
    flags: set[str]

    @property
    def entry(self) -> Entry | None:
        """The question: the one whose answer is told, else the one that is asked."""
        return self.feedback.entry if self.feedback is not None else self.session.entry

    @property
    def remark(self) -> str:
        """What there is to say of the question that is asked."""
        entry = self.session.entry
        flagged = _FLAGGED if entry is not None and entry.id in self.flags else ""
        return " ".join(filter(None, ("once more" if self.session.repeated else "", flagged)))

    @work
    async def action_flag(self) -> None:
        """Flag the question, to find it again; or take its flag away."""
        entry = self.entry
        if entry is None or self.state == "over":
            return
        on, now = entry.id not in self.flags, self.app.answers.clock()
        try:
            await self.app.answers.ask(self.app.config, lambda store: store.marks.flag(entry.id, now, on=on))
        except DltermError as error:
            self.notify(safe(error.message), title="flag", severity="warning", markup=False)
            return
        (self.flags.add if on else self.flags.discard)(entry.id)
        self.asking.remark(entry, _FLAGGED if on else "")

    def action_report(self) -> None:
        """Write what is wrong with the question."""
        from dlterm.tui.screens.note import NoteScreen

        entry = self.entry
        if entry is None or self.state == "over":
            return

        def keep(text: str | None) -> None:
            if text and text.strip():
                self._note(entry.id, text)

        self.app.push_screen(
            NoteScreen(entry.question.prompt, "", title="What is wrong with this question?"), keep
        )

    @work
    async def _note(self, question: str, text: str) -> None:
        from dlterm.quiz.reports import note

        now = self.app.answers.clock()
        try:
            path = await self.app.answers.ask(
                self.app.config, lambda store: note(store.path, question, text, now)
            )
        except DltermError as error:
            self.notify(safe(error.message), title="not noted", severity="warning", markup=False)
        else:
            self.notify(safe(str(path)), title="noted, in", markup=False)
