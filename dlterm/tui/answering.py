"""An answer while it is made: what is chosen, ticked, put in order or paired, as rows. It knows no Textual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dlterm.course.schema import Match, Multiple, Order, Single, TrueFalse
from dlterm.quiz.asking import Choice
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.outcomes import Predicted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.quiz.asking import Asked
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.grading import Given

Look = Literal["", "chosen", "right", "wrong", "missed", "quiet"]

_OPEN, _CHOSEN, _UNTICKED, _TICKED = "○", "●", "□", "■"
RIGHT, WRONG, MISSED, QUIET = "✓", "✗", "◌", "·"  # also told by colour, never by colour alone
_ARROW, _HELD = "→", "↕"


@dataclass(frozen=True)
class Row:
    """A line to choose: a mark, its sign and its text; `below` is a line of its own. `spot` is what a click means."""

    mark: str
    sign: str
    text: str
    spot: int = -1
    look: Look = ""
    below: str = ""


class Form:
    """A form to be filled in. The cursor is on a spot, -1 before there is one."""

    cursor = -1

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.choices = tuple(choices)

    @property
    def spots(self) -> int:
        """On how many spots the cursor can be."""
        return len(self.choices)

    @property
    def given(self) -> Given:
        """The answer. Raises NotAnAnswerError where it is not whole: what is missing."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        """What there is to see before it is answered."""
        raise NotImplementedError

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """What there is to see afterwards."""
        raise NotImplementedError

    def move(self, by: int) -> None:
        """Put the cursor on the next spot, or the one before."""
        self.cursor = (self.cursor + by if self.cursor >= 0 else min(by, 0)) % self.spots

    def choose(self, spot: int) -> None:
        """What a click on a spot means."""
        self.cursor = spot

    def write(self, sign: str) -> bool:
        """What a letter means; whether it means anything."""
        found = next((spot for spot, choice in enumerate(self.choices) if choice.sign == sign), None)
        if found is not None:
            self.choose(found)
        return found is not None

    def tick(self) -> None:
        """What the space bar means."""

    def shift(self, by: int) -> None:
        """Move what is under the cursor."""
        self.move(by)

    def turn(self, by: int) -> None:
        """Give what is under the cursor the next partner, or the one before."""


class Choosing(Form):
    """One of several."""

    @property
    def given(self) -> Given:
        """The value of the choice under the cursor."""
        if self.cursor < 0:
            raise NotAnAnswerError("choose an answer first: by its letter, the arrows or a click")
        return self.choices[self.cursor].value

    def rows(self) -> Iterator[Row]:
        """A row a choice."""
        for spot, choice in enumerate(self.choices):
            chosen = spot == self.cursor
            yield Row(
                _CHOSEN if chosen else _OPEN, choice.sign, choice.text, spot, "chosen" if chosen else ""
            )

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """Which was right, and which was chosen; of a prediction, what came out for each."""
        question, outcome = feedback.entry.question, feedback.outcome
        right: object = feedback.solution  # of true or false
        if isinstance(outcome, Predicted):
            right = outcome.chosen
        elif isinstance(question, Single):
            right = next(option.id for option in question.options if option.correct)
        for choice in self.choices:
            below = ""
            if isinstance(outcome, Predicted):
                below = measured(outcome.measure, outcome.values[choice.value])
            if choice.value == right:
                yield Row(RIGHT, choice.sign, choice.text, look="right", below=below)
            elif choice.value == self._chosen(feedback):
                yield Row(WRONG, choice.sign, choice.text, look="wrong", below=below)
            else:
                yield Row(QUIET, choice.sign, choice.text, look="quiet", below=below)

    def _chosen(self, feedback: Feedback) -> object:
        return feedback.given


class Judging(Choosing):
    """True or false."""

    def __init__(self) -> None:
        super().__init__((Choice("t", "True", "true"), Choice("f", "False", "false")))

    @property
    def given(self) -> Given:
        """The truth that is under the cursor."""
        return super().given == "true"

    def _chosen(self, feedback: Feedback) -> object:
        return (
            {True: "true", False: "false"}.get(feedback.given) if isinstance(feedback.given, bool) else None
        )


class Ticking(Form):
    """Any of several."""

    cursor = 0

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(choices)
        self.ticked: set[int] = set()

    @property
    def given(self) -> Given:
        """The values that are ticked."""
        if not self.ticked:
            raise NotAnAnswerError("tick what is right first: by its letter, space or a click")
        return [self.choices[spot].value for spot in sorted(self.ticked)]

    def choose(self, spot: int) -> None:
        """Tick it, or take the tick away."""
        self.cursor = spot
        self.tick()

    def tick(self) -> None:
        """Tick what is under the cursor, or take its tick away."""
        self.ticked ^= {self.cursor}

    def rows(self) -> Iterator[Row]:
        """A row a choice."""
        for spot, choice in enumerate(self.choices):
            ticked = spot in self.ticked
            mark = _TICKED if ticked else _UNTICKED
            yield Row(mark, choice.sign, choice.text, spot, "chosen" if ticked else "")

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """What was ticked rightly, wrongly, and not at all."""
        question = feedback.entry.question
        given = feedback.given if isinstance(feedback.given, list) else []
        right = (
            {option.id for option in question.options if option.correct}
            if isinstance(question, Multiple)
            else ()
        )
        for choice in self.choices:
            ticked, is_right = choice.value in given, choice.value in right
            if is_right:
                missed = "" if ticked else "right too, and not ticked"
                look: Look = "right" if ticked else "missed"
                yield Row(RIGHT if ticked else MISSED, choice.sign, choice.text, look=look, below=missed)
            else:
                yield Row(
                    WRONG if ticked else QUIET, choice.sign, choice.text, look="wrong" if ticked else "quiet"
                )


class Sorting(Form):
    """Things to be put in order: one is taken hold of and moved."""

    cursor = 0

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(choices)
        self.held = False
        self._first = self.choices  # which are never in the right order

    @property
    def given(self) -> Given:
        """The values in the order in which they stand. Raises NotAnAnswerError where none was moved."""
        if self.choices == self._first:
            raise NotAnAnswerError("put them in order first: space takes hold of one, or drag it")
        return [choice.value for choice in self.choices]

    def choose(self, spot: int) -> None:
        """Put the cursor there; what is held goes along."""
        if self.held:
            self._carry(spot)
        self.cursor = spot

    def tick(self) -> None:
        """Take hold of what is under the cursor, or let it go."""
        self.held = not self.held

    def move(self, by: int) -> None:
        """Put the cursor on the next; what is held changes places with it."""
        if self.held:
            self.shift(by)
        else:
            super().move(by)

    def shift(self, by: int) -> None:
        """Move what is under the cursor, as far as there are places."""
        self._carry(min(max(self.cursor + by, 0), self.spots - 1))

    def _carry(self, spot: int) -> None:
        order = list(self.choices)
        order.insert(spot, order.pop(self.cursor))
        self.choices, self.cursor = tuple(order), spot

    def rows(self) -> Iterator[Row]:
        """A row a thing, with its place."""
        for spot, choice in enumerate(self.choices):
            here = spot == self.cursor
            yield Row(f"{spot + 1}.", choice.sign, choice.text + (f"  {_HELD}" if here and self.held else ""), spot,
                      "chosen" if here and self.held else "")  # fmt: skip

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """What stands where it belongs, with what was not shown before."""
        question = feedback.entry.question
        items = question.items if isinstance(question, Order) else ()
        for choice, item in zip(self.choices, items, strict=True):
            if feedback.given is None:
                yield Row(QUIET, "", item)
            elif choice.value == item:
                yield Row(RIGHT, "", item, look="right")
            else:
                yield Row(WRONG, "", choice.value, look="wrong", below=f"here belongs: {item}")


class Pairing(Form):
    """Each on the left gets one from the right; the cursor is on the left."""

    cursor = 0

    def __init__(self, choices: Sequence[Choice], lefts: Sequence[Choice]) -> None:
        super().__init__(choices)
        self.lefts = tuple(lefts)
        self.partners: dict[int, int] = {}

    @property
    def spots(self) -> int:
        """As many as there are on the left."""
        return len(self.lefts)

    @property
    def given(self) -> Given:
        """Each on the left with its partner."""
        missing = [left.sign for spot, left in enumerate(self.lefts) if spot not in self.partners]
        if missing:
            raise NotAnAnswerError(
                f"give {' and '.join(missing)} a partner first: by its letter, ← → or a click"
            )
        return [[left.value, self.choices[self.partners[spot]].value] for spot, left in enumerate(self.lefts)]

    def choose(self, spot: int) -> None:
        """On the left, put the cursor there; on the right, give it to what is under the cursor, and go on."""
        if spot < self.spots:
            self.cursor = spot
            return
        self._give(spot - self.spots)
        waiting = [each for each in range(self.spots) if each not in self.partners]
        if waiting:
            self.cursor = next((each for each in waiting if each > self.cursor), waiting[0])

    def write(self, sign: str) -> bool:
        """Give that of the right to what is under the cursor."""
        found = next((spot for spot, choice in enumerate(self.choices) if choice.sign == sign), None)
        if found is not None:
            self.choose(self.spots + found)
        return found is not None

    def turn(self, by: int) -> None:
        """Give what is under the cursor the next partner that is free, or the one before."""
        at = self.partners.get(self.cursor)
        taken = set(self.partners.values())
        step = range(1, len(self.choices) + 1)
        begin = at if at is not None else (-1 if by > 0 else 0)
        free = ((begin + by * each) % len(self.choices) for each in step)
        found = next((each for each in free if each not in taken), None)
        if found is not None:
            self._give(found)

    def _give(self, right: int) -> None:
        """A partner that another has is taken from it."""
        self.partners = {left: other for left, other in self.partners.items() if other != right}
        self.partners[self.cursor] = right

    def rows(self) -> Iterator[Row]:
        """A row each on the left with its partner, then what there is on the right."""
        for spot, left in enumerate(self.lefts):
            partner = self.partners.get(spot)
            choice = None if partner is None else self.choices[partner]
            below = f"{_ARROW} {choice.sign}  {choice.text}" if choice else f"{_ARROW} …"
            yield Row(left.sign + ".", "", left.text, spot, "chosen" if choice else "", below)
        yield Row("", "", "")
        taken = set(self.partners.values())
        for number, choice in enumerate(self.choices):
            look: Look = "quiet" if number in taken else ""
            yield Row(
                _CHOSEN if number in taken else _OPEN, choice.sign, choice.text, self.spots + number, look
            )

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """Which pairs are right, and what belongs to the others."""
        question = feedback.entry.question
        right = dict(question.pairs) if isinstance(question, Match) else {}
        for spot, left in enumerate(self.lefts):
            partner, belongs = self.partners.get(spot), right[left.value]
            given = "" if partner is None or feedback.given is None else self.choices[partner].value
            if given == belongs:
                yield Row(RIGHT, "", left.text, look="right", below=f"{_ARROW} {belongs}")
            else:
                mine = f"{_ARROW} {given}; " if given else ""
                yield Row(WRONG if given else QUIET, "", left.text, look="wrong" if given else "",
                          below=f"{mine}it belongs to: {belongs}")  # fmt: skip


class Typed(Form):
    """What was typed, once it is answered."""

    def __init__(self) -> None:
        super().__init__(())

    def rows(self) -> Iterator[Row]:
        """Nothing: it is typed elsewhere."""
        return iter(())

    def told(self, feedback: Feedback) -> Iterator[Row]:
        """What was typed."""
        if isinstance(feedback.given, str):
            mark, look = (RIGHT, "right") if feedback.right else (WRONG, "wrong")
            yield Row(mark, "", feedback.given, look=look)  # type: ignore[arg-type]


def form_of(asked: Asked) -> Form:
    """The form that suits a question."""
    question = asked.question
    match question:
        case TrueFalse():
            return Judging()
        case Multiple():
            return Ticking(asked.choices)
        case Order():
            return Sorting(asked.choices)
        case Match():
            return Pairing(asked.choices, asked.lefts)
    return Choosing(asked.choices) if asked.choices else Typed()


def measured(name: str, values: Sequence[float]) -> str:
    """What was measured, a few digits each: `test accuracy 0.53  0.52`."""
    return "  ".join([f"{name.replace('_', ' ')} {values[0]:.3g}", *(f"{value:.3g}" for value in values[1:])])
