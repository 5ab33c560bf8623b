from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from dlterm.engine.verify import BrokenTapeError, verify
from tests.engine.support import net
from tests.engine.test_machine import SETTINGS

if TYPE_CHECKING:
    from dlterm.engine.plan import Plan
    from dlterm.engine.tape import Instruction, Span, Tape

PLAN = net((2, 4, 1), optimizer="momentum").plan
TRAIN = PLAN.tapes["train"]


def check(tape: Tape, plan: Plan = PLAN) -> None:
    verify(tape, plan.floats, plan.integers)


def with_instruction(number: int, **changes: Any) -> Tape:
    changed = replace(TRAIN.instructions[number], **changes)
    return replace(
        TRAIN, instructions=(*TRAIN.instructions[:number], changed, *TRAIN.instructions[number + 1 :])
    )


def output(number: int) -> Span:
    return TRAIN.instructions[number].outputs[0]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(SETTINGS)
def test_every_tape_that_is_planned_is_accepted(how: dict[str, Any]) -> None:
    plan = net(**how).plan
    for tape in plan.tapes.values():
        check(tape, plan)


@pytest.mark.parametrize("number", range(len(TRAIN.instructions)))
def test_a_tape_without_one_of_its_instructions_is_refused_unless_nothing_reads_it(number: int) -> None:
    rest = TRAIN.instructions[:number] + TRAIN.instructions[number + 1 :]
    made = set(TRAIN.instructions[number].outputs)
    if any(made & set(other.reads) for other in rest):
        with pytest.raises(BrokenTapeError, match="before it is written"):
            check(replace(TRAIN, instructions=rest))
    else:
        check(replace(TRAIN, instructions=rest))


def test_an_order_that_reads_before_it_writes_is_refused() -> None:
    with pytest.raises(BrokenTapeError, match=r"train 0 .* before it is written"):
        check(replace(TRAIN, instructions=TRAIN.instructions[::-1]))


def test_an_input_that_nobody_feeds_is_refused() -> None:
    fed = {span for tensor, span in TRAIN.spans.items() if tensor.role == "input"}
    with pytest.raises(BrokenTapeError, match=r"reads .*name='x'.* before it is written"):
        check(replace(TRAIN, ready=TRAIN.ready - fed))


def test_writing_to_a_parameter_is_refused() -> None:
    parameter = next(iter(PLAN.parameters.values()))
    with pytest.raises(BrokenTapeError, match=r"name='hidden1.weight'.*which only an optimiser may"):
        check(with_instruction(0, outputs=(parameter,)))


@pytest.mark.parametrize("start", [-16, PLAN.floats])
def test_a_place_outside_the_arena_is_refused(start: int) -> None:
    with pytest.raises(BrokenTapeError, match="outside the arena"):
        check(with_instruction(0, outputs=(replace(output(0), start=start),)))


def test_an_arena_too_small_for_its_tape_is_refused() -> None:
    end = max(span.end for i in TRAIN.instructions for span in (*i.outputs, *i.inputs) if not span.integer)
    verify(TRAIN, end, PLAN.integers)
    with pytest.raises(BrokenTapeError, match="outside the arena"):
        verify(TRAIN, end - 1, PLAN.integers)


def moved(what: Span, start: int) -> Tape:
    """The tape with a tensor in another place, wherever it is written, read or looked at."""

    def place(span: Span) -> Span:
        return replace(span, start=start) if span == what else span

    def move(instruction: Instruction) -> Instruction:
        outputs, inputs = (tuple(map(place, spans)) for spans in (instruction.outputs, instruction.inputs))
        return replace(instruction, outputs=outputs, inputs=inputs)

    spans = {tensor: place(span) for tensor, span in TRAIN.spans.items()}
    return replace(TRAIN, instructions=tuple(map(move, TRAIN.instructions)), spans=spans)


@pytest.mark.parametrize("shift", [0, 1, 15])
def test_two_tensors_that_are_needed_at_once_may_not_overlap(shift: int) -> None:
    """The second layer's output over the first's, which the backward pass still needs."""
    with pytest.raises(BrokenTapeError, match="overlap while both are needed"):
        check(moved(output(1), output(0).start + shift))


@pytest.mark.parametrize("shift", [0, 1])
def test_a_tensor_over_a_parameter_is_refused(shift: int) -> None:
    weight = next(iter(PLAN.parameters.values()))
    with pytest.raises(BrokenTapeError, match="overlap while both are needed"):
        check(moved(output(0), weight.start + shift))


def test_a_tensor_may_be_moved_to_where_nothing_lies() -> None:
    check(moved(output(0), PLAN.floats), replace(PLAN, floats=PLAN.floats + output(0).size))


def test_a_message_names_the_tape_and_the_instruction() -> None:
    with pytest.raises(BrokenTapeError, match=r"^train 0 \(linear_tanh\)"):
        check(with_instruction(0, outputs=(replace(output(0), start=-1),)))
