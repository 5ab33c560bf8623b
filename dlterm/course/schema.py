"""The forms of what the course is made of; whatever does not have its form is refused, with where and why."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=4000)]
DIVERGES = "diverges"
_REQUIREMENT = r"[a-z_]+ *(<=|>=|==|<|>) *-?\d+(\.\d+)?(e-?\d+)?"  # a measure, a comparison and a number
_Expected = Annotated[str, Meta(pattern=rf"^({_REQUIREMENT}|{DIVERGES})\Z", max_length=80)]
Expected = Annotated[tuple[_Expected, ...], Meta(max_length=6)]  # of a recipe, once it is trained
Year = Annotated[int, Meta(ge=1600, le=2100)]


class Form(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all forms share: nothing beside their fields, and no change."""


# --- the reference shelf --------------------------------------------------------------------------------------------


class Source(Form, frozen=True, kw_only=True):
    """Where a fact is from: the first to say it."""

    authors: Line
    title: Line
    year: Year
    venue: str = ""
    doi: Annotated[str, Meta(pattern=r"^(10\.\S+)?$")] = ""
    arxiv: Annotated[str, Meta(pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})?$")] = ""
    url: Annotated[str, Meta(pattern=r"^(https?://[^\s<>\"]+)?$")] = ""

    def __str__(self) -> str:
        venue = f", {self.venue}" if self.venue else ""
        return f"{self.authors}: {self.title}{venue}, {self.year}{self.locator and '. ' + self.locator}"

    @property
    def locator(self) -> str:
        """The DOI, the arXiv id or the address, whichever is there first."""
        if self.doi:
            return f"doi:{self.doi}"
        return f"arXiv:{self.arxiv}" if self.arxiv else self.url


class Term(Form, frozen=True, kw_only=True):
    """A card of the glossary."""

    id: Id
    name: Line
    text: Words
    also: tuple[Line, ...] = ()
    formula: str = ""
    see: tuple[Id, ...] = ()
    experiments: tuple[Id, ...] = ()  # that show what it means, the nearest first
    sources: tuple[Key, ...] = ()


class TableChart(Form, frozen=True, kw_only=True):
    """How a table is drawn: a point a row, at the numbers in its columns `x` and `y`; those of one `by` look alike.

    `label` is what the y axis says, where the name of its column does not.
    """

    x: Line
    y: Line
    by: str = ""
    label: str = ""
    log_x: bool = False
    log_y: bool = False


class TableAbout(Form, frozen=True, kw_only=True):
    """What a table's columns are, and how it is drawn where a picture says more."""

    title: Line
    about: Words
    columns: dict[str, Line]
    chart: TableChart | None = None


class WordList(Form, frozen=True, kw_only=True):
    """Words and names of a pack that no dictionary has: as they are written; in lower case, however they are."""

    words: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^\S+\Z", max_length=60)], ...], Meta(max_length=5000)
    ]


# --- lessons --------------------------------------------------------------------------------------------------------


class LessonHead(Form, frozen=True, kw_only=True):
    """The front matter of a lesson."""

    id: Id
    title: Line
    chapter: Line
    minutes: Annotated[int, Meta(ge=1, le=120)]
    question: str = ""  # that it opens with
    able: tuple[Line, ...] = ()  # what one is able to do afterwards
    needs: tuple[Id, ...] = ()  # lessons to read before
    next: tuple[Id, ...] = ()


# --- questions ------------------------------------------------------------------------------------------------------


class Option(Form, frozen=True, kw_only=True):
    """An answer to choose; a wrong one says `why`, and which misconception it is."""

    id: Id
    text: Words
    correct: bool = False
    why: str = ""
    misconception: str = ""


class _Question(Form, frozen=True, kw_only=True, tag_field="type"):
    """What every question has: its id is stable for ever, for progress hangs on it."""

    id: Id
    prompt: Words
    explain: Words
    difficulty: Annotated[int, Meta(ge=1, le=5)] = 2
    objective: str = ""
    tags: tuple[Line, ...] = ()
    hints: Annotated[tuple[Words, ...], Meta(max_length=3)] = ()
    links: tuple[Line, ...] = ()
    sources: tuple[Key, ...] = ()


