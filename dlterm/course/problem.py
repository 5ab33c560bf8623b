"""What is wrong with a text of the course: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe


@dataclass(frozen=True, order=True)
class Problem:
    """`file:line: what; how to mend`; line 0 stands for the whole file."""

    file: str
    line: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return safe(f"{place}: {self.what}" + (f"; {self.mend}" if self.mend else ""), limit=400)


class ProblemError(Exception):
    """A file that cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem

    def as_error(self) -> DltermError:
        """What a user is told where the course's own texts are broken (78)."""
        problem = self.problem
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        return DltermError(
            f"{place}: {problem.what}",
            hint=problem.mend or "install dlterm again; dlterm content check lists all that is wrong",
            exit_code=ExitCode.CONFIGURATION,
        )
