"""What an experiment is: a question, what may be predicted, knobs, one run, and what must come out of it.

docs/writing-an-experiment.md makes one, whole. An experiment knows no screen, prints nothing and starts no thread.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.knobs import Knob
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.drawing.views import View

Chapter = Literal[
    "One neuron to deep",
    "Machine learning and deep learning",
    "Seeing",
    "Sequences",
    "Making, playing, relating",
    "Why now",
]
CHAPTERS: tuple[Chapter, ...] = get_args(Chapter)
SETTLED, JUDGED = range(5), range(5, 25)  # seeds: a claim is settled on the former, then judged on the latter


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a learner may expect to come out."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that a run measures, and where the verdict asks for it, what it must reach."""

    name: str
    text: str
    unit: str = ""  # "share" is shown in per cent
    at_least: float | None = None
    at_most: float | None = None

    @property
    def judged(self) -> bool:
        """Whether the verdict depends on it."""
        return self.at_least is not None or self.at_most is not None

    def holds(self, value: float) -> bool:
        """Whether a value is what it must be. What is not a number never is, where anything is asked."""
        if not self.judged:
            return True
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= value <= high

    def shown(self, value: float) -> str:
        """A value with its unit."""
        if self.unit == "share":
            return f"{value:.1%}"
        return f"{value:.4g} {self.unit}".rstrip()

    @property
    def bar(self) -> str:
        """What it must reach, in words; nothing where the verdict does not depend on it."""
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        said = [(words, self.shown(value)) for words, value in bounds if value is not None]
        if len({value for _, value in said}) < len(said):
            return said[0][1]
        return " and ".join(f"{words} {value}" for words, value in said)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What there is to see of a run by now."""

    views: Mapping[str, View]  # by name, the most important first; a run's moments all have the same names
    progress: float  # 0 to 1
    news: str = ""  # one line: what just happened
    linger: float = 0.0  # seconds that it is worth on a screen, where a run would be too fast to follow


Measures = Mapping[str, float]
Run = Generator[Moment, None, Measures]


class Experiment(ABC):
    """The base of all experiments, made with the values of its knobs: `Xor(starts=10).run(seed=0)`."""

    id: ClassVar[str]  # as its file, with hyphens
    title: ClassVar[str]
    question: ClassVar[str]
    chapter: ClassVar[Chapter]
    order: ClassVar[int]  # where it stands in its chapter: 10, 20, ...
    lesson: ClassVar[str]  # the id of the lesson that shows it
    predictions: ClassVar[tuple[Prediction, ...]]
    confirmed: ClassVar[str]  # the prediction that the verdict confirms
    claim: ClassVar[str]  # what must come out, in words
    measures: ClassVar[tuple[Measure, ...]]
    budget: ClassVar[float]  # seconds, on two cores
    needed: ClassVar[int] = 18  # of the twenty judged seeds
    sources: ClassVar[tuple[str, ...]] = ()  # keys of content/sources.toml
    reads: ClassVar[tuple[str, ...]] = ()  # files of content/ that it draws on, or directories of them
    knobs: ClassVar[Mapping[str, Knob[Any]]] = MappingProxyType({})

    def __init_subclass__(cls) -> None:
        found = {name: knob for name, knob in vars(cls).items() if isinstance(knob, Knob)}
        cls.knobs = MappingProxyType({**cls.knobs, **found})

    def __init__(self, **values: Any) -> None:
        """Take the knobs that are not at their defaults. Raises DltermError (usage)."""
        checked = {name: self._checked(name, value) for name, value in values.items()}
        self._values = {name: knob.default for name, knob in self.knobs.items()} | checked

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Experiment:
        """Make one with knobs given as text. Raises DltermError (usage)."""
        return cls(**{name: cls._read(name, text) for name, text in texts.items()})

    @property
    def values(self) -> Mapping[str, Any]:
        """What the knobs stand at, by name."""
        return MappingProxyType(self._values)

    @property
    def changed(self) -> Mapping[str, Any]:
        """Those of them that are not at their defaults, as JSON can hold them."""
        said = {
            name: (knob.said(self._values[name]), knob.said(knob.default))
            for name, knob in self.knobs.items()
        }
        return MappingProxyType({name: value for name, (value, default) in said.items() if value != default})

    def tune(self, **values: Any) -> None:
        """Turn live knobs. Raises DltermError (usage), for one that is not live as well."""
        for name, value in values.items():
            checked = self._checked(name, value)
            if not self.knobs[name].live:
                raise _refused(f"{name} cannot be turned while {self.id} runs", "begin it anew")
            self._values[name] = checked

    @abstractmethod
    def run(self, seed: int) -> Run:
        """Yield a moment as often as there is something new to see, ten times a second at least; return the measures.

        To cancel is to close it. The same knobs and seed measure the same. Raises DltermError and DivergedError.
        """

    def explore(self) -> Mapping[str, View] | None:
        """Make the last moment's views anew, after a run, for the live knobs as they are; None where none changes."""
        return None

    @abstractmethod
    def why(self, measures: Measures) -> str:
        """Say in one or two sentences what came out, with the numbers, and what it means."""

    def holds(self, measures: Measures) -> bool:
        """Whether the claim holds: every measure is what it must be."""
        return all(measure.holds(measures[measure.name]) for measure in self.measures)

    @classmethod
    def _knob(cls, name: str) -> Knob[Any]:
        if name not in cls.knobs:
            hint = f"its knobs are {', '.join(cls.knobs)}" if cls.knobs else "it has none"
            raise _refused(f'{cls.id} has no knob "{safe(name, limit=60)}"', hint)
        return cls.knobs[name]

    @classmethod
    def _checked(cls, name: str, value: object) -> Any:
        try:
            return cls._knob(name).check(value)
        except ValueError as error:
            raise _refused(
                f"{cls.id}: {name} is {safe(repr(value), limit=60)}; {error} was expected"
            ) from None

    @classmethod
    def _read(cls, name: str, text: str) -> Any:
        try:
            return cls._knob(name).read(text)
        except ValueError as error:
            raise _refused(f'{cls.id}: {name} is "{safe(text, limit=60)}"; {error} was expected') from None


def _refused(problem: str, hint: str = "") -> DltermError:
    return DltermError(problem, hint=hint, exit_code=ExitCode.USAGE)
