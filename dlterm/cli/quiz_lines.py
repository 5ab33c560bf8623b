"""A session line by line: questions out, answers in, for terminals, screen readers, pipes and scripts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from dlterm.cli.quiz_words import answer_words, question_words, report_words
from dlterm.course.schema import Challenge, Predict
from dlterm.errors import DltermError
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.opening import get_ready
from dlterm.quiz.session import SessionOverError
from dlterm.quiz.typed import form, read
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.quiz.asking import Asked
    from dlterm.quiz.grading import Given
    from dlterm.quiz.memory import Memory
    from dlterm.quiz.outcomes import Outcome
    from dlterm.quiz.scheduling import Confidence
    from dlterm.quiz.session import Session
    from dlterm.quiz.store import Store

_HELP = (
    "An answer, and Enter. End it in ! if you are sure, in ? if you are not; ? alone is: I do not know.",
    "/hint  /skip (to the end)  /undo (the last answer)  /flag (to find it again)",
    "/report WORDS (something is wrong with this question)  /quit (what was answered is kept)",
)
_COMMANDS = ("hint", "skip", "undo", "flag", "report", "quit", "help")
_LONGEST = 10_000  # characters of a line


class Lines:
    """Speaks on standard output, or where that is for JSON, not at all; what went wrong is told on standard error."""

    def __init__(self, store: Store, *, as_json: bool) -> None:
        self._store = store
        self._as_json = as_json
        self._memory: Memory | None = None

    def hold(self, session: Session) -> None:
        """Ask until the session or the input ends."""
        while (asked := session.current) is not None:
            self._ask(session, asked)
            get_ready()
            while session.current == asked:
                line = self._line(asked)
                if line is None:
                    session.stop()
                    return
                if session.current is None:  # the time was over before the line came
                    return
                before = session.number
                if not self._heed(session, asked, line) or session.number != before:
                    break

    def note(self, text: str) -> None:
        """Something to be told beside the questions."""
        click.echo(safe(text, limit=400), err=True)

    def nothing(self, why: str) -> None:
        """There is nothing to ask."""
        self._event("nothing", {"why": why})
        self._say(why)

    def end(self, session: Session) -> None:
        """How it went."""
        report = session.report()
        if session.seconds_left == 0:
            self._event("over", {})
            self._say("", "The time is over.")
        if session.mode.at_end:
            for feedback in report.given:
                self._event("answer", feedback.as_json())
                self._say("", feedback.entry.question.prompt.strip(), *answer_words(feedback))
        self._event("report", report.as_json())
        self._say("", *report_words(report))

    # --- one question -------------------------------------------------------------------------------------------

    def _ask(self, session: Session, asked: Asked) -> None:
        entry = session.entry
        assert entry is not None
        question = asked.question
        event = {
            "id": question.id,
            "type": entry.kind,
            "lesson": entry.lesson.id,
            "number": session.number,
            "total": session.total,
            "repeated": session.repeated,
            "prompt": question.prompt,
            "lefts": [{"sign": left.sign, "text": left.text} for left in asked.lefts],
            "choices": [{"sign": choice.sign, "text": choice.text} for choice in asked.choices],
            "hints": len(question.hints),
            "answer": form(asked),
            "seed": session.seed,
        }
        self._event("question", event)
        self._say("", *question_words(session, entry, asked))

    def _line(self, asked: Asked) -> str | None:
        """The next line of the input; None at its end."""
        prompt = f"Answer ({form(asked)}): "
        if sys.stdin is None:
            return None
        if sys.stdin.isatty() and not self._as_json:
            try:
                line = input(prompt)
            except EOFError:
                return None
            return line[:_LONGEST]
        self._say(prompt.rstrip())
        line = sys.stdin.readline()
        return line[:_LONGEST].rstrip("\n") if line else None

    def _heed(self, session: Session, asked: Asked, line: str) -> bool:
        """Do what the line says; False where the question is to be shown anew."""
        line = line.strip()
        if line.startswith("/"):
            return self._command(session, line)
        if not line:
            self._say("Type an answer, ? if you do not know it, or /help.")
            return True
        given: Given = None
        confidence: Confidence = ""
        try:
            if line != "?":
                line, confidence = _confidence(asked, line)
                given = read(asked, line)
            outcome = self._run(asked, given)
            feedback = session.answer(given, confidence, outcome)
        except SessionOverError:  # what had to be run took longer than there was time for
            return True
        except NotAnAnswerError as error:
            self._event("again", {"why": str(error)})
            self._say(f"Not an answer: {safe(str(error), limit=300)}.")
            return True
        if feedback is not None:
            self._event("answer", feedback.as_json())
            self._say(*answer_words(feedback))
        else:
            self._event("kept", {"number": session.number - 1, "uid": session.report().given[-1].uid})
            self._say("Kept.")
        return True

    def _command(self, session: Session, line: str) -> bool:
        word, _, rest = line.partition(" ")
        match next((name for name in _COMMANDS if len(word) > 1 and name.startswith(word[1:])), ""):
            case "hint":
                hint = session.hint()
                self._event("hint", {"text": hint})
                self._say(f"Hint: {hint}" if hint else "There is no further hint.")
            case "skip":
                session.skip()
                return False
            case "undo":
                entry = session.undo()
                self._event("undo", {"question": entry.id if entry else None})
                self._say("The last answer is taken back." if entry else "There is no answer to take back.")
                return entry is None
            case "flag":
                session.flag()
                self._say("Flagged: dlterm progress lists it.")
            case "report":
                self._report(session, rest)
            case "quit":
                session.stop()
            case _:
                self._say(*_HELP)
        return True

    def _report(self, session: Session, words: str) -> None:
        from dlterm.clock import local_time
        from dlterm.quiz.reports import note

        entry = session.entry
        if entry is None or not words.strip():
            self._say("Say what is wrong with it: /report WORDS")
            return
        path = note(self._store.path, entry.id, words, local_time())
        self._say(f"Noted in {safe(str(path))}.")

    def _run(self, asked: Asked, given: Given) -> Outcome | None:
        """Run what the answer needs to be graded. Raises NotAnAnswerError for a recipe that is none."""
        question = asked.question
        if not isinstance(question, (Predict, Challenge)) or (
            isinstance(question, Challenge) and given is None
        ):
            return None
        from dlterm.cli.narration import compiling, narrator
        from dlterm.quiz.memory import Memory
        from dlterm.quiz.running import NotRunnableError, challenger, run_challenge, run_prediction

        memory = self._memory = self._memory or Memory.users()
        try:
            with compiling(narrator(quiet=self._as_json), quiet=self._as_json) as memory.progress:
                if isinstance(question, Predict):
                    self._say("Running the experiment ...")
                    return run_prediction(question, memory)
                recipe = challenger(question.challenge, str(given))
                self._say(f"Training {recipe} on {len(question.challenge.seeds)} seeds ...")
                return run_challenge(question.challenge, recipe, memory)
        except DltermError as error:
            raise NotAnAnswerError(error.message) from None
        except NotRunnableError as error:
            raise NotAnAnswerError(f"this question cannot be run ({error}); /skip it") from None

    # --- speaking -----------------------------------------------------------------------------------------------

    def _say(self, *lines: str) -> None:
        if not self._as_json:
            click.echo("\n".join(lines))
            sys.stdout.flush()

    def _event(self, name: str, values: dict[str, Any]) -> None:
        if self._as_json:
            click.echo(json.dumps({"event": name, **values}, ensure_ascii=False))
            sys.stdout.flush()


def _confidence(asked: Asked, line: str) -> tuple[str, Confidence]:
    """The line without the sign of how sure its writer is."""
    if isinstance(asked.question, Challenge):
        return line, ""
    if line.endswith("!"):
        return line.rstrip("! "), "sure"
    return (line.rstrip("? "), "unsure") if line.endswith("?") else (line, "")
