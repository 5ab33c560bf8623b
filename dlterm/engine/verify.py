"""The verifier: a tape that reads what nobody wrote, or overwrites what is still needed, does not run.

Two spans may share memory only where one is dead before the other is born; sorted by place, so a long tape takes
milliseconds, not a comparison of every pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlterm.engine.tape import Span, Tape


class BrokenTapeError(Exception):
    """A tape that must not run; the message names the instruction and the span."""


def verify(tape: Tape, floats: int, integers: int) -> None:
    """Check every instruction of a tape against arenas of these sizes. Raises BrokenTapeError."""
    written = set(tape.ready)
    for number, instruction in enumerate(tape.instructions):
        where = f"{tape.name} {number} ({instruction.op.name})"
        for span in (*instruction.inputs, *instruction.outputs):
            if span.start < 0 or span.size < 0 or span.end > (integers if span.integer else floats):
                raise BrokenTapeError(f"{where}: {span} lies outside the arena")
        for span in instruction.reads:
            if span.root not in written:
                raise BrokenTapeError(f"{where} reads {span} before it is written")
        for span in instruction.outputs:
            if not span.writable:
                raise BrokenTapeError(f"{where} writes {span}, which only an optimiser may")
        written.update(span.root for span in instruction.outputs)
    _check_overlaps(tape)


def _check_overlaps(tape: Tape) -> None:
    """No two spans that are alive at the same time share memory."""
    last = len(tape.instructions)
    born: dict[Span, int] = dict.fromkeys(tape.ready, -1)
    dies: dict[Span, int] = dict.fromkeys(tape.ready, last)
    for span in tape.spans.values():  # what a tensor names can be looked at after the run
        dies[span.root] = last
    for number, instruction in enumerate(tape.instructions):
        for span in instruction.outputs:
            born.setdefault(span.root, number)
        for span in instruction.reads + instruction.writes:
            dies[span.root] = max(dies.get(span.root, number), number)
    open_spans: list[Span] = []
    for span in sorted((s for s in born if s.size), key=lambda s: (s.integer, s.start, s.end)):
        open_spans = [s for s in open_spans if s.integer == span.integer and s.end > span.start]
        for other in open_spans:
            if born[span] <= dies[other] and born[other] <= dies[span]:
                raise BrokenTapeError(f"{tape.name}: {span} and {other} overlap while both are needed")
        open_spans.append(span)
