"""A line of training: all that happened from its beginning to its newest step, and moments to start replaying from.

A place on a line is (at, changes): how many steps have been taken since the beginning, across changes of the data, and
how many of the changes have been made. Training is exact, so the log of changes is the whole truth; moments are a
shortcut, and any of them may be forgotten.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dlterm.training.changes import Become, Begin
from dlterm.training.history import History

if TYPE_CHECKING:
    from dlterm.training.changes import Change
    from dlterm.training.learner import Moment
    from dlterm.training.snapshot import Curves

Place = tuple[int, int]  # at, changes

MOST_CHANGES = 4096
_ERAS = 8
_ENTRY_BYTES = 800  # an entry with two recipes of its own: sys.getsizeof


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A change, when it was made, and the one that takes it back (None: nothing does but travelling)."""

    at: int
    change: Change
    back: Change | None


@dataclass(slots=True, eq=False)
class Keyframe:
    """A moment and its place. `lines` counts the lines that have it: branches share their past."""

    at: int
    changes: int
    moment: Moment
    lines: int = 0

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.at, self.changes


@dataclass(slots=True, eq=False)
class Era:
    """The metrics since the counting of steps began anew: with the first change, and with each to other data."""

    changes: int
    history: History = field(default_factory=History)


@dataclass(eq=False)
class Line:
    """One branch of a run. `latest` is its newest step; `spacing` the steps between two keyframes at least."""

    name: str
    log: list[Entry] = field(default_factory=list)
    keyframes: list[Keyframe] = field(default_factory=list)
    eras: list[Era] = field(default_factory=list)
    latest: int = 0
    spacing: int = 1
    done: list[Entry] = field(default_factory=list)  # what can be undone, the last first
    undone: list[Change] = field(default_factory=list)  # what can be done again

    @property
    def end(self) -> Place:
        """The newest place."""
        return self.latest, len(self.log)

    @property
    def earliest(self) -> int:
        """The first step that can be gone to."""
        return self.log[0].at

    def place(self, at: int) -> Place:
        """The place after so many steps, with every change that was made by then."""
        at = min(max(at, self.earliest), self.latest)
        return at, bisect_right(self.log, at, key=lambda entry: entry.at)

    def setup(self, changes: int) -> Begin | Become:
        """The recipe and the surgery in force after so many changes."""
        setups = (entry.change for entry in reversed(self.log[:changes]))
        return next(change for change in setups if isinstance(change, (Begin, Become)))

    def before(self, place: Place) -> Keyframe | None:
        """The last keyframe not after a place."""
        found = bisect_right(self.keyframes, place, key=lambda keyframe: keyframe.place)
        return self.keyframes[found - 1] if found else None

    def era(self, changes: int) -> Era | None:
        """The era after so many changes; None where it is too long ago."""
        return next((era for era in reversed(self.eras) if era.changes <= changes), None)

    def begin_era(self) -> None:
        """Count from here; the curves of the last few eras are kept."""
        self.eras = [*self.eras[-_ERAS + 1 :], Era(len(self.log))]

    def fork(self, name: str, place: Place, epochs: float) -> Line:
        """A line that has this one's past up to a place and `epochs`, and goes its own way from there."""
        at, changes = place
        log = self.log[:changes]
        made = set(log)
        eras = [era for era in self.eras if era.changes <= changes]
        here = eras.pop() if eras else Era(1)
        eras.append(Era(here.changes, here.history.until(epochs)))
        return Line(
            name,
            log,
            [keyframe for keyframe in self.keyframes if keyframe.place <= place],
            eras,
            at,
            self.spacing,
            [entry for entry in self.done if entry in made],
        )

    def curves(self, changes: int = MOST_CHANGES) -> Curves:
        """The curves of the era after so many changes; of the newest where no number is given."""
        era = self.era(changes)
        return (era.history if era else History()).curves()

    def thinned(self) -> list[Keyframe]:
        """Double the spacing; the keyframes that go. The first and the last stay."""
        self.spacing *= 2
        kept: list[Keyframe] = []
        gone: list[Keyframe] = []
        for keyframe in self.keyframes:
            near = kept and keyframe.at - kept[-1].at < self.spacing
            (gone if near and keyframe is not self.keyframes[-1] else kept).append(keyframe)
        self.keyframes = kept
        return gone

    def without_last(self) -> list[Keyframe]:
        """Take the last change back as if it had never been made; the keyframes that go."""
        self.log.pop()
        self.eras = [era for era in self.eras if era.changes <= len(self.log)]
        gone = [keyframe for keyframe in self.keyframes if keyframe.changes > len(self.log)]
        self.keyframes = self.keyframes[: len(self.keyframes) - len(gone)]
        return gone

    def forget(self, keyframe: Keyframe) -> list[Keyframe]:
        """Begin at a keyframe: what was before is forgotten; the keyframes that go."""
        setup, shift = self.setup(keyframe.changes), keyframe.changes - 1
        first = Entry(keyframe.at, Begin(setup.recipe, setup.surgery, keyframe.moment), None)
        self.log = [first, *self.log[keyframe.changes :]]
        gone, self.keyframes = self.keyframes, []
        self.eras = [replace(era, changes=max(1, era.changes - shift)) for era in self.eras]
        self.done = [entry for entry in self.done if entry in set(self.log)]
        return gone

    @property
    def nbytes(self) -> int:
        """The bytes of its log and of its curves."""
        first = self.log[0].change if self.log else None
        begun = first.moment.nbytes if isinstance(first, Begin) and first.moment else 0
        return len(self.log) * _ENTRY_BYTES + begun + sum(era.history.nbytes for era in self.eras)