Options = Annotated[tuple[Option, ...], Meta(min_length=2, max_length=6)]
Texts = Annotated[tuple[Line, ...], Meta(min_length=1, max_length=30)]


class Single(_Question, frozen=True, kw_only=True, tag="single"):
    """One option is right."""

    options: Options


class Multiple(_Question, frozen=True, kw_only=True, tag="multiple"):
    """Several may be."""

    options: Options
    score: Literal["partial", "all-or-nothing"] = "all-or-nothing"


class TrueFalse(_Question, frozen=True, kw_only=True, tag="truefalse"):
    """A statement."""

    answer: bool
    why_wrong: str = ""


class Tolerance(Form, frozen=True, kw_only=True):
    """How far off a number may be."""

    abs: Annotated[float, Meta(ge=0)] = 0.0
    rel: Annotated[float, Meta(ge=0, le=1)] = 0.0


class Trap(Form, frozen=True, kw_only=True):
    """A wrong number that shows a misconception."""

    value: float
    why: Words
    misconception: str = ""


class Numeric(_Question, frozen=True, kw_only=True, tag="numeric"):
    """A number, within a tolerance."""

    answer: float
    tolerance: Tolerance = Tolerance()
    traps: tuple[Trap, ...] = ()
    unit: str = ""


class Fill(_Question, frozen=True, kw_only=True, tag="fill"):
    """A word or two, in any of the accepted spellings."""

    accept: Texts
    accept_regex: tuple[Line, ...] = ()
    case_sensitive: bool = False


class Order(_Question, frozen=True, kw_only=True, tag="order"):
    """Items to be put in order; they are given in the right one. What `hide_pattern` matches is not shown."""

    items: Annotated[tuple[Line, ...], Meta(min_length=3, max_length=10)]
    hide_pattern: str = ""


class Match(_Question, frozen=True, kw_only=True, tag="match"):
    """Pairs to be found again."""

    pairs: Annotated[tuple[tuple[Line, Line], ...], Meta(min_length=2, max_length=10)]
    extra_right: tuple[Line, ...] = ()


class Experiment(Form, frozen=True, kw_only=True):
    """What a prediction is about: it is run, with these seeds, and decides the answer.

    Recipes are trained, or the experiment of that `id` is run. Options differ in values of `sweep`, and `measure` is
    compared; or each is one of the `measures` of one and the same run, and `measure` says in words what these are.
    """

    runner: Id
    id: str = ""
    seeds: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1, max_length=10)]
    measure: Line
    measures: tuple[Line, ...] = ()
    answer: Literal["argmin", "argmax"]
    params: dict[str, str | float | int | bool | list[int]] = {}
    sweep: dict[str, list[str | float | int]] = {}
    expect: Id
    min_margin: float = 0.0


class Predict(_Question, frozen=True, kw_only=True, tag="predict"):
    """What will come out? The answer is computed by running the experiment."""

    options: Options
    experiment: Experiment
    ask_confidence: bool = False  # every answer is asked for it; packs may still say so


class Task(Form, frozen=True, kw_only=True):
    """A network to be built that meets the requirements on so many seeds."""

    data: Line
    seeds: Annotated[tuple[int, ...], Meta(min_length=1, max_length=10)]
    require: Texts
    pass_seeds: Annotated[int, Meta(ge=1, le=10)]
    stars: tuple[Line, ...] = ()
    reference: Line  # a recipe that passes


class Challenge(_Question, frozen=True, kw_only=True, tag="challenge"):
    """Graded by training."""

    challenge: Task


Question = Single | Multiple | TrueFalse | Numeric | Fill | Order | Match | Predict | Challenge


class QuizHead(Form, frozen=True, kw_only=True):
    """What a file of questions begins with."""

    format_version: Literal[1]
    lesson: Id
